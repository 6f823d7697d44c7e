package kubernetes

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestSupport holds the table against what Validate says of the specs in testdata: a
// diagnostic's level is among those of its field, or of the nearest field above it.
func TestSupport(t *testing.T) {
	told := map[diag.Code]provider.Level{diag.Unsupported: unsupported, diag.Approximated: approximated}
	info := New().Info()
	met := map[string]bool{}
	for _, d := range diagnostics(t) {
		level, ok := told[d.Code]
		field := provider.FieldOf(d.Path)
		if !ok || strings.Contains(field, "extensions") { // which is Kubernetes' own
			continue
		}
		cases := info.SupportOf(field)
		if !slices.ContainsFunc(cases, func(s provider.Support) bool { return s.Level == level }) {
			t.Errorf("%s is %s, which the table does not say of %s: %s", d.Path, level, field, d.Message)
			continue
		}
		met[cases[0].Field+" "+string(level)] = true
	}
	for _, s := range support {
		if s.Level != exact && !met[s.Field+" "+string(s.Level)] {
			t.Errorf("%s is %s in the table, and no spec of testdata shows it", s.Field, s.Level)
		}
	}
}

// TestSupportTable: rows of a field differ in their case, and say what to do.
func TestSupportTable(t *testing.T) {
	seen := map[[2]string]bool{}
	for _, s := range support {
		if seen[[2]string{s.Field, s.When}] {
			t.Errorf("%s %s stands twice", s.Field, s.When)
		}
		seen[[2]string{s.Field, s.When}] = true
		if s.How == "" || strings.HasSuffix(s.How, ".") || strings.HasSuffix(s.Instead, ".") || (s.Level == exact) != (s.Instead == "") {
			t.Errorf("%s: %q, %q", s.Field, s.How, s.Instead)
		}
	}
}

// diagnostics are those of all specs in testdata.
func diagnostics(t *testing.T) diag.List {
	t.Helper()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	reg, err := provider.NewRegistry(New())
	if err != nil {
		t.Fatal(err)
	}
	var all diag.List
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			path := filepath.Join(t.TempDir(), f.Name)
			if err := os.WriteFile(path, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			_, diags, err := compile.Compile(t.Context(), reg, compile.Input{Paths: []string{path}, Providers: reg.Names()})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, diags...)
		}
	}
	return all
}
