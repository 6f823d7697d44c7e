package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/importer/formats"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// accountFormats are the formats of an account.
var accountFormats = map[string]func(importer.Account, io.Writer) error{
	"text":     importer.Account.WriteText,
	"markdown": importer.Account.WriteMarkdown,
	"json":     importer.Account.WriteJSON,
}

func (a *app) imports() *cobra.Command {
	var known []string
	var list strings.Builder
	for _, f := range formats.All() {
		known = append(known, f.Name)
		fmt.Fprintf(&list, "  %-11s %s\n", f.Name, f.Doc)
	}
	c := &cobra.Command{
		Use:   "import [flags] PATH...",
		Short: "Make a tenant of what is written for a platform",
		Long: `import reads what is written for a platform and writes one tenant to standard output,
and to standard error an account of every value of the input: exact where the tenant says
just this, approximated, native where it is kept in the platform's own words, default where
it holds anyway, or lost. The values of secrets are never written: the tenant says where
they live.

Formats, which the content tells:
` + list.String() + `
Then it proves the account: it renders the tenant for the platform that the input is
written for, and compares what both state. A difference that the account does not name is a
mistake of this program, and the exit code is 3. It is 1 where the input is broken or the
tenant does not vet, at the lines of the input, and 4 for losses that --fail-on names.`,
		Example: `  cuecompute import compose.yaml > tenant.cue
  helm template shop ./chart | cuecompute import --id shop --fail-on lost -
  cuecompute import --account json=account.json --lang yaml --out tenant.yaml k8s/*.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("import needs a file, or - for standard input")
			}
			return nil
		},
	}
	o := importer.Options{Formats: formats.All(), Registry: a.registry, Stdin: a.stdin}
	f := c.Flags()
	f.StringVar(&o.From, "from", "", "the `format` of the input: "+strings.Join(known, ", ")+" (guessed if left out)")
	f.StringVar(&o.ID, "id", "", "the tenant's `id` (taken from the input if left out)")
	f.StringVar(&o.Provider, "provider", "", "the `provider` that the tenant is for (the platform of the input if left out)")
	lang := choiceFlag(c, "lang", "cue", "`language` of the tenant: cue or yaml", []string{"cue", "yaml"})
	f.StringArrayVar(&o.EnvFiles, "env-file", nil, "a `file` of variables for Compose, in place of .env beside the first file (repeatable)")
	f.StringArrayVar(&o.Profiles, "profile", nil, "a `profile` of Compose that is active, or * (repeatable)")
	out := f.String("out", "", "write the tenant to this `file`, or into a directory that is there")
	accounts := fileFormatFlag(c, "account", "write the account too: `FORMAT=FILE` (repeatable)", slices.Sorted(maps.Keys(accountFormats)))
	format := choiceFlag(c, "format", "text", "format of the account on standard error: text, markdown or json", slices.Sorted(maps.Keys(accountFormats)))
	failOn := choiceFlag(c, "fail-on", "", "exit with 4 where a value is `lost`, or approximated (or lost)", []string{"approximated", "lost"})
	o.Limits = limitFlag(c)
	completeFrom(c, "from", func() []string { return known })
	completeFrom(c, "provider", a.registry.Names)
	c.RunE = func(c *cobra.Command, paths []string) error {
		o.Paths, o.Lang = paths, *lang
		if o.Provider != "" {
			if _, err := a.registry.Get(o.Provider); err != nil {
				return fmt.Errorf("%w: known are %s", err, strings.Join(a.registry.Names(), ", "))
			}
		}
		r, err := importer.Import(c.Context(), o)
		if errors.Is(err, importer.ErrFormat) {
			return usageError{err}
		}
		if err != nil {
			return err
		}
		return a.imported(r, *out, *format, *accounts, importer.Verdict(*failOn))
	}
	return c
}

// imported writes the result of an import, nothing if the input is broken.
func (a *app) imported(r *importer.Result, out, format string, accounts []fileFormat, failOn importer.Verdict) error {
	problems, err := report.New("text", a.stderr, report.Options{})
	if err != nil {
		return err
	}
	sum := report.Summary{Tenants: 1}
	sum.Add(r.Diagnostics)
	if err := errors.Join(problems.Add(report.Unit{Diagnostics: a.revisions.forPeople(r.Diagnostics)}), problems.Close(sum)); err != nil {
		return err
	}
	if r.Diagnostics.HasErrors() {
		a.raise(exitProblems)
	}
	if r.Spec == nil {
		return nil
	}
	if err := accountFormats[format](r.Account, a.stderr); err != nil {
		return err
	}
	for _, file := range accounts {
		if err := writeAccount(r.Account, file); err != nil {
			return err
		}
	}
	for _, d := range r.Unnamed {
		a.raise(exitFailure)
		fmt.Fprintln(a.stderr, report.Printable(unnamed(d)))
	}
	if failOn != "" && r.Account.Worst().AtLeast(failOn) {
		a.raise(exitDiffers)
	}
	return a.writeTenant(r, out)
}

// unnamed returns the message for a difference that the account does not name.
func unnamed(d importer.Difference) string {
	at := ""
	if d.At.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d: ", d.At.File, d.At.Line, d.At.Column)
	}
	return fmt.Sprintf("%sthe account does not name a difference: %s is %q, and was %q", at, d.Key, d.Rendered, d.Original)
}

func writeAccount(account importer.Account, file fileFormat) error {
	var b bytes.Buffer
	if err := accountFormats[file.format](account, &b); err != nil {
		return err
	}
	if err := writeWhole(file.path, b.Bytes()); err != nil {
		return fmt.Errorf("cannot write account %s: %w", file.path, bare(err))
	}
	return nil
}

// writeTenant writes the tenant to standard output, or to a new file.
func (a *app) writeTenant(r *importer.Result, out string) error {
	if out == "" {
		_, err := a.stdout.Write(r.Spec)
		return err
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		out = filepath.Join(out, r.Tenant.Get("id").Text+"."+r.Lang)
	}
	return a.create([]newFile{{out, r.Spec}})
}
