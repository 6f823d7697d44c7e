// Package report formats diagnostics for people and for programs. It makes no decisions about
// them.
//
// # Stability
//
// Within a [Version], the JSON form, a [Report], only gains fields. Its schema is printed by
// `cuecompute schema --of report`. SARIF and JUnit are as their specifications have them; the text
// and the Markdown are for people, and change.
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
	Skipped  int `json:"skipped,omitempty"` // other tools' files
	Waived   int `json:"waived,omitempty"`  // accepted problems, which are notes
	Known    int `json:"known,omitempty"`   // earlier problems, which are not reported

	// Providers are the counts of each provider of a run with several; otherwise nil.
	Providers map[string]Counts `json:"providers,omitempty"`
}

// Counts are the problems of one provider.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// Add counts the problems of a list. One without a provider counts for each provider.
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

// String returns the counts in words, with each provider's verdict if there are several.
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

// String returns the counts in words, "clean" if they are 0.
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

// Unit is the verdict on a file or package.
type Unit struct {
	Tenants     []Tenant // all that could be named, with or without problems
	Diagnostics diag.List
}

// Tenant is a checked tenant, and the file of its id.
type Tenant struct{ ID, File string }

// Writer formats a run: call Add any number of times, then Close once.
type Writer interface {
	Add(Unit) error
	Close(Summary) error
}

// Options configure the format of a report.
type Options struct {
	Color     bool // text: for a terminal
	Providers bool // text formats: name each diagnostic's provider

	Version string // sarif: the tool's version

	// Path converts a file's name for readers elsewhere, such as a forge that counts from the
	// repository's root; nil: unchanged. Text and JSON keep the name.
	Path func(string) string

	// Link returns the address of a file's line in a browser, for markdown, or "". nil: no
	// links.
	Link func(file string, line int) string
}

func (o Options) path(file string) string {
	if o.Path == nil {
		return file
	}
	return o.Path(file)
}

// names reports whether to print a diagnostic's provider before its message, unless the message
// begins with it.
func (o Options) names(d diag.Diagnostic) bool {
	return o.Providers && d.Provider != "" && !strings.HasPrefix(strings.ToLower(d.Message), d.Provider+" ")
}

// message returns a diagnostic's message, preceded by its tenant unless it begins with that.
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

// sentence returns a diagnostic's message and help, on a line each.
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

// formats are the known formats; each has its own file.
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
