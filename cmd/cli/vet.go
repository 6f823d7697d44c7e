package cli

import (
	"errors"
	"io"
	"os"
	"slices"
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
beside the one on standard output.

--fix mends mistakes of which it is certain what was meant: a near name, another case, a
unit, quotes. What it writes was judged before; all else in a file stays as it is. A file
that changes meanwhile is left alone, and so are links and files that were not named.
--diff shows the same and writes nothing, unless --fix does.`,
		Example: `  cuecompute vet tenants/...
  cuecompute vet --provider all --format json tenant.yaml
  cuecompute vet --report sarif=vet.sarif --report junit=vet.xml tenants/...
  generate | cuecompute vet -`,
	}
	input := a.inputFlags(c)
	format := c.Flags().String("format", "text", "how to report on standard output: "+strings.Join(report.Formats(), ", "))
	files := c.Flags().StringArray("report", nil, "report to a file too: `FORMAT=FILE` (repeatable)")
	write := c.Flags().Bool("fix", false, "mend in the files what can be mended for certain, then check them")
	show := c.Flags().Bool("diff", false, "show on standard output what --fix changes, and the report on standard error")
	notes := c.Flags().Bool("notes", false, "report lost precision too")
	strict := c.Flags().Bool("warnings-as-errors", false, "exit with 1 on warnings")
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		if (*write || *show) && slices.Contains(in.Paths, "-") {
			return usage("standard input cannot be mended: --fix and --diff take files")
		}
		to := a.stdout
		if *show {
			to = a.stderr
		}
		out, err := a.reports(to, *format, *files, in)
		if err != nil {
			return err
		}
		compiler, err := compile.New(a.registry)
		if err != nil {
			return err
		}
		defer compiler.Close()
		var unmended error
		if *write || *show {
			unmended = a.mend(c.Context(), compiler, in, *show, *write)
		}
		sum := report.Summary{}
		err = compiler.Each(c.Context(), in, func(u compile.Unit) error {
			return a.count(&sum, u, out, *notes)
		})
		err = a.policies(err, out)
		if *strict && sum.Warnings > 0 {
			a.raise(exitProblems)
		}
		return errors.Join(unmended, err, out.Close(sum))
	}
	return c
}

// reports makes the report to w and those to files, each FORMAT=FILE.
func (a *app) reports(w io.Writer, format string, files []string, in compile.Input) (reports, error) {
	o := a.reportOptions(w, in)
	o.Path = fromRepository()
	o.Version, _ = versions()
	out, err := report.New(format, w, o)
	if err != nil {
		return nil, usage("%w", err)
	}
	all := reports{out}
	o.Color = false
	for _, text := range files {
		f, err := newFileReport(text, o)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
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
