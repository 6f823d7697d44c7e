package providertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Support holds a provider's table to what Validate says of the specs in dir/*.txtar,
// which are those of [Cases]. A diagnostic that a field is unsupported or approximated
// has a row of that level, for its field or the nearest above it that has any; and each
// field with a row of such a level is shown by a spec, unless unshown names it.
func Support(t *testing.T, p provider.Provider, dir string, unshown ...string) {
	t.Helper()
	specs, err := archived(dir)
	if err != nil {
		t.Fatal(err)
	}
	levels := map[diag.Code]provider.Level{diag.Unsupported: provider.Unsupported, diag.Approximated: provider.Approximated}
	info := p.Info()
	s := &suite{ctx: t.Context(), info: info, fresh: func() provider.Provider { return p }}
	all, err := s.compile(specs)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, c := range all {
		for _, tenant := range c.tenants {
			diags, err := p.Validate(s.ctx, tenant.plan())
			if err != nil {
				t.Errorf("%s: %v", tenant, err)
			}
			for _, d := range diags {
				level, ok := levels[d.Code]
				if !ok || slices.Contains(d.Path, "extensions") { // which is the platform's own
					continue
				}
				field := provider.FieldOf(d.Path)
				rows := info.SupportOf(field)
				if !slices.ContainsFunc(rows, func(r provider.Support) bool { return r.Level == level }) {
					t.Errorf("%s: %s is %s, which the table does not say of %s: %s", tenant, d.Path, level, field, d.Message)
					continue
				}
				shown[rows[0].Field+" "+string(level)] = true
			}
		}
	}
	for _, r := range info.Support {
		if r.Level == provider.Exact || shown[r.Field+" "+string(r.Level)] {
			continue
		}
		if !slices.ContainsFunc(unshown, func(field string) bool { return r.Field == field || strings.HasPrefix(r.Field, field+".") }) {
			t.Errorf("%s is %s in the table, and no spec of %s shows it", r.Field, r.Level, dir)
		}
	}
}
