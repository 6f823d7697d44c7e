package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func (a *app) fleet() *cobra.Command {
	c := &cobra.Command{
		Use:   "fleet [flags] [PATH...]",
		Short: "Judge all tenants together: what they claim, and their shares",
		Long: `fleet judges all tenants of a run together. No two tenants may have one host and path,
whatever their platforms, a host that a wildcard of another covers, one name on a
platform, or write to one directory of EFS; ports of machines that two tenants take are
warnings. The field fleet of a policy bounds what tenants ask for by group: by a label,
by provider, namespace, node pool or registry. See cuecompute help fleet.

Mistakes that keep a tenant from being judged go to standard error, as vet reports them.

With --join, each PATH is a file of facts that vet --shard I/N --facts FILE wrote. All
shards have to be there. The verdict is that of one run over all tenants, byte for byte.

Besides the formats of vet there are table, the shares by group, biggest first, with what
is left of each bound; html, a page of the same in one file; and in json the shares too.
With table and html, problems are on standard error.`,
		Example: `  cuecompute fleet --policy landlord.cue tenants/...
  cuecompute fleet --by team --format table tenants/...
  cuecompute fleet --policy landlord.cue --join facts/*.jsonl`,
	}
	input := a.inputFlags(c)
	formats := append(report.Formats(), "html", "table")
	slices.Sort(formats)
	format := choiceFlag(c, "format", "text", "how to report on standard output: github, html, json, junit, markdown, sarif, table, text", formats)
	join := c.Flags().Bool("join", false, "each PATH is a file of facts, one of each shard")
	by := c.Flags().StringSlice("by", nil, "sum up shares by these `labels` too, or by provider, namespace, nodePool or registry")
	notes := c.Flags().Bool("notes", false, "report what several tenants only read too")
	strict := c.Flags().Bool("warnings-as-errors", false, "exit with 1 on warnings")
	completeFrom(c, "by", fleet.Dimensions)
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		switch {
		case *join && len(paths) == 0:
			return usage("--join takes the files of facts: name one of each shard")
		case in.Shard != (compile.Shard{}):
			return usage("fleet judges all shards: write facts of one with vet --shard %d/%d --facts FILE, and join them", in.Shard.Index, in.Shard.Count)
		}
		compiler, err := compile.New(a.registry, in.Options)
		if err != nil {
			return err
		}
		defer compiler.Close()
		f := &fleetRun{app: a, compiler: compiler, format: *format, by: *by, notes: *notes, strict: *strict}
		if *join {
			return f.join(c.Context(), in, paths)
		}
		return f.paths(c, in)
	}
	return c
}

// fleetRun is how a run of fleet judges and reports.
type fleetRun struct {
	*app
	compiler      *compile.Compiler
	format        string
	by            []string
	notes, strict bool
}

// paths judges the tenants of paths.
func (f *fleetRun) paths(c *cobra.Command, in compilation) error {
	var facts fleet.Collector
	in.Facts, in.Waivers = true, in.Rules.Run()
	problems, err := report.New("text", f.stderr, f.reportOptions(f.stderr, in))
	if err != nil {
		return err
	}
	sum := report.Summary{}
	err = f.compiler.Each(c.Context(), in.Input, func(u compile.Unit) error {
		u.Diagnostics = u.Diagnostics.Without(diag.Warning)
		return errors.Join(f.count(&sum, u, problems, false), addFacts(&facts, u))
	})
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		return f.report(in, &fleet.Verdict{Diagnostics: broken.Diagnostics, Shares: &fleet.Shares{}})
	}
	if c.Context().Err() != nil {
		return errors.Join(err, problems.Close(sum))
	}
	return errors.Join(err, problems.Close(sum), f.judge(c.Context(), in, facts.Reader()))
}

func addFacts(to *fleet.Collector, u compile.Unit) error {
	for _, t := range u.Tenants {
		for _, facts := range t.Facts {
			if err := to.Add(facts); err != nil {
				return err
			}
		}
	}
	return nil
}

// join judges the facts of files.
func (f *fleetRun) join(ctx context.Context, in compilation, paths []string) error {
	var readers []*fleet.Reader
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		r, err := fleet.NewReader(path, file)
		if err != nil {
			return err
		}
		readers = append(readers, r)
	}
	return f.judge(ctx, in, readers...)
}

// judge judges facts, and reports the verdict on them.
func (f *fleetRun) judge(ctx context.Context, in compilation, readers ...*fleet.Reader) error {
	v, err := f.verdict(ctx, f.compiler, in, f.by, f.notes, readers...)
	if err == nil {
		v.Diagnostics = append(v.Diagnostics, waiverProblems(in)...)
	}
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		v, err = &fleet.Verdict{Diagnostics: broken.Diagnostics, Shares: &fleet.Shares{}}, nil
	}
	if err != nil {
		return err
	}
	return f.report(in, v)
}

// report writes a verdict, and raises the exit code by it.
func (f *fleetRun) report(in compilation, v *fleet.Verdict) (err error) {
	v.Diagnostics = f.revisions.forPeople(v.Diagnostics)
	if !f.notes {
		v.Diagnostics = v.Diagnostics.Without(diag.Note)
	}
	sum := report.Summary{Tenants: v.Tenants}
	sum.Add(v.Diagnostics)
	if v.Diagnostics.HasErrors() || f.strict && sum.Warnings > 0 {
		f.raise(exitProblems)
	}
	if sum.Errors+sum.Warnings > 0 && f.format == "text" {
		f.counts = sum.String() + "\n"
	}
	w := bufio.NewWriter(f.stdout)
	if f.format == "table" || f.format == "html" {
		problems, err := report.New("text", f.stderr, f.reportOptions(f.stderr, in))
		if err != nil {
			return err
		}
		if err := errors.Join(problems.Add(report.Unit{Diagnostics: v.Diagnostics}), problems.Close(sum)); err != nil {
			return err
		}
	}
	switch f.format {
	case "table":
		err = v.WriteTable(w)
	case "html":
		err = v.WriteHTML(w)
	case "json":
		err = writeJSON(w, v.Report())
	default:
		o := f.reportOptions(f.stdout, in)
		o.Path = fromRepository()
		o.Version, _ = versions()
		var out report.Writer
		if out, err = report.New(f.format, w, o); err == nil {
			err = errors.Join(out.Add(report.Unit{Diagnostics: v.Diagnostics}), out.Close(sum))
		}
	}
	return errors.Join(err, w.Flush())
}

// verdict judges facts by what is built in and by the policies.
func (a *app) verdict(ctx context.Context, c *compile.Compiler, in compilation, by []string, notes bool, readers ...*fleet.Reader) (*fleet.Verdict, error) {
	o := fleet.Options{Notes: notes, Limit: in.Limits.Of(limit.Diagnostics)}
	for _, name := range by {
		if !slices.Contains(fleet.Dimensions(), name) {
			name = "labels." + name
		}
		o.By = append(o.By, name)
	}
	rules, err := c.FleetRules(in.Input)
	if err != nil {
		return nil, err
	}
	if rules != nil {
		o.Rules = rules
	}
	v, err := fleet.Judge(ctx, o, readers...)
	if err != nil {
		return nil, err
	}
	waivers := in.Waivers
	if waivers == nil {
		waivers = in.Rules.Run()
	}
	for i, d := range v.Diagnostics {
		waivers.Settle(v.Diagnostics[i:i+1], d.Tenant)
	}
	return v, nil
}

// waiverProblems returns what is wrong with the waivers of a run that judges all tenants
// together: those that have ended and, unless its facts come from files, those that match
// nothing.
func waiverProblems(in compilation) diag.List {
	if in.Waivers == nil {
		return in.Rules.Run().Ended()
	}
	return append(in.Waivers.Ended(), in.Waivers.Unmatched()...)
}

// writeFacts writes the facts of a shard to a file, whole or not at all.
func writeFacts(path string, facts *fleet.Collector, shard compile.Shard) error {
	index, of := max(shard.Index, 1), max(shard.Count, 1)
	write := func(name string) error {
		file, err := os.Create(name)
		if err != nil {
			return err
		}
		return errors.Join(facts.Write(file, index, of), file.Close())
	}
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		return unwrittenFacts(path, write(path))
	}
	temporary := fmt.Sprintf("%s.%d.tmp", path, os.Getpid())
	err := write(temporary)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		_ = os.Remove(temporary) // what is left of it, if anything
	}
	return unwrittenFacts(path, err)
}

func unwrittenFacts(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot write facts %s: %w", path, bare(err))
}
