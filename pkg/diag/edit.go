package diag

// Edit writes a text in place of another in an author's file.
type Edit struct {
	Range
	NewText string `json:"newText"`
}
