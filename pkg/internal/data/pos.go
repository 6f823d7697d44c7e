package data

import "github.com/cuecompute/cuecompute/pkg/diag"

// Pos is a position whose line and column are computed on demand: a tree has two positions for
// each field, and a valid spec needs none. The zero Pos is no position.
type Pos struct {
	in         *Source
	start, end int32 // byte offsets of the half-open range
}

// PosOf returns the position of a known range.
func PosOf(r diag.Range) Pos {
	if r == (diag.Range{}) {
		return Pos{}
	}
	return Pos{in: &Source{Name: r.File, known: &r}}
}

// IsZero reports whether the position is missing.
func (p Pos) IsZero() bool { return p.in == nil }

// Bytes returns the position as offsets in its file; ok is false if it has none.
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

// Range returns the lines and columns of the position.
func (p Pos) Range() diag.Range {
	switch {
	case p.in == nil:
		return diag.Range{}
	case p.in.known != nil:
		return *p.in.known
	}
	return p.in.Range(int(p.start), int(p.end))
}

// Equal reports whether two positions have the same lines and columns.
func (p Pos) Equal(q Pos) bool { return p.Range() == q.Range() }
