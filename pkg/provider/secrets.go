package provider

import (
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// secretPlaces returns the locations of the tenant's secrets on this platform: overrides come
// from extensions.<provider>.secrets. An override of an undeclared secret is reported. The map
// may be the plan's own.
func secretPlaces(p *plan.Plan, overrides map[string]plan.Secret) (map[string]plan.Secret, diag.List) {
	if len(overrides) == 0 {
		return p.Secrets, nil
	}
	secrets := maps.Clone(p.Secrets)
	var diags diag.List
	for name, o := range plan.Sorted(overrides) {
		s, ok := secrets[name]
		if !ok {
			d := diags.Errorf(diag.UnknownName, diag.At("extensions", p.Provider, "secrets", name), "no secret %q", name)
			d.Help = "declare it under secrets: " + strings.Join(slices.Sorted(maps.Keys(p.Secrets)), ", ")
			continue
		}
		if o.Path != "" {
			s.Path = o.Path
		}
		if o.Key != "" {
			s.Key = o.Key
		}
		secrets[name] = s
	}
	return secrets, diags
}

func workloadPath(name string) diag.Path { return diag.At("workloads", name) }
