package diag

import (
	"embed"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// pages has an archive for each code: its comment is the text; wrong.* is a spec with the
// problem, want the output of vet, right.* the same spec fixed, and policy.cue the policy for
// both.
//
//go:embed pages/*.txtar
var pages embed.FS

// Page explains a code, with examples if a file can show the problem.
type Page struct {
	CodeDoc
	Text  string
	Files []txtar.File
}

// PageOf returns the page of a code, false if there is no such code.
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
