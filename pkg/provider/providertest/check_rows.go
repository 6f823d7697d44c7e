package providertest

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// levels are what diagnostics say of a field's support.
var levels = map[diag.Code]provider.Level{diag.Unsupported: provider.Unsupported, diag.Approximated: provider.Approximated}

// checkRows holds the table of Support to what Validate says of each field. A provider that
// renders nothing may state as much as it likes.
func (s *suite) checkRows() {
	if _, ok := s.fresh().(provider.Renderer); !ok || !s.words.whole {
		return
	}
	for _, l := range leavesOf(s.words.tenant, s.info.Name) {
		field := l.field()
		if !strings.Contains(field, "extensions.") && !slices.Contains(forTheCore, field) && len(s.info.SupportOf(field)) == 0 {
			s.problem("%s has no row in Support: say what becomes of it", field)
		}
	}
	for _, group := range grouped(s.trials) {
		l := group[0].leaf
		if strings.Contains(l.field(), "extensions.") {
			continue
		}
		rows := s.info.SupportOf(l.field())
		claims := func(level provider.Level) bool {
			return slices.ContainsFunc(rows, func(r provider.Support) bool { return r.Level == level })
		}
		var last *trial
		for _, t := range group {
			for _, d := range t.diags {
				level, ok := levels[d.Code]
				if !ok || slices.Contains(d.Path, "extensions") {
					continue
				}
				rows := s.info.SupportOf(provider.FieldOf(d.Path))
				if !slices.ContainsFunc(rows, func(r provider.Support) bool { return r.Level == level }) {
					s.problem("%s is %s, which no row of Support says: %s", provider.FieldOf(d.Path), level, d.Message)
				}
			}
			if !t.accepted() || t.value == nil || len(t.why()) > 0 {
				continue
			}
			if last != nil && len(rows) > 0 && last.documents() != t.documents() && !claims(provider.Exact) && !claims(provider.Approximated) {
				s.problem("%s is unsupported in every row of Support, and a change of it changes the documents: %s", l.field(), t)
			}
			last = t
		}
	}
}
