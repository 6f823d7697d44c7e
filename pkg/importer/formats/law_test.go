package formats_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/importer/formats"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

const tenants = "../../../testdata/tenants/..."

func registry(t *testing.T) *provider.Registry {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// rendered gives the plan and the documents of every real tenant that a platform takes.
func rendered(t *testing.T, reg *provider.Registry, name string, visit func(*plan.Plan, []provider.File)) {
	t.Helper()
	in := compile.Input{Paths: []string{tenants}, Providers: []string{name}, Render: true, Jobs: 1}
	n := 0
	err := compile.Each(context.Background(), reg, compile.Options{}, in, func(u compile.Unit) error {
		for _, tenant := range u.Tenants {
			for i, p := range tenant.Plans {
				visit(p, tenant.Files[i])
				n++
			}
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%s takes %d tenants: %v", name, n, err)
	}
}

// imported imports documents that were rendered.
func imported(t *testing.T, reg *provider.Registry, from, id string, files []provider.File) *importer.Result {
	t.Helper()
	texts := map[string][]byte{}
	var paths []string
	for _, f := range files {
		texts[f.Name] = f.Data
		paths = append(paths, f.Name)
	}
	r, err := importer.Import(context.Background(), importer.Options{
		Formats: formats.All(), Registry: reg, Paths: paths, From: from, ID: id,
		Read: func(name string) ([]byte, error) {
			if text, ok := texts[name]; ok {
				return text, nil
			}
			return nil, fs.ErrNotExist
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLaw imports what is rendered of each real tenant, and demands the tenant's own plan but
// for what the platform cannot tell apart.
func TestLaw(t *testing.T) {
	reg := registry(t)
	for _, f := range formats.All() {
		if indistinct[f.Name] == nil {
			continue // which no provider renders
		}
		t.Run(f.Name, func(t *testing.T) {
			used := map[string]bool{}
			rendered(t, reg, f.Provider, func(p *plan.Plan, files []provider.File) {
				r := imported(t, reg, f.Name, p.ID, files)
				if unvetted[f.Name][p.ID] != "" {
					if !r.Diagnostics.HasErrors() {
						t.Errorf("%s vets: take it out of unvetted", p.ID)
					}
					return
				}
				for _, d := range r.Diagnostics {
					t.Errorf("%s: %s:%d: %s: %s (%s)", p.ID, d.File, d.Line, d.Severity, d.Message, d.Path)
				}
				for _, d := range r.Unnamed {
					t.Errorf("%s: the account does not name %+v", p.ID, d)
				}
				plans, diags, err := compile.Compile(context.Background(), reg, compile.Options{}, compile.Input{
					Paths: []string{"-"}, Stdin: strings.NewReader(string(r.Spec)), Lang: "cue", Providers: []string{f.Provider},
				})
				if err != nil || len(plans) != 1 {
					t.Fatalf("%s: %v %v\n%s", p.ID, err, diags, r.Spec)
				}
				for _, c := range differences(t, p, plans[0]) {
					i := slices.IndexFunc(indistinct[f.Name], func(x reason) bool { return c.path.Within(x.path) })
					if i < 0 {
						t.Errorf("%s: %s was %s and is %s", p.ID, c.path, c.old, c.now)
						continue
					}
					used[indistinct[f.Name][i].path] = true
				}
			})
			for _, x := range indistinct[f.Name] {
				if !used[x.path] {
					t.Errorf("no tenant shows that %s: %s", x.path, x.why)
				}
			}
		})
	}
}

// reason is why a platform's documents do not tell a field.
type reason struct{ path, why string }

type change struct {
	path     diag.Path
	old, now string
}

// differences are the leaves of two plans that are not the same.
func differences(t *testing.T, from, to *plan.Plan) (all []change) {
	t.Helper()
	a, b := leaves(t, from), leaves(t, to)
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if a[key] != b[key] {
			path, err := diag.ParsePath(key)
			if err != nil {
				t.Fatal(err)
			}
			if last := path[len(path)-1]; slices.Contains(path, "written") || path[0] == "defaults" || path[0] == "provider" || last == "accept" || slices.Contains(path, "accept") {
				continue
			}
			all = append(all, change{path, a[key], b[key]})
		}
	}
	return all
}

func leaves(t *testing.T, p *plan.Plan) map[string]string {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	var walk func(diag.Path, any)
	walk = func(at diag.Path, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				walk(at.To(k), e)
			}
		case []any:
			for i, e := range v {
				walk(at.To(i), e)
			}
		default:
			all[at.String()] = fmt.Sprint(v)
		}
	}
	walk(nil, tree)
	return all
}
