package formats_test

import (
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/importer/formats"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestAccount demands one entry for every value of what is rendered of each real tenant, and
// a summary of them.
func TestAccount(t *testing.T) {
	reg := registry(t)
	for _, f := range formats.All() {
		if indistinct[f.Name] == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			rendered(t, reg, f.Provider, func(p *plan.Plan, files []provider.File) {
				want := 0
				for _, file := range files {
					var tree any
					if err := yaml.Unmarshal(file.Data, &tree); err != nil {
						t.Fatal(err)
					}
					want += values(tree)
				}
				account := imported(t, reg, f.Name, p.ID, files).Account
				counted := 0
				for _, n := range account.Summary {
					counted += n
				}
				if len(account.Entries) != want || counted != want {
					t.Errorf("%s has %d values: %d entries, and a summary of %d", p.ID, want, len(account.Entries), counted)
				}
				for _, e := range account.Entries {
					if e.Verdict != importer.Exact && e.Why == "" {
						t.Errorf("%s: %s is %s, and nothing says why", p.ID, e.Path, e.Verdict)
					}
					if (e.Verdict == importer.Exact || e.Verdict == importer.Approximated) && e.Becomes == "" {
						t.Errorf("%s: %s is %s, and nothing says what it becomes", p.ID, e.Path, e.Verdict)
					}
				}
			})
		})
	}
}

// values is how many values of a tree hold no others.
func values(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n += values(e)
		}
	case []any:
		for _, e := range v {
			n += values(e)
		}
	}
	return max(n, 1)
}
