package policy

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// Fleet is what the policies of a judge say about all tenants together.
type Fleet struct {
	judge  *Judge
	groups []grouping
}

// grouping is what a policy counts by, and a group that it names, if it does.
type grouping struct {
	by    string // labels.NAME, or a dimension
	group string
	at    diag.Range
}

// Fleet returns what the policies say about all tenants; nil where they say nothing.
func (j *Judge) Fleet() *Fleet {
	f := &Fleet{judge: j}
	there := false
	for _, p := range j.set.policies {
		if !p.fleet.there {
			continue
		}
		there = true
		if p.fleet.term != nil {
			f.groups = append(f.groups, p.fleet.term.groupings()...)
		} else {
			_ = j.cue.guarded(p, func() { f.groups = append(f.groups, j.cue.groupings(p)...) }) // Hold says so
		}
	}
	if !there {
		return nil
	}
	return f
}

// By returns what the rules count by.
func (f *Fleet) By() []string {
	var all []string
	for _, g := range f.groups {
		if !slices.Contains(all, g.by) {
			all = append(all, g.by)
		}
	}
	return all
}

// Label returns where a policy counts by a label.
func (f *Fleet) Label(name string) diag.Range {
	for _, g := range f.groups {
		if g.by == "labels."+name {
			return g.at
		}
	}
	return diag.Range{}
}

// Mentions reports whether a rule may be about an amount.
func (f *Fleet) Mentions(measure string) bool {
	last := measure[strings.LastIndexByte(measure, '.')+1:]
	for _, p := range f.judge.set.policies {
		if p.fleet.there && (p.fleet.term == nil || p.fleet.names[last]) {
			return true
		}
	}
	return false
}

// Slow returns the first construct that CUE's evaluator judges the fleet by, and where it is.
func (f *Fleet) Slow() (what string, at diag.Range) {
	for _, p := range f.judge.set.policies {
		if unknown, ok := p.fleet.refused.(*unknownError); ok {
			return unknown.what, unknown.at.Range()
		}
	}
	return "", diag.Range{}
}

// Hold returns what the policies have against all tenants, at the policies' own lines. A group
// that a policy names and that has no tenants has shares of 0.
func (f *Fleet) Hold(s *fleet.Shares) (diag.List, error) {
	f.name(s)
	var diags diag.List
	for i, p := range f.judge.set.policies {
		if !p.fleet.there {
			continue
		}
		n := &data.Node{}
		c := planReader{}
		if p.fleet.term != nil {
			c.mentioned = p.fleet.names
		}
		if n = c.value(reflect.ValueOf(s).Elem()); c.err != nil {
			return nil, c.err
		}
		decided := false
		if p.fleet.term != nil {
			r := f.judge.walked(p.fleet.term, f.judge.set.applied[i], n, n, false)
			if decided = !r.unsure; decided {
				for _, problem := range r.problems {
					d := diags.Errorf(diag.Policy, problem.path, "%s", problem.message)
					d.Range = problem.at.Range()
					if problem.lacks {
						d.Message = problem.path.String() + " " + problem.message
					}
				}
			}
		}
		if !decided {
			var found diag.List
			locate := func(diag.Path) diag.Place { return diag.Place{} }
			panics := f.judge.cue.guarded(p, func() { found = f.judge.cue.refusals(p, "fleet", n, locate) })
			for _, d := range append(found, panics...) {
				if len(d.Related) > 0 {
					d.Range, d.Related = d.Related[0].Range, d.Related[1:]
				}
				d.Code = diag.Policy
				diags = append(diags, d)
			}
		}
	}
	return diags, nil
}

// name adds the groups that policies name.
func (f *Fleet) name(s *fleet.Shares) {
	for _, g := range f.groups {
		group := s.Of(g.by)
		if label, ok := strings.CutPrefix(g.by, "labels."); ok {
			group = s.By[label]
		}
		if g.group != "" && group != nil && group[g.group] == nil {
			group[g.group] = &fleet.Share{}
		}
	}
}

// Bound returns the most that the rules admit at a path; false where they do not say, or CUE's
// evaluator has to be asked.
func (f *Fleet) Bound(path diag.Path) (most int64, ok bool) {
	for _, p := range f.judge.set.policies {
		for _, t := range p.fleet.term.termsAt(path) {
			var n int64
			var err error
			switch {
			case t.op == opBound && t.kinds.Has(data.Int) && (t.bound.Op == shape.AtMost || t.bound.Op == shape.LessThan):
				n, err = strconv.ParseInt(t.bound.Limit, 10, 64)
				if t.bound.Op == shape.LessThan {
					n--
				}
			case t.op == opConst && t.value.Kind == data.Int:
				n, err = strconv.ParseInt(t.value.Text, 10, 64)
			default:
				continue
			}
			if err == nil && (!ok || n < most) {
				most, ok = n, true
			}
		}
	}
	return most, ok
}

// flat are the terms that a term is made of, without those of conditions.
func (t *term) flat() []*term {
	if t == nil {
		return nil
	}
	switch t.op {
	case opAll, opLift:
		var all []*term
		for _, p := range t.parts {
			all = append(all, p.flat()...)
		}
		return all
	case opStruct:
		all := []*term{t}
		for _, e := range t.fields.embedded {
			all = append(all, e.flat()...)
		}
		return all
	}
	return []*term{t}
}

// termsAt are the terms that are about the value at a path.
func (t *term) termsAt(path diag.Path) []*term {
	now := t.flat()
	for _, name := range path {
		var next []*term
		for _, s := range now {
			if s.op != opStruct {
				continue
			}
			for _, r := range s.fields.named {
				if r.name == name {
					next = append(next, r.value.flat()...)
				}
			}
			for _, r := range s.fields.patterns {
				if r.names(name) {
					next = append(next, r.value.flat()...)
				}
			}
		}
		now = next
	}
	return now
}

// groupings are what a policy counts by.
func (t *term) groupings() []grouping {
	var all []grouping
	groups := func(by string, of []*term, at data.Pos) {
		all = append(all, grouping{by: by, at: at.Range()})
		for _, s := range of {
			if s.op != opStruct {
				continue
			}
			for _, r := range s.fields.named {
				all = append(all, grouping{by, r.name, at.Range()})
			}
		}
	}
	for _, s := range t.flat() {
		if s.op != opStruct {
			continue
		}
		for _, r := range s.fields.named {
			if slices.Contains(fleet.Dimensions(), r.name) {
				groups(r.name, r.value.flat(), r.at)
			}
			if r.name != "by" {
				continue
			}
			for _, by := range r.value.flat() {
				if by.op != opStruct {
					continue
				}
				for _, label := range by.fields.named {
					groups("labels."+label.name, label.value.flat(), label.at)
				}
			}
		}
	}
	return all
}

// anyLabel returns where a policy counts by labels that it does not name: what these are
// cannot be known before all tenants are.
func (t *term) anyLabel() (at data.Pos, found bool) {
	for _, s := range t.termsAt(diag.At("by")) {
		if s.op == opStruct && len(s.fields.patterns) > 0 {
			return s.fields.patterns[0].at, true
		}
	}
	return data.Pos{}, false
}

// groupings are what a policy that is not compiled counts by.
func (e *evaluator) groupings(p *Policy) []grouping {
	var all []grouping
	groups := func(by string, v cue.Value) {
		at := p.sources.Range(v.Pos(), v.Pos())
		all = append(all, grouping{by: by, at: at})
		fields, err := v.Fields()
		for err == nil && fields.Next() {
			all = append(all, grouping{by, fields.Selector().Unquoted(), at})
		}
	}
	v := e.of(p, "fleet")
	for _, d := range fleet.Dimensions() {
		if of := v.LookupPath(cue.ParsePath(d)); of.Exists() {
			groups(d, of)
		}
	}
	fields, err := v.LookupPath(cue.ParsePath("by")).Fields()
	for err == nil && fields.Next() {
		groups("labels."+fields.Selector().Unquoted(), fields.Value())
	}
	return all
}
