// Command valueschemas writes the JSON Schemas of what commands print for programs, from the Go
// types and their comments, into pkg/schemas.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "valueschemas:", err)
		os.Exit(1)
	}
}

// write writes what is missing or stale in a checkout.
func write(root string) error {
	for _, d := range documents {
		text, err := d.schema(root)
		if err != nil {
			return err
		}
		path := filepath.Join(root, "pkg", "schemas", "values", d.name+".json")
		if was, err := os.ReadFile(path); err == nil && string(was) == string(text) {
			continue
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}
