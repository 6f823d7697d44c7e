// Package report renders diagnostics for people and for programs. It decides
// nothing: what it is given, it writes.
package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Summary counts a run.
type Summary struct {
	Tenants  int `json:"tenants"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Skipped  int `json:"skipped,omitempty"` // files of other tools
	Waived   int `json:"waived,omitempty"`  // problems that are let pass, which are notes
	Known    int `json:"known,omitempty"`   // problems that were there before, and are not reported

	// Providers are the problems of each provider of a run with several; nil for others.
	Providers map[string]Counts `json:"providers,omitempty"`
}

// Counts are the problems of one provider.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// Add counts the problems of a list. One that names no provider is a problem of each.
func (s *Summary) Add(list diag.List) {
	for _, d := range list {
		var c Counts
		switch d.Severity {
		case diag.Error:
			c.Errors = 1
		case diag.Warning:
			c.Warnings = 1
		}
		if d.Waived {
			s.Waived++
		}
		s.Errors += c.Errors
		s.Warnings += c.Warnings
		for name, all := range s.Providers {
			if d.Provider == "" || slices.Contains(strings.Split(d.Provider, ","), name) {
				s.Providers[name] = Counts{Errors: all.Errors + c.Errors, Warnings: all.Warnings + c.Warnings}
			}
		}
	}
}

// String says the counts in words, and each provider's verdict where there are several.
func (s Summary) String() string {
	text := fmt.Sprintf("%s: %s, %s", number(s.Tenants, "tenant"), number(s.Errors, "error"), number(s.Warnings, "warning"))
	for _, name := range slices.Sorted(maps.Keys(s.Providers)) {
		text += "; " + name + ": " + s.Providers[name].String()
	}
	if s.Waived > 0 {
		text += fmt.Sprintf("; %d waived", s.Waived)
	}
	if s.Known > 0 {
		text += fmt.Sprintf("; %d known before", s.Known)
	}
	if s.Skipped > 0 {
		text += "; " + number(s.Skipped, "file") + " of other tools skipped"
	}
	return text
}

// String says the counts in words, "clean" where there are none.
func (c Counts) String() string {
	switch {
	case c.Errors == 0 && c.Warnings == 0:
		return "clean"
	case c.Errors == 0:
		return number(c.Warnings, "warning")
	case c.Warnings == 0:
		return number(c.Errors, "error")
	}
	return number(c.Errors, "error") + ", " + number(c.Warnings, "warning")
}

// NewSummary returns an empty summary of a run for the named providers.
func NewSummary(providers []string) Summary {
	if len(providers) < 2 {
		return Summary{}
	}
	s := Summary{Providers: map[string]Counts{}}
	for _, name := range providers {
		s.Providers[name] = Counts{}
	}
	return s
}

func number(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// Unit is the verdict on what was read together.
type Unit struct {
	Tenants     []Tenant // those that could be named, with problems or without
	Diagnostics diag.List
}

// Tenant is a tenant that was judged, and the file that its id is written in.
type Tenant struct{ ID, File string }

// Writer renders a run: Add as often as there is something, then Close once.
type Writer interface {
	Add(Unit) error
	Close(Summary) error
}

// Options say how a report is to look.
type Options struct {
	Color     bool // text: for a terminal
	Providers bool // for people: name each diagnostic's provider

	Version string // sarif: the tool's own

	// Path gives a file the name that readers elsewhere know it by, such as a forge that
	// counts from the repository's root; nil: its own. Text and JSON keep its own.
	Path func(string) string

	// Link gives the address of a file's line in a browser, for markdown; "" where there is
	// none. nil: no links.
	Link func(file string, line int) string
}

func (o Options) path(file string) string {
	if o.Path == nil {
		return file
	}
	return o.Path(file)
}

// names reports whether a diagnostic's provider is to be named before its message, which
// may begin with it.
func (o Options) names(d diag.Diagnostic) bool {
	return o.Providers && d.Provider != "" && !strings.HasPrefix(strings.ToLower(d.Message), d.Provider+" ")
}

// message is what a diagnostic says, with its tenant, which it may begin with.
func message(d diag.Diagnostic) string {
	names := strings.Join(strings.Split(d.Tenant, ","), ", ")
	switch {
	case d.Tenant == "" || strings.HasPrefix(d.Message, "tenant "):
		return Printable(d.Message)
	case strings.Contains(names, " "):
		return Printable("tenants " + names + ": " + d.Message)
	}
	return Printable("tenant " + names + ": " + d.Message)
}

// sentence is what a diagnostic says, and how to fix it, on a line each.
func (o Options) sentence(d diag.Diagnostic) string {
	text := message(d)
	if o.names(d) {
		text = d.Provider + ": " + text
	}
	if d.Help != "" {
		text += "\nhelp: " + Printable(d.Help)
	}
	return text
}

// formats are the known ones; each has a file of its own.
var formats = map[string]func(io.Writer, Options) Writer{
	"github":   func(w io.Writer, o Options) Writer { return newGrouped(newGitHub(w, o)) },
	"json":     newJSON,
	"junit":    newJUnit,
	"markdown": newMarkdown,
	"sarif":    newSARIF,
	"text":     func(w io.Writer, o Options) Writer { return newGrouped(newText(w, o)) },
}

// Formats returns the names of the known formats, sorted.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New makes a writer of the named format.
func New(format string, w io.Writer, o Options) (Writer, error) {
	make, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("unknown format %q: known are %s", format, strings.Join(Formats(), ", "))
	}
	return make(w, o), nil
}
