// Package pkg_test holds the arrows between the project's packages: data flows one
// way, and providers never see CUE.
package pkg_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/cuecompute/cuecompute/"

// aProvider stands for each provider's package: a new one needs no line here.
const aProvider = "providers/*"

// aFormat stands for each package that imports from a format.
const aFormat = "pkg/importer/*"

// forAll is what every package may import.
const forAll = "pkg/lazyregexp"

// arrows are what each package may import of the project.
var arrows = map[string][]string{
	"schema":                    {},
	"pkg/memo":                  {},
	"pkg/lazyregexp":            {"pkg/memo"},
	"pkg/diag":                  {},
	"pkg/data":                  {"pkg/diag"},
	"pkg/data/datatest":         {"pkg/data", "pkg/diag"},
	"pkg/mask":                  {"pkg/diag"},
	"pkg/plan":                  {"pkg/data", "pkg/diag", "pkg/mask", "pkg/memo"},
	"pkg/provider":              {"pkg/diag", "pkg/plan"},
	"pkg/provider/providertest": {"pkg/compile", "pkg/data", "pkg/diag", "pkg/library", "pkg/plan", "pkg/provider", "pkg/shape", "pkg/starter", "schema"},
	"pkg/library":               {"pkg/provider", "schema"},
	"pkg/cuedata":               {"pkg/data", "pkg/diag", "pkg/library"},
	"pkg/limit":                 {"pkg/diag"},
	"pkg/internal/gate":         {"pkg/data", "pkg/diag", "pkg/library", "pkg/limit"},
	"pkg/internal/read":         {"pkg/cuedata", "pkg/data", "pkg/diag", "pkg/internal/gate", "pkg/limit"},
	"pkg/internal/find":         {"pkg/diag", "pkg/internal/gate", "pkg/internal/read", "pkg/limit"},
	"pkg/internal/load":         {"pkg/cuedata", "pkg/data", "pkg/diag", "pkg/internal/find", "pkg/internal/gate", "pkg/internal/read", "pkg/library", "pkg/limit", "pkg/sandbox"},
	"pkg/unify":                 {"pkg/cuedata", "pkg/data", "pkg/diag", "pkg/library", "pkg/provider"},
	"pkg/internal/policy":       {"pkg/cuedata", "pkg/data", "pkg/diag", "pkg/library", "pkg/plan", "pkg/shape"},
	"pkg/relations":             {"pkg/data", "pkg/diag", "pkg/library", "pkg/mask", "pkg/plan"},
	"pkg/report":                {"pkg/diag"},
	"pkg/fix":                   {"pkg/data", "pkg/diag"},
	"pkg/graph":                 {"pkg/plan"},
	"pkg/sandbox":               {},
	"pkg/outdir":                {"pkg/provider"},
	"pkg/gitrev":                {},
	"pkg/starter":               {"pkg/provider"},
	"pkg/difference":            {"pkg/data", "pkg/diag", "pkg/plan", "pkg/provider"},
	"pkg/portability":           {"pkg/compile", "pkg/data", "pkg/diag", "pkg/provider"},
	"pkg/jsonschema":            {"pkg/data", "pkg/diag", "pkg/shape"},
	"pkg/shape":                 {"pkg/data", "pkg/diag", "pkg/library"},
	"pkg/compile": {
		"pkg/cuedata", "pkg/data", "pkg/diag", "pkg/internal/find", "pkg/internal/load", "pkg/internal/policy", "pkg/library", "pkg/limit", "pkg/mask", "pkg/plan", "pkg/provider", "pkg/relations", "pkg/sandbox", "pkg/shape", "pkg/unify", "schema",
	},
	"pkg/importer":            {"pkg/compile", "pkg/data", "pkg/diag", "pkg/internal/read", "pkg/limit", "pkg/mask", "pkg/provider"},
	"pkg/importer/formats":    {"pkg/importer", aFormat},
	aFormat:                   {"pkg/data", "pkg/diag", "pkg/importer"},
	"pkg/compile/compiletest": {"pkg/compile", "pkg/data", "pkg/provider"},
	"providers":               {"pkg/provider", aProvider},
	aProvider:                 {"pkg/diag", "pkg/plan", "pkg/provider"},
	"cmd/cli": {
		"pkg/compile", "pkg/data", "pkg/diag", "pkg/difference", "pkg/fix", "pkg/gitrev", "pkg/graph", "pkg/importer", "pkg/importer/formats", "pkg/jsonschema", "pkg/library", "pkg/limit", "pkg/outdir", "pkg/plan", "pkg/portability", "pkg/provider", "pkg/report", "pkg/shape", "pkg/starter", "schema",
	},
	"cmd/cuecompute":          {"cmd/cli", "pkg/compile", "providers"},
	"cmd/internal/release":    {"cmd/cli", "providers"},
	"cmd/internal/precompile": {"pkg/library", "pkg/shape", "providers"},
}

func TestArrows(t *testing.T) {
	root := os.DirFS("..")
	seen := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		dir := kind(path.Dir(name))
		allowed, known := arrows[dir]
		if !known {
			t.Errorf("package %s has no line in the table of arrows", dir)
		}
		seen[dir] = true
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if strings.HasPrefix(dir, "providers/") && strings.HasPrefix(imported, "cuelang.org/") {
				t.Errorf("%s imports %s: a provider never sees CUE", name, imported)
			}
			if rel, ours := strings.CutPrefix(imported, module); ours && rel != forAll && !slices.Contains(allowed, kind(rel)) {
				t.Errorf("%s imports %s: no arrow leads there", name, rel)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range arrows {
		if !seen[dir] {
			t.Errorf("the table of arrows has %s, which is no package", dir)
		}
	}
}

// kind is a package's line in the table.
func kind(dir string) string {
	if strings.HasPrefix(dir, "providers/") {
		return aProvider
	}
	if strings.HasPrefix(dir, "pkg/importer/") && dir != "pkg/importer/formats" {
		return aFormat
	}
	return dir
}
