package load_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

func schemas() []provider.Schema {
	var all []provider.Schema
	for _, p := range providers.All() {
		all = append(all, p.Info().Schema)
	}
	return all
}

// TestYAMLScalars compares the values of scalars with those of the cue command.
func TestYAMLScalars(t *testing.T) {
	tests := []struct {
		text string
		kind data.Kind
		want string
	}{
		{"yes", data.String, "yes"},
		{"on", data.String, "on"},
		{"TRUE", data.Bool, "true"},
		{"~", data.Null, ""},
		{"", data.Null, ""},
		{"2026-11-23", data.String, "2026-11-23"},
		{"010", data.Int, "8"},
		{"089", data.String, "089"},
		{"0o17", data.Int, "15"},
		{"0x1F", data.Int, "31"},
		{"1_000", data.Int, "1000"},
		{"1e3", data.Float, "1000"},
		{"-0.5", data.Float, "-0.5"},
		{"!!str 8080", data.String, "8080"},
		{"'it''s'", data.String, "it's"},
		{`"a\tb"`, data.String, "a\tb"},
	}
	l := newLoader(t, load.Options{})
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "t.yaml")
		if err := os.WriteFile(path, []byte("id: acme\nlabels: {x: "+tt.text+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := l.Load(t.Context(), find.Unit{Path: path, Files: []string{path}})
		if err != nil || len(loaded.Documents) != 1 {
			t.Fatal(tt.text, err, loaded.Diagnostics)
		}
		got := loaded.Documents[0].Root.Get("labels", "x")
		if got.Kind != tt.kind || got.Text != tt.want {
			t.Errorf("%s: %s %q, not %s %q", tt.text, got.Kind, got.Text, tt.kind, tt.want)
		}
	}
}

// TestFind: which files of a tree form a unit, and which do not.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.yaml":              "id: a",
		"b.json":              "{}",
		"notes.txt":           "",
		".hidden.yaml":        "",
		"_skipped/x.yaml":     "",
		"cue.mod/module.cue":  `module: "example.com"`,
		"fleet/shared.cue":    "package fleet",
		"fleet/x/x.cue":       "package fleet",
		"fleet/x/x_tool.cue":  "package fleet",
		"fleet/single.cue":    "id: 1",
		"fleet/anonymous.cue": "package _",
		"lib/lib.cue":         "package lib",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	units, diags, err := find.Find(t.Context(), find.Disk{}, []string{"./...", "a.yaml"})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	want := []find.Unit{
		{Path: "a.yaml", Files: []string{"a.yaml"}, Walked: true},
		{Path: "b.json", Files: []string{"b.json"}, Walked: true},
		{Path: "fleet/anonymous.cue", Files: []string{"fleet/anonymous.cue"}, Walked: true},
		{Path: "fleet/single.cue", Files: []string{"fleet/single.cue"}, Walked: true},
		{Path: "fleet", Files: []string{"fleet/shared.cue"}, Package: "fleet", Inherited: true, Walked: true},
		{Path: "fleet/x", Files: []string{"fleet/x/x.cue"}, Package: "fleet", Walked: true},
		{Path: "lib", Files: []string{"lib/lib.cue"}, Package: "lib", Walked: true},
	}
	if diff := cmp.Diff(want, units, cmpopts.IgnoreUnexported(find.Unit{})); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
}

// TestFindReads changes files after they were found: a text that was read to find a unit is
// used for the unit, unless it is long or in the overlay.
func TestFindReads(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(file(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := "\nx: \"" + strings.Repeat("x", 64<<10) + "\""
	for _, name := range []string{"a.cue", "b.cue", "c.cue"} {
		write(name, `id: "before"`)
	}
	write("c.cue", `id: "before"`+long)
	units, _, err := find.Find(t.Context(), find.Disk{}, []string{dir + "/..."})
	if err != nil || len(units) != 3 {
		t.Fatal(units, err)
	}
	l := newLoader(t, load.Options{Overlay: map[string][]byte{file("b.cue"): []byte(`id: "over"`)}})
	var got []string
	if all := cmp.AllowUnexported(find.Unit{}); cmp.Equal(units[0], units[0].Bare(), all) || !cmp.Equal(units[0].Bare(), find.Unit{Path: file("a.cue"), Files: []string{file("a.cue")}, Walked: true}, all) {
		t.Error("a bare unit is the same, or another")
	}
	for i, u := range units {
		write(string(rune('a'+i))+".cue", `id: "after"`)
		loaded, err := l.Load(t.Context(), u)
		if err != nil || len(loaded.Documents) != 1 {
			t.Fatal(err, loaded.Diagnostics)
		}
		got = append(got, loaded.Documents[0].Root.Get("id").Text)
	}
	if want := []string{"before", "over", "after"}; !slices.Equal(got, want) {
		t.Errorf("ids are %q, not %q", got, want)
	}
}
