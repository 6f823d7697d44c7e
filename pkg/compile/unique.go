package compile

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// unique reports ids that an earlier tenant has taken, and native names that an earlier
// tenant's resources have: acme's workload web-api and acme-web's workload api are both
// called acme-web-api.
func unique(yield func(Unit) error) func(Unit) error {
	ids := map[string]diag.Range{}
	type taken struct {
		by string // the tenant
		at diag.Range
	}
	natives := map[[3]string]taken{} // by provider, scope and name
	return func(u Unit) error {
		var twice diag.List
		for i, t := range u.Tenants {
			if first, ok := ids[t.ID]; ok && t.ID != "" {
				u.Tenants[i].Plans, u.Tenants[i].Files = nil, nil
				d := twice.Errorf(diag.Duplicate, diag.At("id"), "tenant %q is already defined", t.ID)
				d.Tenant, d.Range = t.ID, t.At
				d.Related = []diag.Related{{Range: first, Message: "defined here"}}
				continue
			}
			ids[t.ID] = t.At
			for _, n := range t.natives {
				key := [3]string{n.provider, n.Scope, n.Name}
				first, ok := natives[key]
				if !ok {
					natives[key] = taken{t.ID, n.at}
					continue
				}
				u.Tenants[i].Plans, u.Tenants[i].Files = nil, nil
				d := twice.Errorf(diag.Duplicate, n.Path, "%s %q is already one of tenant %q", n.Scope, n.Name, first.by)
				d.Help = "names join the tenant's id and its own names: choose others"
				d.Tenant, d.Provider, d.Range = t.ID, n.provider, n.at
				d.Related = []diag.Related{{Range: first.at, Message: "made of this"}}
				break // one resource's name tells of the others'
			}
		}
		if len(twice) > 0 {
			u.show(twice)
			u.Diagnostics = append(u.Diagnostics, twice...)
		}
		return yield(u)
	}
}
