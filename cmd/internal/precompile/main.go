// Command precompile compiles the schemas of the official providers: it writes the
// tenant.shape of each that keeps one, which its package embeds.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/shape"
	"github.com/cuecompute/cuecompute/providers"
)

func main() {
	if err := write("providers"); err != nil {
		fmt.Fprintln(os.Stderr, "precompile:", err)
		os.Exit(1)
	}
}

// write writes what is missing or stale below a directory.
func write(dir string) error {
	all := providers.All()
	lib, err := library.Of(all...)
	if err != nil {
		return err
	}
	for _, p := range all {
		info := p.Info()
		path := filepath.Join(dir, info.Name, shape.FileName)
		was, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // it keeps none
		}
		if err != nil {
			return err
		}
		now, err := shape.Precompile(lib, info.Schema.ImportPath)
		if err != nil {
			return fmt.Errorf("%s: %w", info.Name, err)
		}
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
