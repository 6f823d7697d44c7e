package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/cmd/internal/explain"
	"github.com/cuecompute/cuecompute/pkg/diag"
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
				return explain.WriteLines(a.stdout, s.Outline(), "")
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
	e, err := a.explainer()
	return &explainer{e}, err
}

func (a *app) explainer() (*explain.Explainer, error) {
	infos, err := a.infos(a.registry.Names())
	if err != nil {
		return nil, err
	}
	return explain.New(infos...)
}

// explainer writes what a word means to people.
type explainer struct{ *explain.Explainer }

// write explains a field of the core, or else of the first provider that has it.
func (s *explainer) write(w io.Writer, path diag.Path) error {
	e, ofCore, err := s.Field(path)
	if nowhere, ok := errors.AsType[*schemas.NoField](err); ok {
		return s.nowhere(w, path, nowhere)
	}
	if err != nil {
		return err
	}
	return s.Write(w, path, e, ofCore)
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

// writePage writes a code's page: what vet says comes after the spec that it is said of.
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
