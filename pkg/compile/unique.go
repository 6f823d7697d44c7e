package compile

import (
	"cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// unique reports ids that an earlier tenant has, and native names that an earlier tenant's
// resources have: acme's workload web-api and acme-web's workload api are both called
// acme-web-api.
func unique(limits limit.Limits, every bool, yield func(Unit) error) func(Unit) error {
	ids := map[string]place{}
	natives := map[nativeKey]taken{}
	scopes := map[[2]string]int32{} // by provider and scope, of which there are few
	return func(u Unit) error {
		var twice diag.List
		for i, t := range u.Tenants {
			if first, ok := ids[t.ID]; ok && t.ID != "" {
				u.Tenants[i].Plans, u.Tenants[i].Files = nil, nil
				d := twice.Errorf(diag.Duplicate, diag.At("id"), "tenant %q is already defined", t.ID)
				d.Tenant, d.Range = t.ID, t.At
				d.Related = []diag.Related{{Range: first.at(), Message: "defined here"}}
				continue
			}
			ids[t.ID] = placeOf(t.At)
			for _, n := range t.natives {
				in := [2]string{n.provider, n.Scope}
				if _, ok := scopes[in]; !ok {
					scopes[in] = int32(len(scopes))
				}
				key := nativeKey{scopes[in], n.Name}
				first, ok := natives[key]
				if !ok {
					natives[key] = taken{t.ID, placeOf(n.at)}
					continue
				}
				warns := n.Concept != ""
				if warns && (first.by == t.ID || n.accepted) {
					continue // within one tenant, the provider's own rules apply
				}
				d := twice.Errorf(diag.Duplicate, n.Path, "%s %q is already one of tenant %q", n.Scope, n.Name, first.by)
				d.Help = cmp.Or(n.Help, "names join the tenant's id and its own names: choose others")
				d.Tenant, d.Provider, d.Range = t.ID, n.provider, n.at
				d.Related = []diag.Related{{Range: first.at(), Message: "taken here"}}
				if warns {
					d.Severity, d.Concept = diag.Warning, n.Concept
					continue
				}
				u.Tenants[i].Plans, u.Tenants[i].Files = nil, nil
				break // one resource is reported for all
			}
		}
		u.later(twice, limits, every)
		return yield(u)
	}
}

// nativeKey is a name in a scope of a provider.
type nativeKey struct {
	scope int32
	name  string
}

// taken is the tenant that has a name, and the position.
type taken struct {
	by string
	place
}

// place is a compact position, kept for every tenant of a run.
type place struct {
	file                             string
	line, column, endLine, endColumn int32
}

func placeOf(r diag.Range) place {
	return place{r.File, int32(r.Line), int32(r.Column), int32(r.EndLine), int32(r.EndColumn)}
}

func (p place) at() diag.Range {
	return diag.Range{File: p.file, Line: int(p.line), Column: int(p.column), EndLine: int(p.endLine), EndColumn: int(p.endColumn)}
}
