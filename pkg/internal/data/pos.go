package data

import "github.com/cuecompute/cuecompute/pkg/diag"

// Pos is a place, which is worked out only when somebody asks: a tree holds two for
// each of its fields, and a spec that is well has no use for them. The zero Pos is no
// place.
type Pos struct {
	in         *Source
	start, end int32 // bytes, from start up to but without end
}

// PosOf returns a place that is already known.
func PosOf(r diag.Range) Pos {
	if r == (diag.Range{}) {
		return Pos{}
	}
	return Pos{in: &Source{Name: r.File, known: &r}}
}

// IsZero reports whether this is no place.
func (p Pos) IsZero() bool { return p.in == nil }

// Bytes returns the place as offsets in its file; ok is false for one that has none.
func (p Pos) Bytes() (start, end int, ok bool) {
	return int(p.start), int(p.end), p.in != nil && p.in.known == nil
}

// File returns the name of the file that the place is in; "" for none.
func (p Pos) File() string {
	if p.in == nil {
		return ""
	}
	return p.in.Name
}

// Contains reports whether another position begins within this one.
func (p Pos) Contains(q Pos) bool { return p.in == q.in && p.start <= q.start && q.start < p.end }

// SameStart reports whether another position begins where this one does.
func (p Pos) SameStart(q Pos) bool { return p.in == q.in && p.start == q.start }

// Range returns the place as people know it.
func (p Pos) Range() diag.Range {
	switch {
	case p.in == nil:
		return diag.Range{}
	case p.in.known != nil:
		return *p.in.known
	}
	return p.in.Range(int(p.start), int(p.end))
}

// Equal reports whether two places are the same to people.
func (p Pos) Equal(q Pos) bool { return p.Range() == q.Range() }
