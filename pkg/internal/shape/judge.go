package shape

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// KindsOf returns a set of kinds.
func KindsOf(kinds ...data.Kind) Kinds {
	var all Kinds
	for _, k := range kinds {
		all |= kind(k)
	}
	return all
}

// NewBound returns a bound. The limit is a number in plain decimal form or, for a pattern, a
// valid regular expression.
func NewBound(op Op, limit string) Bound { return Bound{Op: op, Limit: limit}.prepared() }

// Holds reports whether a value of the bound's kind is within it.
func (b *Bound) Holds(n *data.Node) bool { return b.holds(n) }

// Compare compares two numbers in plain decimal form: -1, 0 or 1.
func Compare(a, b string) int { return compare(a, b) }

// Equal reports whether two scalars are equal in CUE: 1 is not 1.0.
func Equal(a, b *data.Node) bool { return equal(a, b) }

// Show formats a value as an author would, cut to a readable length.
func Show(n *data.Node) string { return show(n) }

// At returns the types of a struct's field, or of a map's entry of that name: one for each case
// and alternative that has it.
func (ts Types) At(name string) []Types {
	var always Types
	var cases []Types
	for _, t := range ts {
		if t.Struct != nil {
			own, more := t.Struct.at(name)
			always = append(always, own...)
			cases = append(cases, more...)
		}
		for _, alt := range t.Union {
			cases = append(cases, alt.At(name)...)
		}
	}
	switch {
	case len(cases) == 0 && always == nil && ts.isOpen():
		return []Types{{{Kinds: AnyKind}}}
	case len(cases) == 0 && always == nil:
		return nil
	case len(cases) == 0:
		return []Types{always}
	}
	for i := range cases {
		cases[i] = append(slices.Clone(always), cases[i]...)
	}
	if always != nil {
		cases = append(cases, always)
	}
	return cases
}

// isOpen reports whether a struct may have other fields.
func (ts Types) isOpen() bool {
	open := false
	for _, t := range ts {
		if t.Struct != nil && t.Struct.Closed || t.Union != nil {
			return false
		}
		open = open || t.Struct != nil || t.Kinds == AnyKind
	}
	return open
}

func (s *Struct) at(name string) (always Types, cases []Types) {
	if f := s.Field(name); f != nil {
		always = append(always, f.Types...)
	}
	for i := range s.Patterns {
		if s.Patterns[i].names(name) {
			always = append(always, s.Patterns[i].Value...)
		}
	}
	for i := range s.Ifs {
		if f := s.Ifs[i].Then.Field(name); f != nil {
			cases = append(cases, f.Types)
		}
	}
	return always, cases
}

// Names returns the names of a struct's fields, in all of its cases and alternatives.
func (ts Types) Names() []string {
	var names []string
	for _, s := range ts.fields() {
		names = append(names, s.Name)
	}
	return names
}

// Entries returns the types of a map's entries, one for each alternative; none if it is not a
// map.
func (ts Types) Entries() []Types {
	return ts.inside(func(t *Type) (found Types) {
		if t.Struct != nil {
			for _, p := range t.Struct.Patterns {
				found = append(found, p.Value...)
			}
		}
		return found
	})
}

// Elements returns the types of a list's elements, one for each alternative; none if it is not
// a list.
func (ts Types) Elements() []Types {
	return ts.inside(func(t *Type) Types {
		if t.List == nil {
			return nil
		}
		return t.List.elements()
	})
}

func (ts Types) inside(of func(*Type) Types) (all []Types) {
	var found Types
	for _, t := range ts {
		found = append(found, of(t)...)
		for _, alt := range t.Union {
			all = append(all, alt.inside(of)...)
		}
	}
	if found != nil {
		all = append(all, found)
	}
	return all
}

// Kinds returns the kinds that the types admit.
func (ts Types) Kinds() Kinds { return ts.kinds() }

// Words describes what the types admit.
func (ts Types) Words() string { return describe(ts) }
