package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/schemas"
)

func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [FIELD|CODE]",
		Short: "Explain a field of the spec, or a diagnostic's code",
		Long: `explain says of a field what it takes, its default and an example, and what each
platform makes of it: exact, approximated or unsupported, with the way out; of a diagnostic's code what it means, with a spec
that is wrong and the same fixed. Without an argument, it lists all fields.

A FIELD is a path as diagnostics show it. Names that authors choose may be left out.`,
		Example: `  cuecompute explain workloads.containers.ports
  cuecompute explain extensions.nomad.datacenters
  cuecompute explain unknown-field`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("explain takes one field or code, and got %q", args)
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, c := range diag.Codes() {
				codes = append(codes, string(c.Code)+"\t"+c.Doc)
			}
			if s, err := a.schemas(); err == nil {
				codes = append(codes, s.Fields()...)
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				if page, ok := diag.PageOf(args[0]); ok {
					return writePage(a.stdout, page)
				}
			}
			s, err := a.schemas()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return writeLines(a.stdout, s.Outline(), "")
			}
			path, err := diag.ParsePath(args[0])
			if err != nil {
				return usage("%w", err)
			}
			return s.write(a.stdout, path)
		},
	}
}

func (a *app) schemas() (*explainer, error) {
	infos, err := a.infos(a.registry.Names())
	if err != nil {
		return nil, err
	}
	set, err := schemas.New(infos...)
	if err != nil {
		return nil, err
	}
	e := &explainer{Set: set, infos: infos}
	for _, info := range infos {
		e.widest = max(e.widest, len(info.Name))
	}
	return e, nil
}

// explainer describes fields, from the schemas and the providers' tables.
type explainer struct {
	*schemas.Set
	infos  []provider.Info
	widest int // length of the longest provider name
}

// write explains a field of the core, or else of the first provider that has it.
func (s *explainer) write(w io.Writer, path diag.Path) error {
	e, ofCore, err := s.Explain(path)
	if nowhere, ok := errors.AsType[*schemas.NoField](err); ok {
		return s.nowhere(w, path, nowhere)
	}
	if err != nil {
		return err
	}
	if n := len(path); n > 1 && path[n-2] == "extensions" {
		for i := range e.Forms {
			e.Forms[i].Doc = cmp.Or(e.Forms[i].Doc, path[n-1]+" has the fields that this platform alone knows; others ignore them.")
		}
	}
	if err := writeField(w, e); err != nil || !ofCore {
		return err
	}
	return s.writePlatforms(w, path, e)
}

// nowhere explains a path without a field, by what it probably means.
func (s *explainer) nowhere(w io.Writer, path diag.Path, lost *schemas.NoField) error {
	if len(path) == 1 {
		switch found := s.Named(path[0]); {
		case len(found) == 1:
			return s.write(w, found[0])
		case len(found) > 1:
			var all []string
			for _, p := range found[:min(len(found), maxNamed)] {
				all = append(all, p.String())
			}
			more := ""
			if n := len(found) - maxNamed; n > 0 {
				more = fmt.Sprintf(" (there are %d more)", n)
			}
			return usage("the tenant has no field %q: did you mean %s?%s", path[0], strings.Join(all, " or "), more)
		case path[0] == "tenants":
			_, err := io.WriteString(w, "tenants\n  A file may hold several tenants: a map tenants, and nothing beside it, whose keys are\n  their ids. An entry has the fields of a tenant.\n")
			return err
		}
	}
	if near := nearCode(path); near != "" {
		return usage("no field or code %q: did you mean %q?", path.String(), near)
	}
	return usage("%w", lost)
}

// maxNamed limits the fields of one name in a list.
const maxNamed = 3

// nearCode returns the code that a single word probably means, or "".
func nearCode(path diag.Path) string {
	if len(path) != 1 {
		return ""
	}
	var codes []string
	for _, c := range diag.Codes() {
		codes = append(codes, string(c.Code))
	}
	return diag.Nearest(path[0], codes)
}

// writePlatforms describes what each provider makes of a field of the core, and what its schema
// demands in addition to the core's.
func (s *explainer) writePlatforms(w io.Writer, path diag.Path, core *schemas.Explanation) error {
	fmt.Fprintln(w, "\nwhat each platform makes of it:")
	for _, info := range s.infos {
		field := path.String() // without the names that authors choose
		if whole := provider.FieldOf(path); len(info.SupportOf(field)) == 0 && strings.HasSuffix(whole, path[len(path)-1]) {
			field = whole
		}
		lines := supportOf(info, field)
		narrowing, shown, err := s.Narrowing(info.Name, core)
		if err != nil {
			return err
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
		const width = 78
		name := info.Name
		for _, line := range lines {
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
			if err := writeLines(w, f.Fields, "    "); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLines writes an outline.
func writeLines(w io.Writer, lines []schemas.Line, indent string) error {
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

// writePage writes a code's page, with the output of vet after its spec.
func writePage(w io.Writer, p diag.Page) error {
	fmt.Fprintf(w, "%s: %s\n\n%s\n", p.Code, p.Doc, p.Text)
	for _, f := range p.Files {
		title := f.Name
		if title == "want" {
			title = "what vet says of it"
		}
		fmt.Fprintf(w, "\n%s:\n", title)
		for line := range strings.Lines(string(f.Data)) {
			if _, err := fmt.Fprintf(w, "  %s", line); err != nil {
				return err
			}
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
