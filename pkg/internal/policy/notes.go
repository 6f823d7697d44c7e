package policy

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Slow returns a note for each part of a policy that is not compiled: CUE evaluates it, which
// is about a hundred times slower.
func (s *Set) Slow() diag.List {
	var notes diag.List
	for _, p := range s.policies {
		for _, part := range []*part{&p.tenant, &p.plan, &p.fleet} {
			if unknown, ok := part.refused.(*unknownError); ok {
				note(&notes, unknown.at, "CUE's evaluator judges by this policy, which is slow: %s is not compiled", unknown.what)
			}
		}
	}
	return notes
}

// Unmatched returns a note for each rule that matched nothing in the run.
func (s *Set) Unmatched() diag.List {
	many := 0
	for _, by := range s.applied {
		many += by.missing()
	}
	if many == 0 {
		return nil
	}
	notes := make(diag.List, 0, many)
	for i, p := range s.policies {
		p.tenant.term.unmatched(s.applied[i], &notes)
		p.plan.term.unmatched(s.applied[i], &notes)
	}
	return notes
}

func note(notes *diag.List, at data.Pos, format string, args ...any) {
	d := notes.Notef("", nil, format, args...)
	d.Code, d.Range = diag.Policy, at.Range()
}

// unmatched adds the outermost rules within a term that matched nothing.
func (t *term) unmatched(by applied, notes *diag.List) {
	if t == nil {
		return
	}
	for _, p := range t.parts {
		p.unmatched(by, notes)
	}
	if t.fields == nil {
		return
	}
	for _, rules := range [][]*rule{t.fields.named, t.fields.patterns} {
		for _, r := range rules {
			if !by[r.number].Load() {
				note(notes, r.at, "this rule matched nothing in the whole run")
				continue
			}
			r.value.unmatched(by, notes)
		}
	}
	for _, e := range t.fields.embedded {
		e.unmatched(by, notes)
	}
	for _, cond := range t.fields.ifs {
		if !by[cond.number].Load() {
			note(notes, cond.at, "this condition held for nothing in the whole run")
			continue
		}
		cond.body.unmatched(by, notes)
	}
}
