package cli

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/portability"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func (a *app) portability() *cobra.Command {
	c := &cobra.Command{
		Use:   "portability [flags] [PATH...]",
		Short: "Show what each platform makes of the fields that tenants use",
		Long: `portability judges each tenant for every platform, or those of --provider, and shows
a table of the fields that the tenants use: exact where the platform does just that,
approximated where it does nearly that, unsupported where it has no such thing, depends
where a tenant could not be judged for the platform, for another mistake in it, and
unstated where the provider says nothing of the field.
Below the table is what each that is not exact becomes, and the way out. Mistakes that
keep a tenant from every platform go to standard error.`,
		Example: `  cuecompute portability tenant.cue
  cuecompute portability --format markdown --provider ecs,nomad tenants/...`,
	}
	input := a.inputFlags(c)
	format := choiceFlag(c, "format", "text", "text, json or markdown", []string{"json", "markdown", "text"})
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		write := map[string]func(portability.Table, io.Writer) error{
			"text":     portability.Table.WriteText,
			"markdown": portability.Table.WriteMarkdown,
			"json":     func(t portability.Table, w io.Writer) error { return writeJSON(w, t) },
		}[*format]
		if len(in.Providers) == 0 {
			in.Providers = a.registry.Names()
		}
		in.Accepted = true
		infos, err := a.infos(in.Providers)
		if err != nil {
			return err
		}
		problems, err := report.New("text", a.stderr, a.reportOptions(a.stderr, in))
		if err != nil {
			return err
		}
		b := portability.NewBuilder(infos)
		sum := report.Summary{}
		err = compile.Each(c.Context(), a.registry, in.Options, in.Input, func(u compile.Unit) error {
			b.Add(u)
			u.Diagnostics = everywhere(u.Diagnostics, len(in.Providers))
			return a.count(&sum, u, problems, false)
		})
		if err = errors.Join(a.policyErrors(err, &sum, problems), problems.Close(sum)); err != nil {
			return err
		}
		return write(b.Table(), a.stdout)
	}
	return c
}

// everywhere returns the mistakes that do not depend on the platform.
func everywhere(diags diag.List, platforms int) diag.List {
	return slices.DeleteFunc(slices.Clone(diags), func(d diag.Diagnostic) bool {
		return d.Severity != diag.Error || d.Code == diag.Unsupported || d.Provider != "" && strings.Count(d.Provider, ",")+1 < platforms
	})
}

// infos returns the providers' descriptions.
func (a *app) infos(names []string) ([]provider.Info, error) {
	var infos []provider.Info
	for _, name := range names {
		p, err := a.registry.Get(name)
		if err != nil {
			return nil, err
		}
		infos = append(infos, p.Info())
	}
	return infos, nil
}
