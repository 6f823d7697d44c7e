package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// compilation is what a command compiles, with its options.
type compilation struct {
	compile.Options
	compile.Input
}

// inputFlags adds the flags of every command that compiles, and returns the function that makes
// the input from them.
func (a *app) inputFlags(c *cobra.Command) func(paths []string) (compilation, error) {
	in := compilation{Input: compile.Input{Stdin: a.stdin}}
	var policies []string
	f := c.Flags()
	f.StringSliceVar(&in.Providers, "provider", nil, "judge for these `providers` (or all), whatever the tenants name")
	f.StringArrayVar(&policies, "policy", nil, "a landlord's policy: a CUE `file` with fields tenant, plan and fleet, or git:REV:FILE (repeatable)")
	f.StringArrayVarP(&in.Tags, "tag", "t", nil, "set the fields marked @tag(key): `key=value` (repeatable)")
	lang := choiceFlag(c, "lang", "", "`language` of standard input: cue, yaml or json (guessed if left out)", []string{"cue", "yaml", "json"})
	f.IntVar(&in.Jobs, "jobs", 0, "how many files to judge at once (0: as many as processors)")
	f.TextVar(&in.Shard, "shard", compile.Shard{}, "judge only part `I/N` of the files and packages, split by their paths")
	in.Evaluation.Timeout = compile.DefaultTimeout
	f.Var(&duration{&in.Evaluation.Timeout, false}, "eval-timeout", "how long a file or package of CUE may take to evaluate")
	memory := size(compile.DefaultMemory)
	f.Var(&memory, "eval-memory", "how much `memory` it may take")
	f.Var(&duration{&in.Evaluation.Total, true}, "total-timeout", "how long the whole run may take (0: no bound); what is not judged by then is reported")
	in.Limits = limitFlag(c)
	var config projectFlags
	config.add(c)
	var waived waiverFlags
	waived.add(c)
	known := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return append(a.registry.Names(), "all"), cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc("provider", known); err != nil {
		a.fail(err)
	}
	return func(paths []string) (compilation, error) {
		set, err := a.projectFile(c.Context(), config, in.Limits)
		if err != nil {
			return in, err
		}
		in.Paths, policies, a.applied = set.apply(c, &in, paths, policies)
		if in.Rules, err = a.rules(c, waived, set, in.Limits); err != nil {
			return in, err
		}
		in.Evaluation.Memory = int64(memory)
		if in.Jobs < 0 {
			return in, usage("--jobs %d is less than 0", in.Jobs)
		}
		a.policies = policies
		if in.Policies.Files, err = a.policyFiles(c.Context(), policies); err != nil {
			return in, err
		}
		if in.Policies.Texts, err = fromPipes(c.Context(), in.Policies.Files, in.Limits.Of(limit.FileBytes)); err != nil {
			return in, err
		}
		if slices.Contains(in.Providers, "all") {
			in.Providers = a.registry.Names()
		}
		in.Providers = distinct(in.Providers)
		if in.Lang = *lang; in.Lang != "" {
			return in, checkLanguage(in.Lang, in.Paths)
		}
		return in, nil
	}
}

// distinct removes duplicate names.
func distinct(names []string) []string {
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

// checkLanguage returns an error for a file whose name shows another language than --lang.
func checkLanguage(lang string, paths []string) error {
	for _, path := range paths {
		own := strings.TrimPrefix(strings.Replace(filepath.Ext(path), ".yml", ".yaml", 1), ".")
		if slices.Contains([]string{"cue", "yaml", "json"}, own) && own != lang {
			return usage("--lang %s is for standard input, and %s is a file of another language", lang, path)
		}
	}
	return nil
}

// compile compiles an input, reports problems on standard error, and calls each with the plans,
// in order.
func (a *app) compile(c *cobra.Command, in compilation, each func(*plan.Plan) error) error {
	return a.tenants(c, in, func(t compile.Tenant) error {
		for _, p := range t.Plans {
			if err := each(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// tenants is compile for commands that need more than the plans.
func (a *app) tenants(c *cobra.Command, in compilation, each func(compile.Tenant) error) error {
	return a.tenantsAs(c, in, nil, each)
}

// tenantsAs is tenants with diagnostics filtered by show, if it is not nil.
func (a *app) tenantsAs(c *cobra.Command, in compilation, show func(diag.List) diag.List, each func(compile.Tenant) error) error {
	out, err := report.New("text", a.stderr, a.reportOptions(a.stderr, in))
	if err != nil {
		return err
	}
	sum := report.Summary{}
	err = compile.Each(c.Context(), a.registry, in.Options, in.Input, func(u compile.Unit) error {
		if show != nil {
			u.Diagnostics = show(u.Diagnostics)
		}
		if err := a.count(&sum, u, out, false); err != nil {
			return err
		}
		for _, t := range u.Tenants {
			if err := each(t); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(a.policyErrors(err, &sum, out), out.Close(sum))
}

// count adds a unit's verdict to the summary, the report and the exit code.
func (a *app) count(sum *report.Summary, u compile.Unit, out report.Writer, notes bool) error {
	diags := a.revisions.forPeople(u.Diagnostics)
	sum.Tenants += u.Count
	sum.Add(diags)
	if !notes {
		diags = diags.Without(diag.Note)
	}
	if u.Skipped {
		sum.Skipped++
	}
	if diags.HasErrors() {
		a.raise(exitProblems)
	}
	tenants := make([]report.Tenant, len(u.Tenants))
	for i, t := range u.Tenants {
		tenants[i] = report.Tenant{ID: t.ID, File: t.At.File}
	}
	return out.Add(report.Unit{Tenants: tenants, Diagnostics: diags})
}

// policyErrors counts and reports the mistakes of policies as diagnostics.
func (a *app) policyErrors(err error, sum *report.Summary, out report.Writer) error {
	var broken *compile.PolicyError
	if !errors.As(err, &broken) {
		return err
	}
	a.raise(exitProblems)
	sum.Add(broken.Diagnostics)
	return out.Add(report.Unit{Diagnostics: a.revisions.forPeople(broken.Diagnostics)})
}
