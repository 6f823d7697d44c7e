package compile_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/data/datatest"
)

// FuzzCompile compiles any text in any of the languages: it never panics, refuses or
// plans every tenant, and says the same twice.
func FuzzCompile(f *testing.F) {
	for _, dir := range []string{"../../testdata/tenants", "../../testdata/broken"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			lang := strings.TrimPrefix(filepath.Ext(path), ".")
			if err != nil || d.IsDir() || !slices.Contains(datatest.Languages, lang) {
				return err
			}
			text, err := os.ReadFile(path)
			f.Add(slices.Index(datatest.Languages, lang), text)
			return err
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	reg := registry(f)
	f.Fuzz(func(t *testing.T, lang int, text []byte) {
		path := filepath.Join(t.TempDir(), "tenant."+datatest.Languages[uint(lang)%uint(len(datatest.Languages))])
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		in := compile.Input{Paths: []string{path}}
		plans, diags, err := compile.Compile(t.Context(), reg, in)
		if err != nil {
			t.Fatal(err)
		}
		if len(plans) == 0 && !diags.HasErrors() {
			t.Error("the file passes, and has no plan")
		}
		again, diagsAgain, err := compile.Compile(t.Context(), reg, in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plans, again); diff != "" {
			t.Errorf("another plan the second time:\n%s", diff)
		}
		if diff := cmp.Diff(diags, diagsAgain); diff != "" {
			t.Errorf("other diagnostics the second time:\n%s", diff)
		}
	})
}
