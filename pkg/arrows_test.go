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
	"schema/project":            {},
	"pkg/internal/document":     {"pkg/internal/data", "pkg/diag", "pkg/internal/library", "pkg/limit", "pkg/provider", "pkg/internal/read", "pkg/internal/shape", "schema/project"},
	"pkg/project":               {"pkg/internal/data", "pkg/diag", "pkg/internal/document", "pkg/internal/find", "pkg/internal/jsonschema", "pkg/limit", "pkg/waiver"},
	"pkg/spectest":              {"pkg/compile", "pkg/internal/data", "pkg/diag", "pkg/difference", "pkg/internal/document", "pkg/internal/gate", "pkg/limit", "pkg/project", "pkg/provider", "pkg/waiver"},
	"pkg/baseline":              {"pkg/diag"},
	"pkg/waiver":                {"pkg/internal/data", "pkg/diag", "pkg/internal/document", "pkg/limit"},
	"pkg/lazyregexp":            {},
	"pkg/diag":                  {},
	"pkg/internal/data":         {"pkg/diag"},
	"pkg/internal/decimal":      {"pkg/internal/data"},
	"pkg/datatest":              {"pkg/internal/data", "pkg/diag"},
	"pkg/internal/mask":         {"pkg/diag"},
	"pkg/plan":                  {"pkg/internal/data", "pkg/diag", "pkg/internal/mask"},
	"pkg/provider":              {"pkg/diag", "pkg/plan"},
	"pkg/provider/providertest": {"pkg/internal/decimal", "pkg/compile", "pkg/internal/data", "pkg/diag", "pkg/internal/library", "pkg/plan", "pkg/provider", "pkg/internal/shape", "pkg/starter", "schema"},
	"pkg/internal/library":      {"pkg/provider", "schema"},
	"pkg/internal/cuedata":      {"pkg/internal/decimal", "pkg/internal/data", "pkg/diag", "pkg/internal/library"},
	"pkg/limit":                 {"pkg/diag"},
	"pkg/internal/gate":         {"pkg/internal/data", "pkg/diag", "pkg/internal/library", "pkg/limit"},
	"pkg/internal/read":         {"pkg/internal/decimal", "pkg/internal/cuedata", "pkg/internal/data", "pkg/diag", "pkg/internal/gate", "pkg/limit"},
	"pkg/internal/find":         {"pkg/diag", "pkg/internal/gate", "pkg/internal/read", "pkg/limit"},
	"pkg/internal/load":         {"pkg/internal/cuedata", "pkg/internal/data", "pkg/diag", "pkg/internal/find", "pkg/internal/gate", "pkg/internal/read", "pkg/internal/library", "pkg/limit", "pkg/internal/sandbox"},
	"pkg/internal/unify":        {"pkg/internal/cuedata", "pkg/internal/data", "pkg/diag", "pkg/internal/library", "pkg/provider"},
	"pkg/fleet":                 {"pkg/diag", "pkg/plan", "pkg/provider"},
	"pkg/internal/policy":       {"pkg/internal/decimal", "pkg/internal/cuedata", "pkg/internal/data", "pkg/diag", "pkg/fleet", "pkg/internal/library", "pkg/plan", "pkg/internal/shape"},
	"pkg/internal/relations":    {"pkg/internal/data", "pkg/diag", "pkg/internal/library", "pkg/internal/mask", "pkg/plan"},
	"pkg/schemas":               {"pkg/diag", "pkg/internal/jsonschema", "pkg/internal/library", "pkg/internal/shape", "pkg/provider", "schema"},
	"pkg/report":                {"pkg/diag"},
	"pkg/fix":                   {"pkg/internal/data", "pkg/diag"},
	"pkg/graph":                 {"pkg/plan"},
	"pkg/internal/sandbox":      {},
	"cmd/internal/outdir":       {"pkg/provider"},
	"cmd/internal/gitrev":       {},
	"cmd/internal/explain":      {"pkg/diag", "pkg/provider", "pkg/schemas"},
	"cmd/internal/outline":      {"pkg/diag"},
	"cmd/internal/lsp":          {"pkg/compile", "pkg/diag", "cmd/internal/explain", "pkg/fix", "cmd/internal/outline", "pkg/report", "pkg/schemas"},
	"pkg/starter":               {"pkg/provider"},
	"pkg/difference":            {"pkg/diag", "pkg/plan", "pkg/provider"},
	"pkg/portability":           {"pkg/compile", "pkg/diag", "pkg/provider"},
	"pkg/internal/jsonschema":   {"pkg/internal/data", "pkg/diag", "pkg/internal/shape"},
	"pkg/internal/shape":        {"pkg/internal/decimal", "pkg/internal/data", "pkg/diag", "pkg/internal/library"},
	"pkg/compile": {
		"pkg/internal/cuedata", "pkg/internal/data", "pkg/diag", "pkg/fleet", "pkg/internal/find", "pkg/internal/load", "pkg/internal/policy", "pkg/internal/library", "pkg/limit", "pkg/internal/mask", "pkg/plan", "pkg/provider", "pkg/internal/relations", "pkg/internal/sandbox", "pkg/internal/shape", "pkg/internal/unify", "pkg/waiver", "schema",
	},
	"pkg/importer":            {"pkg/compile", "pkg/internal/data", "pkg/diag", "pkg/internal/find", "pkg/internal/read", "pkg/limit", "pkg/internal/mask", "pkg/provider"},
	"pkg/importer/formats":    {"pkg/importer", aFormat},
	aFormat:                   {"pkg/internal/data", "pkg/diag", "pkg/importer"},
	"pkg/compile/compiletest": {"pkg/compile", "pkg/internal/data", "pkg/provider"},
	"providers":               {"pkg/provider", aProvider},
	aProvider:                 {"pkg/diag", "pkg/plan", "pkg/provider"},
	"cmd/cli": {
		"pkg/baseline", "pkg/compile", "pkg/diag", "pkg/difference", "pkg/fix", "pkg/fleet", "cmd/internal/explain", "cmd/internal/gitrev", "cmd/internal/lsp", "pkg/graph", "pkg/importer", "pkg/importer/formats", "pkg/limit", "cmd/internal/outdir", "pkg/plan", "pkg/portability", "pkg/project", "pkg/provider", "pkg/report", "pkg/schemas", "pkg/spectest", "pkg/starter", "pkg/waiver",
	},
	"testdata/service":          {"pkg/compile", "pkg/plan", "pkg/provider", "pkg/report", "providers"},
	"cmd/cuecompute":            {"cmd/cli", "pkg/compile", "providers"},
	"cmd/internal/release":      {"cmd/cli", "providers"},
	"cmd/internal/precompile":   {"pkg/schemas", "providers"},
	"cmd/internal/valueschemas": {"pkg/diag", "pkg/difference", "pkg/plan", "pkg/provider"},
}

func TestArrows(t *testing.T) {
	root := os.DirFS("..")
	seen := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
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
