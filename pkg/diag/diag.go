// Package diag defines diagnostics: problems of a spec as values. It imports nothing of the
// project, so that every stage can report problems in the same way.
//
// # Stability
//
// Codes, severities, and the fields of a diagnostic with their names in JSON stay. Releases add
// codes, concepts and fields, and change messages and help, which are for people: compare codes.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity is the effect of a diagnostic on the verdict.
type Severity string

const (
	// Error refuses the tenant.
	Error Severity = "error"
	// Warning means that the platform behaves differently from the spec.
	Warning Severity = "warning"
	// Note means that only precision is lost; it is shown on request.
	Note Severity = "note"
)

// Range is a half-open range in a file, from Line and Column to EndLine and EndColumn. Lines
// and columns count from 1; columns count Unicode code points. A zero Line means the whole
// file.
type Range struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// Place is the position of a path of a spec.
type Place struct {
	// Key and Value are the positions of the deepest existing part of the path. Key equals
	// Value for a part without a key (the root, an element of a list).
	Key, Value Range

	// Found is whether the whole path exists.
	Found bool
}

// Locator returns the position at which the author of a spec wrote the value of a path.
type Locator interface{ Locate(Path) Place }

// Related is another position that a diagnostic refers to.
type Related struct {
	Range
	Message string `json:"message"`
}

// Diagnostic is one problem. Message states the fact, in lower case without a full stop; Help
// says how to fix it.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	Message  string   `json:"message"`
	Help     string   `json:"help,omitempty"`

	// Tenant and Provider are empty if they are not yet known. One problem on several
	// providers, or of several tenants of one template, names them all, joined by commas.
	Tenant   string `json:"tenant,omitempty"`
	Provider string `json:"provider,omitempty"`

	// Path is the author's own path in the tenant spec.
	Path Path `json:"path,omitempty"`
	Range
	Related []Related `json:"related,omitempty"`

	// Fix is the edit that fixes the mistake, if the fix is unambiguous. Help describes the
	// edit completely.
	Fix *Edit `json:"fix,omitempty"`

	// Docs is the address of a page about the rule, such as the platform's own.
	Docs string `json:"docs,omitempty"`

	// Concept is the concept of an Approximated diagnostic; a workload's accept silences its
	// warning.
	Concept Concept `json:"concept,omitempty"`

	// Bound is what a problem of code Limit exceeds: the name of a limit of package limit, or
	// BoundTime, BoundMemory or BoundTotal. A program that lets people raise bounds adds how.
	Bound string `json:"bound,omitempty"`

	// Waived means that a landlord's waiver or an author's comment accepts the problem. Its
	// severity is then Note, and the last of Related says who accepts it and why.
	Waived bool `json:"waived,omitempty"`

	// Group is equal for the diagnostics of one fault in several tenants. Package report sets
	// it in machine-readable formats.
	Group string `json:"group,omitempty"`

	// Source is the text of the line in which Range begins, for people.
	Source string `json:"-"`
}

// The bounds of an evaluation, as Diagnostic.Bound names them.
const (
	BoundTime   = "evaluation-time"   // of one file or package
	BoundMemory = "evaluation-memory" // of one file or package
	BoundTotal  = "total-time"        // of the run
)

// Concept is something that a platform may only approximate. The schema's #Concept lists the
// concepts.
type Concept string

// List is several diagnostics.
type List []Diagnostic

// HasErrors reports whether any diagnostic is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// OnceEachValue returns the list without repeated reports of one written value that is used in
// several places: one mistake is one diagnostic.
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

// Count returns the number of diagnostics with the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Errorf appends an error at path, and returns it so that help can be added.
func (l *List) Errorf(code Code, path Path, format string, args ...any) *Diagnostic {
	return l.add(Error, code, path, format, args...)
}

// Warnf appends a warning at path.
func (l *List) Warnf(code Code, path Path, format string, args ...any) *Diagnostic {
	return l.add(Warning, code, path, format, args...)
}

// Approximate appends a warning that the platform only approximates a concept.
func (l *List) Approximate(c Concept, path Path, format string, args ...any) *Diagnostic {
	d := l.add(Warning, Approximated, path, format, args...)
	d.Concept = c
	return d
}

// Notef appends a note that a concept loses precision on the platform.
func (l *List) Notef(c Concept, path Path, format string, args ...any) *Diagnostic {
	d := l.add(Note, Approximated, path, format, args...)
	d.Concept = c
	return d
}

func (l *List) add(s Severity, code Code, path Path, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Severity: s, Code: code, Path: path, Message: fmt.Sprintf(format, args...)})
	return &(*l)[len(*l)-1]
}

// Sort sorts diagnostics by position, and is stable.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Without returns the diagnostics that do not have the severity.
func (l List) Without(s Severity) List {
	return slices.DeleteFunc(slices.Clone(l), func(d Diagnostic) bool { return d.Severity == s })
}
