package diag

import "cmp"

// Edit replaces a text in an author's file.
type Edit struct {
	Range
	NewText string `json:"newText"`
}

// Compare orders edits by file and position.
func (e Edit) Compare(other Edit) int {
	return cmp.Or(cmp.Compare(e.File, other.File), cmp.Compare(e.Line, other.Line), cmp.Compare(e.Column, other.Column))
}

// Overlaps reports whether an edit overlaps with a later one.
func (e Edit) Overlaps(later Edit) bool {
	return e.File == later.File && (e.EndLine > later.Line || e.EndLine == later.Line && e.EndColumn > later.Column)
}
