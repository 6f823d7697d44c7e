package formats_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer/formats"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestDeletion takes values out of imported tenants, and demands that the proof or vet
// notices each: what an importer forgets is not lost in silence.
func TestDeletion(t *testing.T) {
	reg := registry(t)
	random := rand.New(rand.NewPCG(20, 2))
	for _, f := range formats.All() {
		if indistinct[f.Name] == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			deleted := 0
			rendered(t, reg, f.Provider, func(p *plan.Plan, files []provider.File) {
				r := imported(t, reg, f.Name, p.ID, files)
				if r.Tenant == nil || !r.Proved {
					return
				}
				all := valuesOf(r.Tenant, nil)
				random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				for _, path := range all[:min(len(all), 8)] {
					unnamed, diags, err := r.Prove(context.Background(), r.Tenant.Without(path))
					if err != nil {
						t.Fatal(err)
					}
					deleted++
					if len(unnamed) == 0 && len(diags) == 0 && !isDefault(path, r.Tenant) {
						t.Errorf("%s: nothing notices that %s is gone:\n%s", p.ID, path, r.Spec)
					}
				}
			})
			t.Logf("%d values taken out", deleted)
		})
	}
}

// isDefault reports whether a value holds where it is left out, too.
func isDefault(path diag.Path, tenant *data.Node) bool {
	return strings.HasPrefix(path.String(), "extensions.") && path[len(path)-1] == "project" && tenant.Find(path).Text == tenant.Get("id").Text
}

func valuesOf(n *data.Node, path diag.Path) (all []diag.Path) {
	if len(n.Fields)+len(n.Elems) == 0 && len(path) > 0 {
		return []diag.Path{path}
	}
	for _, f := range n.Fields {
		all = append(all, valuesOf(f.Value, path.To(f.Name))...)
	}
	for i, e := range n.Elems {
		all = append(all, valuesOf(e, path.To(i))...)
	}
	return all
}
