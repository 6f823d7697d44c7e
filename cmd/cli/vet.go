package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/cuecompute/cuecompute/pkg/baseline"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func (a *app) vet() *cobra.Command {
	c := &cobra.Command{
		Use:   "vet [flags] [PATH...]",
		Short: "Check tenant specs; print nothing when they are clean",
		Long: `vet checks each tenant against its provider: structure, names that lead nowhere,
and what the platform would refuse. It prints nothing when all are clean. A run with
problems, and any run on a terminal, ends with its counts on standard error.

Policies are checked before any tenant. Without PATH, in a directory that holds no specs,
vet --policy checks the policies alone.

Tenant ids must be unique within one run. With --shard I/N a run judges one part of N,
for N machines to share the work: every file or package is in one part, by its path as
given. Ids are then compared within a part only; standard input, and paths that hold no
spec or do not exist, are reported by part 1; unused tags by none.

--fleet judges the tenants of the run together too, as cuecompute fleet does. --facts FILE
writes what that needs to know, for fleet --join to judge the parts of several runs.

Besides text there are these formats: github, annotations on GitHub Actions; json;
junit, a test case a tenant; markdown, a table for a job's summary or a comment; sarif,
SARIF 2.1.0 for code scanning. Files in github, junit, markdown and sarif are named from
the root of the Git repository. --report writes a report to a file, whole or not at all,
beside the one on standard output.

--fix fixes mistakes whose fix is unambiguous: a near name, another case, a
unit, quotes. What it writes was judged before; all else in a file stays as it is. A file
that changes meanwhile is left alone, and so are links and files that were not named.
--diff shows the same and writes nothing, unless --fix does.

--new-since reports the problems alone that were not there before, counts the others, and exits by
the new ones: git:REV for the same paths at a revision, held to the same policies, or a FILE that
vet --format json wrote. A problem is the same if its tenant, code, path and message are, whatever
its line.

--watch reports again whenever something changes that the verdict depends on, imports and
policies included, and judges only that again. Waivers and the project file are read once.
Counts go to standard error.`,
		Example: `  cuecompute vet tenants/...
  cuecompute vet --provider all --format json tenant.yaml
  cuecompute vet --report sarif=vet.sarif --report junit=vet.xml tenants/...
  cuecompute vet --new-since git:origin/main --policy landlord.cue tenants/...
  generate | cuecompute vet -`,
	}
	input := a.inputFlags(c)
	format := choiceFlag(c, "format", "text", "how to report on standard output: "+strings.Join(report.Formats(), ", "), report.Formats())
	files := fileFormatFlag(c, "report", "report to a file too: `FORMAT=FILE` (repeatable)", report.Formats())
	write := c.Flags().Bool("fix", false, "fix in the files what can be fixed for certain, then check them")
	show := c.Flags().Bool("diff", false, "show on standard output what --fix changes, and the report on standard error")
	watch := c.Flags().Bool("watch", false, "go on checking what changes, until interrupted")
	notes := c.Flags().Bool("notes", false, "report lost precision too")
	since := c.Flags().String("new-since", "", "report only what was not there at `git:REV`, or in a FILE that vet --format json wrote")
	strict := c.Flags().Bool("warnings-as-errors", false, "exit with 1 on warnings")
	link := c.Flags().String("link", "", "with markdown, the "+linkHelp)
	together := c.Flags().Bool("fleet", false, "judge all tenants together too: see cuecompute help fleet")
	facts := c.Flags().String("facts", "", "write the facts of all tenants without errors to a `file`, for fleet --join")
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		compiler, err := compile.New(a.registry, in.Options)
		if err != nil {
			return err
		}
		defer compiler.Close()
		if len(paths) == 0 && slices.Equal(in.Paths, []string{"."}) && len(in.Policies.Files) > 0 && !compiler.HasSpecs(c.Context(), in.Input) {
			in.Paths = nil
		}
		switch {
		case (*write || *show || *watch) && slices.Contains(in.Paths, "-"):
			return usage("standard input cannot be fixed or watched: --fix, --diff and --watch take files")
		case *watch && (*write || *show):
			return usage("--watch goes with neither --fix nor --diff")
		case *watch && *since != "":
			return usage("--watch does not go with --new-since")
		case *watch && (*together || *facts != ""):
			return usage("--watch goes with neither --fleet nor --facts")
		case *together && in.Shard.Count > 1:
			return usage("--fleet judges all shards: write facts of one with --facts FILE, and join them with fleet --join")
		}
		at, err := links("link", *link)
		if err != nil {
			return err
		}
		v := &vetting{app: a, compiler: compiler, to: a.stdout, format: *format, files: *files, notes: *notes, strict: *strict, link: at, together: *together, facts: *facts}
		in.Facts = *together || *facts != ""
		if *show {
			v.to = a.stderr
		}
		if *since != "" {
			if v.known, v.name, err = a.knownSince(c.Context(), &in, *since); err != nil {
				return err
			}
			in.Every = true // the new ones may be beyond the limit
		}
		if *watch {
			return v.watch(c.Context(), in)
		}
		out, err := v.reports(in, v.to)
		if err != nil {
			return err
		}
		var unfixed error
		if *write || *show {
			unfixed = a.applyFixes(c.Context(), compiler, in, *show, *write)
		}
		begun := time.Now()
		sum, err := v.judge(c.Context(), in, out)
		if sum.Errors+sum.Warnings+sum.Known > 0 || isTerminal(a.stderr) {
			a.counts = countsLine(sum, time.Since(begun))
		}
		return errors.Join(unfixed, err)
	}
	return c
}

// vetting is the configuration of a run of vet.
type vetting struct {
	*app
	compiler      *compile.Compiler
	to            io.Writer // destination of the main report
	format        string
	files         []fileFormat // reports
	notes, strict bool
	link          func(file string, line int) string

	known    *baseline.Known     // problems that are not reported; nil: none
	name     func(string) string // a file's name, common to both runs
	together bool                // also check all tenants together
	facts    string              // the file for the facts
}

// judge checks an input, reports the verdict, and raises the exit code.
func (v *vetting) judge(ctx context.Context, in compilation, out reports) (report.Summary, error) {
	sum := report.NewSummary(in.Providers)
	in.PolicyNotes = v.notes
	if v.together {
		in.Waivers = in.Rules.Run()
	}
	p := v.progress(&in)
	var facts fleet.Collector
	err := v.each(ctx, in, func(u compile.Unit) error {
		p.clear(len(u.Diagnostics) > 0)
		defer func() { p.show(sum.Tenants) }()
		if v.known != nil {
			var old int
			u.Diagnostics, old = v.known.New(u.Diagnostics, v.name)
			sum.Known += old
		}
		return errors.Join(v.count(&sum, u, out, v.notes), addFacts(&facts, u))
	})
	p.clear(true)
	if err == nil && ctx.Err() == nil {
		err = v.allTogether(ctx, in, &facts, &sum, out)
	}
	err = v.policyErrors(err, &sum, out)
	if errors.Is(err, errNoReport) {
		err = nil // Close returns the reason
	}
	if v.strict && sum.Warnings > 0 {
		v.raise(exitProblems)
	}
	if ctx.Err() != nil { // an interrupted report would look complete, except to people
		return sum, errors.Join(err, out.flush())
	}
	return sum, errors.Join(err, out.Close(sum))
}

// allTogether writes the facts of a run, and checks all of its tenants together, if requested.
func (v *vetting) allTogether(ctx context.Context, in compilation, facts *fleet.Collector, sum *report.Summary, out reports) error {
	if v.facts != "" {
		if err := writeFacts(v.facts, facts, in.Shard); err != nil {
			return err
		}
	}
	if !v.together {
		return nil
	}
	verdict, err := v.verdict(ctx, v.compiler, in, nil, v.notes, facts.Reader())
	if err != nil {
		return err
	}
	u := compile.Unit{Diagnostics: append(verdict.Diagnostics, waiverProblems(in)...)}
	if v.known != nil {
		var old int
		u.Diagnostics, old = v.known.New(u.Diagnostics, v.name)
		sum.Known += old
	}
	return v.count(sum, u, out, v.notes)
}

// each checks an input; a repeated run reads the policies again.
func (v *vetting) each(ctx context.Context, in compilation, yield func(compile.Unit) error) error {
	if in.Memory != nil {
		diags, err := v.compiler.SetPolicies(in.Policies, in.Tags...)
		if len(diags) > 0 {
			err = &compile.PolicyError{Diagnostics: diags}
		}
		if err != nil {
			return err
		}
	}
	return v.compiler.Each(ctx, in.Input, yield)
}

// countsLine returns a run's counts and its duration.
func countsLine(sum report.Summary, took time.Duration) string {
	return fmt.Sprintf("%s (%s)\n", sum, took.Round(time.Millisecond))
}

// reports makes the requested reports: one to w, and those to files.
func (v *vetting) reports(in compilation, w io.Writer) (reports, error) {
	o := v.reportOptions(v.to, in)
	o.Path, o.Link = fromRepository(), v.link
	o.Version, _ = versions()
	out, err := report.New(v.format, w, o)
	if err != nil {
		return nil, err
	}
	all := reports{{Writer: out}}
	o.Color = false
	for _, file := range v.files {
		f, err := newFileReport(file, o)
		if err != nil {
			return nil, err
		}
		all = append(all, &oneReport{Writer: f})
	}
	return all, nil
}

// reportOptions returns the options of a report to w: colours are for a terminal, unless
// NO_COLOR is set (https://no-color.org).
func (a *app) reportOptions(w io.Writer, in compilation) report.Options {
	return report.Options{Color: isTerminal(w) && os.Getenv("NO_COLOR") == "", Providers: len(in.Providers) > 1}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
