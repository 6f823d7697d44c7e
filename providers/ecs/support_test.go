package ecs

import (
	"os"
	"path/filepath"
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
	levels := map[string]map[provider.Level]bool{}
	for _, s := range support {
		if levels[s.Field] == nil {
			levels[s.Field] = map[provider.Level]bool{}
		}
		levels[s.Field][s.Level] = true
	}
	met := map[diag.Code]provider.Level{diag.Unsupported: provider.Unsupported, diag.Approximated: provider.Approximated}
	for _, d := range diagnostics(t) {
		level, ok := met[d.Code]
		field := fieldOf(d.Path)
		if !ok || strings.Contains(field, "extensions") { // which is ECS's own
			continue
		}
		for field != "" && levels[field] == nil {
			field = field[:max(strings.LastIndexByte(field, '.'), 0)]
		}
		if !levels[field][level] {
			t.Errorf("%s is %s, which the table does not say of %q: %s", d.Path, level, field, d.Message)
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
		if s.How == "" || strings.HasSuffix(s.How, ".") || strings.HasSuffix(s.Instead, ".") {
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

// fieldOf is a path without the names that authors choose.
func fieldOf(path diag.Path) string {
	var field []string
	for i, elem := range path {
		chosen := i > 0 && strings.Contains(" labels secrets config workloads containers volumes env ports mounts dependsOn ", " "+path[i-1]+" ")
		if !chosen && !strings.HasPrefix(elem, "[") {
			field = append(field, elem)
		}
	}
	return strings.Join(field, ".")
}
