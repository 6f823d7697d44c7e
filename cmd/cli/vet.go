package cli

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func (a *app) vet() *cobra.Command {
	c := &cobra.Command{
		Use:   "vet [flags] [PATH...]",
		Short: "Check tenant specs; print nothing when they are clean",
		Long: `vet checks each tenant against its provider: structure, names that lead nowhere,
and what the platform would refuse. It prints nothing when all are clean.

Tenant ids must be unique within one run. With --shard I/N a run judges one part of N,
for N machines to share the work: every file or package is in one part, by its path as
given. Ids are then compared within a part only; standard input, and paths that hold no
spec or do not exist, are told of by part 1; unused tags by none.`,
		Example: `  cuecompute vet tenants/...
  cuecompute vet --provider all --format json tenant.yaml
  generate | cuecompute vet -`,
	}
	input := a.inputFlags(c)
	format := c.Flags().String("format", "text", "how to report: "+strings.Join(report.Formats(), " or "))
	notes := c.Flags().Bool("notes", false, "report lost precision too")
	strict := c.Flags().Bool("warnings-as-errors", false, "exit with 1 on warnings")
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		out, err := report.New(*format, a.stdout, a.reportOptions(a.stdout, in))
		if err != nil {
			return usage("%w", err)
		}
		sum := report.Summary{}
		err = compile.Each(c.Context(), a.registry, in, func(u compile.Unit) error {
			return a.count(&sum, u, out, *notes)
		})
		err = a.policies(err, out)
		if *strict && sum.Warnings > 0 {
			a.raise(exitProblems)
		}
		return errors.Join(err, out.Close(sum))
	}
	return c
}

// reportOptions says how a report to w looks: colours are for a terminal whose user
// has not said NO_COLOR (https://no-color.org).
func (a *app) reportOptions(w io.Writer, in compile.Input) report.Options {
	file, ok := w.(*os.File)
	return report.Options{
		Color:     ok && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == "",
		Providers: len(in.Providers) > 1,
	}
}
