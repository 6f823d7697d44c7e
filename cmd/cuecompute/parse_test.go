package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"

	"cuelang.org/go/cue/parser"
	"go.yaml.in/yaml/v4"
)

// onlyParse parses all files below a directory with their languages' parsers, one for each
// processor: the minimum for any program.
func onlyParse(dir string) error {
	debug.SetGCPercent(400) // as in our program
	paths := make(chan string, 64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for path := range paths {
				if err := parse(path); err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
		})
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "module.cue" {
			paths <- path
		}
		return err
	})
	close(paths)
	workers.Wait()
	return err
}

func parse(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	switch filepath.Ext(path) {
	case ".yaml":
		return yaml.NewDecoder(bytes.NewReader(text)).Decode(new(yaml.Node))
	case ".json":
		return json.Unmarshal(text, new(any))
	default:
		_, err := parser.ParseFile(path, text)
		return err
	}
}
