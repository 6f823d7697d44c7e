package difference_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

var update = flag.Bool("update", false, "rewrite the differences of testdata")

func registry(t testing.TB) *provider.Registry {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// side compiles the files of a case whose names begin with old or new.
func side(t *testing.T, reg *provider.Registry, files []txtar.File, name string, each func(*plan.Plan, diag.Locator) error) {
	t.Helper()
	in := compile.Input{}
	for _, f := range files {
		if strings.HasPrefix(f.Name, name) {
			if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			in.Paths = append(in.Paths, f.Name)
		}
	}
	err := compile.Each(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, in, func(u compile.Unit) error {
		if u.Diagnostics.HasErrors() {
			return fmt.Errorf("%v", u.Diagnostics)
		}
		for _, tenant := range u.Tenants {
			for _, p := range tenant.Plans {
				if err := each(p, tenant.For(p.Provider)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCases compares two sides in every format: the files of testdata that begin with old and
// new, and the expected want.txt, want.md and want.json, if present.
func TestCases(t *testing.T) {
	reg := registry(t)
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join(here, name))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			compared := difference.NewComparison(reg)
			compared.Rename = func(file string) string { return "git:main:" + file }
			side(t, reg, archive.Files, "old", func(p *plan.Plan, author diag.Locator) error {
				compared.Old(p, author)
				return nil
			})
			side(t, reg, archive.Files, "new", compared.New)
			d, err := compared.Difference()
			if err != nil {
				t.Fatal(err)
			}
			var again difference.Difference
			if err := json.Unmarshal(written(t, d, ".json"), &again); err != nil {
				t.Error(err)
			} else if diff := cmp.Diff(d, &again); diff != "" {
				t.Errorf("read back (-written +read):\n%s", diff)
			}
			for i := range archive.Files {
				f := &archive.Files[i]
				if !strings.HasPrefix(f.Name, "want.") {
					continue
				}
				got := written(t, d, filepath.Ext(f.Name))
				if *update {
					f.Data = got
				} else if diff := cmp.Diff(string(f.Data), string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(filepath.Join(here, name), txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func written(t *testing.T, d *difference.Difference, ext string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch ext {
	case ".txt":
		err = difference.WriteText(&b, d)
	case ".md":
		err = difference.WriteMarkdown(&b, d, difference.Markdown{})
	default:
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		err = e.Encode(d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// silent is a provider that does not implement the effects of changes.
type silent struct{ provider.Provider }

func TestUnknownEffect(t *testing.T) {
	target, err := registry(t).Get("kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	reg, err := provider.NewRegistry(silent{target})
	if err != nil {
		t.Fatal(err)
	}
	replicas := func(n int) *plan.Plan {
		return &plan.Plan{ID: "acme", Provider: "kubernetes", Workloads: map[string]plan.Workload{"web": {Replicas: n}}}
	}
	compared := difference.NewComparison(reg)
	compared.Old(replicas(1), nil)
	if err := compared.New(replicas(2), nil); err != nil {
		t.Fatal(err)
	}
	d, err := compared.Difference()
	if err != nil {
		t.Fatal(err)
	}
	if worst := d.Summary.Worst; worst != provider.EffectUnknown || !worst.AtLeast(provider.DataLoss) {
		t.Errorf("the worst effect is %s", worst)
	}
}

// TestJSONForm: the names of the fields are part of the API.
func TestJSONForm(t *testing.T) {
	d := difference.Difference{
		Version: difference.Version,
		Tenants: []difference.Tenant{{MovesTo: "nomad", MovesFrom: "ecs", Old: &difference.Place{}, New: &difference.Place{}, Changes: []difference.Change{
			{Old: 1, New: 2, Diff: "x", OldPlace: &difference.Place{File: "a", Line: 1, Column: 2}, NewPlace: &difference.Place{}},
		}}},
	}
	const want = `{"version":1,"tenants":[{"tenant":"","provider":"","kind":"","effect":"","movesTo":"nomad","movesFrom":"ecs","oldPlace":{"file":""},"newPlace":{"file":""},"changes":[` +
		`{"path":"","kind":"","old":1,"new":2,"diff":"x","effect":"","oldPlace":{"file":"a","line":1,"column":2},"newPlace":{"file":""}}]}],` +
		`"summary":{"tenants":{"added":0,"changed":0,"removed":0},"unchanged":0,"changes":{"added":0,"changed":0,"removed":0},"worst":""}}`
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("the JSON form (-want +got):\n%s", diff)
	}
}
