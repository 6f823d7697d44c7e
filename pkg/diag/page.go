package diag

import (
	"embed"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// pages hold an archive for each code: its comment is the text; wrong.* is a spec with
// the problem, want what vet reports, right.* the same spec fixed, and policy.cue
// the policy that both are vetted with.
//
//go:embed pages/*.txtar
var pages embed.FS

// Page explains a code, with examples where a file can show the problem.
type Page struct {
	CodeDoc
	Text  string
	Files []txtar.File
}

// PageOf returns the page of the code of that name, or false where there is none.
func PageOf(name string) (Page, bool) {
	codes := Codes()
	i := slices.IndexFunc(codes, func(c CodeDoc) bool { return string(c.Code) == name })
	if i < 0 {
		return Page{}, false
	}
	text, err := pages.ReadFile("pages/" + name + ".txtar")
	if err != nil {
		return Page{}, false
	}
	a := txtar.Parse(text)
	return Page{CodeDoc: codes[i], Text: strings.TrimSpace(string(a.Comment)), Files: a.Files}, true
}
