// Package diag holds diagnostics: problems of a spec as values. It imports
// nothing of the project, so that every stage can speak of problems alike.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says what a diagnostic does to the verdict.
type Severity string

const (
	// Error refuses the tenant.
	Error Severity = "error"
	// Warning says that behaviour on the platform differs from what is written.
	Warning Severity = "warning"
	// Note says that only precision is lost; it is shown on request.
	Note Severity = "note"
)

// Range is a place in a file: from Line and Column up to but without EndLine and
// EndColumn. Lines and columns count from 1; columns count Unicode code points.
// A zero Line means the file as a whole.
type Range struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// Place is where a path of a spec leads.
type Place struct {
	// Key and Value are the position of the deepest part of the path that exists. Key is
	// Value's own position where that part has none (the root, an element of a list).
	Key, Value Range

	// Found is whether the whole path exists.
	Found bool
}

// Locator finds where the author of a spec wrote the value at a path.
type Locator interface{ Locate(Path) Place }

// Related is another place that a diagnostic speaks of.
type Related struct {
	Range
	Message string `json:"message"`
}

// Diagnostic is one problem. Message states the fact, in lower case without a
// full stop; Help says how to fix it.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	Message  string   `json:"message"`
	Help     string   `json:"help,omitempty"`

	// Tenant and Provider are empty where the problem is met before they are known. One
	// problem on several providers, or of several tenants that are made of one template,
	// names them all, joined by commas.
	Tenant   string `json:"tenant,omitempty"`
	Provider string `json:"provider,omitempty"`

	// Path is the author's own path in the tenant spec.
	Path Path `json:"path,omitempty"`
	Range
	Related []Related `json:"related,omitempty"`

	// Fix is the edit that fixes the mistake, where the fix is unambiguous. Nothing is written by it
	// that Help does not say.
	Fix *Edit `json:"fix,omitempty"`

	// Docs is a page about the rule: the platform's own, where it is the platform's.
	Docs string `json:"docs,omitempty"`

	// Concept is what an Approximated diagnostic is about; a workload's accept
	// silences its warning.
	Concept Concept `json:"concept,omitempty"`

	// Waived says that the problem is let pass, by a landlord's waiver or an author's comment:
	// it is a Note then, and the last of Related says by whom and why.
	Waived bool `json:"waived,omitempty"`

	// Group is the same for the diagnostics of one fault in several tenants. Package report
	// sets it in what other programs read.
	Group string `json:"group,omitempty"`

	// Source is the text of the line that Range begins in, for people to read.
	Source string `json:"-"`
}

// Concept names something that a platform may only approximate. The schema's
// #Concept lists them.
type Concept string

// List is several diagnostics.
type List []Diagnostic

// HasErrors reports whether any diagnostic is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// OnceEachValue returns the list without what it reports of a written value again, because
// that is used in several places: one mistake is one diagnostic.
func (l List) OnceEachValue() (all List) {
	type about struct {
		Range
		code             Code
		tenant, provider string
	}
	first := map[about]Path{}
	for _, d := range l {
		key := about{d.Range, d.Code, d.Tenant, d.Provider}
		path, again := first[key]
		switch d.Code {
		case BadFormat, OutOfBounds, WrongType, Conflict:
			if again && d.Severity == Error && !slices.Equal(path, d.Path) {
				continue
			}
			if !again {
				first[key] = d.Path
			}
		}
		all = append(all, d)
	}
	return all
}

// Count returns how many diagnostics have the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Errorf appends an error at path; what it returns can be given help.
func (l *List) Errorf(code Code, path Path, format string, args ...any) *Diagnostic {
	return l.add(Error, code, path, format, args...)
}

// Warnf appends a warning at path.
func (l *List) Warnf(code Code, path Path, format string, args ...any) *Diagnostic {
	return l.add(Warning, code, path, format, args...)
}

// Approximate appends a warning that the platform approximates a concept.
func (l *List) Approximate(c Concept, path Path, format string, args ...any) *Diagnostic {
	d := l.add(Warning, Approximated, path, format, args...)
	d.Concept = c
	return d
}

// Notef appends a note that the platform loses precision in a concept.
func (l *List) Notef(c Concept, path Path, format string, args ...any) *Diagnostic {
	d := l.add(Note, Approximated, path, format, args...)
	d.Concept = c
	return d
}

func (l *List) add(s Severity, code Code, path Path, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Severity: s, Code: code, Path: path, Message: fmt.Sprintf(format, args...)})
	return &(*l)[len(*l)-1]
}

// Sort puts diagnostics in the order of their places; those of one place keep
// the order in which they were found.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Without returns the diagnostics that do not have the severity.
func (l List) Without(s Severity) List {
	return slices.DeleteFunc(slices.Clone(l), func(d Diagnostic) bool { return d.Severity == s })
}
