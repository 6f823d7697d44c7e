package providertest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Render compiles the spec of each dir/*.txtar, its first file, and compares what the
// provider renders with the files after it, in their order. With update, it rewrites
// them instead: read the difference line by line.
func Render(t *testing.T, p provider.Renderer, dir string, update bool) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases in %s (%v)", dir, err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(want)
			if len(bytes.TrimSpace(a.Comment)) == 0 || len(a.Files) == 0 {
				t.Fatal("the case does not say what it is about, or has no spec")
			}
			got := txtar.Format(&txtar.Archive{Comment: a.Comment, Files: append(a.Files[:1:1], rendered(t, p, a.Files[0])...)})
			if update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("rendered (-want +got):\n%s", diff)
			}
		})
	}
}

// rendered returns what becomes of a spec, which has to pass.
func rendered(t *testing.T, p provider.Renderer, spec txtar.File) []txtar.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), spec.Name)
	if err := os.WriteFile(path, spec.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	reg, err := provider.NewRegistry(p)
	if err != nil {
		t.Fatal(err)
	}
	plans, diags, err := compile.Compile(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{Paths: []string{path}, Providers: reg.Names()})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Code != "approximated" {
			t.Fatalf("%s:%d: %s", spec.Name, d.Line, d.Message)
		}
	}
	var out []txtar.File
	for _, pl := range plans {
		files, err := p.Render(t.Context(), pl)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			out = append(out, txtar.File{Name: f.Name, Data: f.Data})
		}
	}
	return out
}
