package diag

import "cmp"

// Edit writes a text in place of another in an author's file.
type Edit struct {
	Range
	NewText string `json:"newText"`
}

// Compare orders edits by their files and places.
func (e Edit) Compare(other Edit) int {
	return cmp.Or(cmp.Compare(e.File, other.File), cmp.Compare(e.Line, other.Line), cmp.Compare(e.Column, other.Column))
}

// Overlaps reports whether an edit writes over some of what a later one is about.
func (e Edit) Overlaps(later Edit) bool {
	return e.File == later.File && (e.EndLine > later.Line || e.EndLine == later.Line && e.EndColumn > later.Column)
}
