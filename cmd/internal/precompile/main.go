// Command precompile compiles the schemas of the official providers: it writes the tenant.shape
// of each provider that embeds one.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/schemas"
	"github.com/cuecompute/cuecompute/providers"
)

func main() {
	if err := write("providers"); err != nil {
		fmt.Fprintln(os.Stderr, "precompile:", err)
		os.Exit(1)
	}
}

// write writes the missing or outdated files below a directory.
func write(dir string) error {
	compiled, err := schemas.Precompile(providers.All()...)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(compiled)) {
		path := filepath.Join(dir, name, schemas.PrecompiledName)
		was, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // it embeds none
		}
		if err != nil {
			return err
		}
		now := compiled[name]
		if now == string(was) {
			continue
		}
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}
