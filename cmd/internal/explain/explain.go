// Package explain explains fields of the spec: what the schemas say about them, and what each
// platform makes of them.
package explain

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/schemas"
)

// Explainer explains the fields of the spec.
type Explainer struct {
	*schemas.Set
	infos  []provider.Info
	widest int // length of the longest provider name
}

// New returns the explainer of the core and of some providers. An error is of a schema.
func New(infos ...provider.Info) (*Explainer, error) {
	set, err := schemas.New(infos...)
	if err != nil {
		return nil, err
	}
	e := &Explainer{Set: set, infos: infos}
	for _, info := range infos {
		e.widest = max(e.widest, len(info.Name))
	}
	return e, nil
}

// Field explains a field of the core, or else of the first provider that has it, which ofCore
// says. The error of a path that leads to no field is a *[schemas.NoField].
func (s *Explainer) Field(path diag.Path) (e *schemas.Explanation, ofCore bool, err error) {
	e, ofCore, err = s.Explain(path)
	if err != nil {
		return nil, false, err
	}
	if n := len(path); n > 1 && path[n-2] == "extensions" {
		for i := range e.Forms {
			e.Forms[i].Doc = cmp.Or(e.Forms[i].Doc, path[n-1]+" has the fields that this platform alone knows; others ignore them.")
		}
	}
	return e, ofCore, nil
}

// Write writes an explanation for people.
func (s *Explainer) Write(w io.Writer, path diag.Path, e *schemas.Explanation, ofCore bool) error {
	if err := writeField(w, e); err != nil || !ofCore {
		return err
	}
	return s.writePlatforms(w, path, e)
}

// Platform is what a platform makes of a field, in lines.
type Platform struct {
	Name  string
	Lines []string
}

// Platforms returns what each provider makes of a field of the core, and what its schema demands
// in addition to the core's.
func (s *Explainer) Platforms(path diag.Path, core *schemas.Explanation) ([]Platform, error) {
	var all []Platform
	for _, info := range s.infos {
		field := path.String() // without the names that authors choose
		if whole := provider.FieldOf(path); len(info.SupportOf(field)) == 0 && strings.HasSuffix(whole, path[len(path)-1]) {
			field = whole
		}
		lines := supportOf(info, field)
		narrowing, shown, err := s.Narrowing(info.Name, core)
		if err != nil {
			return nil, err
		}
		if !shown {
			lines = append(lines, "judged by CUE: its schema is not shown here")
		}
		for _, more := range narrowing {
			lines = append(lines, "its schema: "+more)
		}
		if len(lines) == 0 {
			lines = []string{"nothing is stated"}
			if slices.ContainsFunc(info.Support, func(c provider.Support) bool { return strings.HasPrefix(c.Field, field+".") }) {
				lines = []string{"stated for each field below it"}
			}
		}
		all = append(all, Platform{info.Name, lines})
	}
	return all, nil
}

func (s *Explainer) writePlatforms(w io.Writer, path diag.Path, core *schemas.Explanation) error {
	platforms, err := s.Platforms(path, core)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nwhat each platform makes of it:")
	for _, p := range platforms {
		const width = 78
		name := p.Name
		for _, line := range p.Lines {
			text := strings.TrimSpace(wrapped(line, width-s.widest-4, strings.Repeat(" ", s.widest+4)))
			fmt.Fprintf(w, "  %-*s  %s\n", s.widest, name, text)
			name = ""
		}
	}
	return nil
}

// supportOf returns the cases of a field on a platform, a line each: its own, or those of the
// nearest field above it.
func supportOf(info provider.Info, field string) []string {
	var lines []string
	for _, c := range info.SupportOf(field) {
		line := string(c.Level)
		if c.When != "" {
			line += " (" + c.When + ")"
		}
		if line += ": " + c.How; c.Instead != "" {
			line += "; instead: " + c.Instead
		}
		if c.Field != field {
			line = "as " + c.Field + ": " + line
		}
		lines = append(lines, line)
	}
	return lines
}

func writeField(w io.Writer, e *schemas.Explanation) error {
	doc := ""
	for i, f := range e.Forms {
		title := e.Path.String()
		if f.Where != "" {
			title += ", " + f.Where
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s (%s:%d)\n", title, f.At.File, f.At.Line)
		if f.Doc != doc {
			doc = f.Doc
			fmt.Fprintf(w, "%s\n", wrapped(doc, 78, "  "))
		}
		fmt.Fprintln(w)
		required := "no"
		if f.Required {
			required = "yes"
		}
		const margin = "            "
		facts := [][2]string{
			{"type", strings.TrimSpace(wrapped(f.Type, 68, margin))}, {"required", required}, {"default", f.Default}, {"example", f.Example},
		}
		for _, fact := range facts {
			if fact[1] != "" {
				fmt.Fprintf(w, "  %-10s%s\n", fact[0], fact[1])
			}
		}
		if len(f.Fields) > 0 {
			fmt.Fprintln(w, "\n  below it:")
			if err := WriteLines(w, f.Fields, "    "); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteLines writes an outline.
func WriteLines(w io.Writer, lines []schemas.Line, indent string) error {
	var b strings.Builder
	rows := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		presence := l.Default
		if l.Required {
			presence = "required"
		}
		fmt.Fprintf(rows, "%s%s%s\t%s\t%s\n", indent, strings.Repeat("  ", l.Depth), l.Name, l.Type, strings.TrimSpace(presence+" "+l.Where))
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// wrapped breaks a text into indented lines of a width.
func wrapped(text string, width int, indent string) string {
	var lines []string
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last]+word) < width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return indent + strings.Join(lines, "\n"+indent)
}
