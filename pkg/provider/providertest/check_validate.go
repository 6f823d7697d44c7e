package providertest

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func (s *suite) checkPure() {
	for _, t := range s.tenants {
		p := s.fresh()
		unchanged := func(method string, do func(*plan.Plan) error) {
			given := t.plan()
			if err := do(given); err != nil {
				s.problem("%s of %s: %v", method, t, err)
			}
			if want := t.plan(); !reflect.DeepEqual(want, given) {
				s.problem("%s changes the plan of %s (-before +after):\n%s", method, t, cmp.Diff(want, given))
			}
		}
		unchanged("Validate", func(given *plan.Plan) error { _, err := p.Validate(s.ctx, given); return err })
		if t.diags.HasErrors() {
			continue
		}
		if r, ok := p.(provider.Renderer); ok {
			unchanged("Render", func(given *plan.Plan) error { _, err := r.Render(s.ctx, given); return err })
			unchanged("Names", func(given *plan.Plan) error { _, err := r.Names(given); return err })
		}
		unchanged("Provision", func(given *plan.Plan) error { _, err := p.Provision(s.ctx, given); return err })
		unchanged("Update", func(given *plan.Plan) error { _, err := p.Update(s.ctx, given); return err })
	}
}

func (s *suite) checkDiagnostics() {
	for _, t := range s.tenants {
		var tree any
		if err := json.Unmarshal(t.json, &tree); err != nil {
			panic(err) // json is what was made of a plan
		}
		for _, d := range t.diags {
			switch {
			case len(d.Path) == 0:
				s.problem("%q of %s has no path", d.Message, t)
			case !s.words.has(d.Path):
				s.problem("%q of %s is at %s, which is no path of the spec", d.Message, t, d.Path)
			case !written(tree, d.Path):
				s.problem("%q of %s is at %s, which the tenant does not have", d.Message, t, d.Path)
			}
			s.checkWords(t, d)
		}
	}
}

// checkWords looks at what a diagnostic says.
func (s *suite) checkWords(t *tenant, d diag.Diagnostic) {
	if !slices.ContainsFunc(diag.Codes(), func(c diag.CodeDoc) bool { return c.Code == d.Code }) {
		s.problem("%q of %s has the code %q, which is none of diag.Codes", d.Message, t, d.Code)
	}
	switch {
	case d.Code == diag.Approximated && d.Severity == diag.Error:
		s.problem("%q of %s approximates, and is an error: add it with Approximate or Notef", d.Message, t)
	case d.Code == diag.Approximated && !s.words.hasConcept(d.Concept):
		s.problem("%q of %s is about %q, which is no concept that a workload may accept", d.Message, t, d.Concept)
	case d.Code != diag.Approximated && d.Severity == diag.Warning:
		s.problem("%q of %s has the code %s and is a warning, which no workload can accept", d.Message, t, d.Code)
	case d.Severity != diag.Error && d.Severity != diag.Warning && d.Severity != diag.Note:
		s.problem("%q of %s has the severity %q, which is none", d.Message, t, d.Severity)
	}
	for _, text := range []string{d.Message, d.Help} {
		if strings.HasSuffix(text, ".") {
			s.problem("%q of %s ends with a full stop", text, t)
		}
	}
	if d.Message == "" {
		s.problem("a diagnostic of %s at %s says nothing", t, d.Path)
	}
}

// often is how often a call is made whose results are to be the same. Walks of a small map
// begin at one of eight places, so that the order of two keys is another in one walk of
// eight at least: 32 walks show it to 98 of 100 runs, for a single tenant.
const often = 32

func (s *suite) checkDeterministic() {
	for _, t := range s.tenants {
		given := t.plan()
		for range often {
			got, err := s.fresh().Validate(s.ctx, given)
			if err != nil {
				s.problem("Validate of %s: %v", t, err)
			}
			if !reflect.DeepEqual(t.diags, got) {
				s.varies = true
				s.problem("Validate of %s says at one time%s\nand at another%s", t, listed(t.diags), listed(got))
				break
			}
		}
	}
}
