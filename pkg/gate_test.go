package pkg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// gate are the files that may hand a text to CUE's scanner or parser: the gate itself, and
// what reads the binary's own packages.
var gate = map[string]bool{"internal/gate/gate.go": true, "internal/gate/costs.go": true, "internal/library/parse.go": true, "internal/library/library.go": true}

// TestGate holds all other files to the gate (pkg/internal/gate), which bounds a text before
// CUE's scanner and parser get it: an author's text must not end the process.
func TestGate(t *testing.T) {
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		rel, ours := strings.CutPrefix(filepath.ToSlash(name), "../pkg/")
		if ours && gate[rel] || strings.Contains(filepath.ToSlash(name), "/engine/") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			switch path, _ := strconv.Unquote(spec.Path.Value); path {
			case "cuelang.org/go/cue/scanner", "cuelang.org/go/cue/parser", "cuelang.org/go/cue/load":
				t.Errorf("%s imports %s", name, path)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if x, ok := n.(*ast.SelectorExpr); ok && x.Sel.Name == "Parse" {
				if pkg, ok := x.X.(*ast.Ident); ok && pkg.Name == "library" {
					t.Errorf("%s calls library.Parse", name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
