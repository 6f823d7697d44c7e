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
spec or do not exist, are told of by part 1; unused tags by none.

Besides text there are these formats: github, annotations on GitHub Actions; json;
junit, a test case a tenant; markdown, a table for a job's summary or a comment; sarif,
SARIF 2.1.0 for code scanning. Files in github, junit, markdown and sarif are named from
the root of the Git repository. --report writes a report to a file, whole or not at all,
beside the one on standard output.`,
		Example: `  cuecompute vet tenants/...
  cuecompute vet --provider all --format json tenant.yaml
  cuecompute vet --report sarif=vet.sarif --report junit=vet.xml tenants/...
  generate | cuecompute vet -`,
	}
	input := a.inputFlags(c)
	format := c.Flags().String("format", "text", "how to report on standard output: "+strings.Join(report.Formats(), ", "))
	files := c.Flags().StringArray("report", nil, "report to a file too: `FORMAT=FILE` (repeatable)")
	notes := c.Flags().Bool("notes", false, "report lost precision too")
	strict := c.Flags().Bool("warnings-as-errors", false, "exit with 1 on warnings")
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		out, err := a.reports(*format, *files, in)
		if err != nil {
			return err
		}
		sum := report.Summary{}
		err = compile.Each(c.Context(), a.registry, in, func(u compile.Unit) error {
			return a.count(&sum, u, out, *notes)
		})
		err = a.policies(err, out)
		if errors.Is(err, errNoReport) {
			err = nil // Close says why
		}
		if *strict && sum.Warnings > 0 {
			a.raise(exitProblems)
		}
		if c.Context().Err() != nil {
			return err // a report would tell of a part as if it were all
		}
		return errors.Join(err, out.Close(sum))
	}
	return c
}

// reports makes the report to standard output and those to files, each FORMAT=FILE.
func (a *app) reports(format string, files []string, in compile.Input) (reports, error) {
	o := a.reportOptions(a.stdout, in)
	o.Path = fromRepository()
	out, err := report.New(format, a.stdout, o)
	if err != nil {
		return nil, usage("%w", err)
	}
	all := reports{{Writer: out}}
	o.Color = false
	for _, text := range files {
		f, err := newFileReport(text, o)
		if err != nil {
			return nil, err
		}
		all = append(all, &oneReport{Writer: f})
	}
	return all, nil
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
