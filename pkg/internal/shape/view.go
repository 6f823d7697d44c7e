package shape

import (
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// missing returns an upper bound of the defaults that a struct gets.
func missing(vs []view, n *data.Node) int {
	count := 0
	for i := range vs {
		for _, f := range vs[i].expected {
			if f.Presence == Defaulted && n.Field(f.Name) == nil {
				count++
			}
		}
		for _, s := range vs[i].ifs[:vs[i].n] {
			for _, f := range s.expected {
				if f.Presence == Defaulted && n.Field(f.Name) == nil {
					count++
				}
			}
		}
	}
	return count
}

// maxIfs limits the conditions of a struct.
const maxIfs = 4

// view is the fields of a struct for the values of its discriminators.
type view struct {
	*Struct
	ifs [maxIfs]*Struct // the bodies of the conditions that are true
	n   int

	// all means that a discriminator itself is wrong, so that no field can be reported as wrong
	// or missing because of it.
	all bool
}

func viewOf(s *Struct, n *data.Node) view {
	v := view{Struct: s}
	for i := range s.Ifs {
		cond := &s.Ifs[i]
		field := s.Field(cond.Field)
		value := field.Types.Default()
		if f := n.Field(cond.Field); f != nil {
			if value = f.Value; !admits(value, field.Types) {
				v.all = true
				return v
			}
		}
		if equal(value, cond.Value) == cond.Equal {
			v.ifs[v.n] = cond.Then
			v.n++
		}
	}
	return v
}

// named returns the view's field of that name, or nil.
func (v *view) named(name string) *Field {
	if f := v.Field(name); f != nil {
		return f
	}
	for _, s := range v.ifs[:v.n] {
		if f := s.Field(name); f != nil {
			return f
		}
	}
	if v.all {
		for i := range v.Ifs {
			if f := v.Ifs[i].Then.Field(name); f != nil {
				return f
			}
		}
	}
	return nil
}

// names reports whether the pattern matches a field name.
func (p *Pattern) names(name string) bool {
	key := data.Node{Kind: data.String, Text: name}
	for _, t := range p.Key {
		if len(t.Enum) > 0 || t.Union != nil {
			return admits(&data.Node{Kind: data.String, Text: name}, p.Key)
		}
		if !t.Kinds.Has(data.String) {
			return false
		}
		for i := range t.Bounds {
			if !t.Bounds[i].holds(&key) {
				return false
			}
		}
	}
	return true
}

// typesOf returns the types of a field from all views, and whether all of them allow it.
func (c *checker) typesOf(vs []view, name string) (types Types, allowed bool) {
	allowed = true
	for i := range vs {
		v := &vs[i]
		known := false
		if f := v.named(name); f != nil {
			known = true
			types = c.and(types, f.Types)
		}
		for j := range v.Patterns {
			if v.Patterns[j].names(name) {
				known = true
				types = c.and(types, v.Patterns[j].Value)
			}
		}
		allowed = allowed && (known || !v.Closed)
	}
	return types, allowed
}
