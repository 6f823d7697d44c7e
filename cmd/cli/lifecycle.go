package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// honest is part of the help of every lifecycle command.
const honest = `
No platform is called: the provider records the plan in its memory, which ends with
this process.`

func (a *app) provision() *cobra.Command {
	c := &cobra.Command{
		Use:   "provision [flags] [PATH...]",
		Short: "Hand plans to their providers, which record them",
		Long:  "provision hands each plan to its provider and prints what it recorded, as JSON.\n" + honest,
	}
	return a.lifecycle(c, func(c *cobra.Command, target provider.Provider, p *plan.Plan) (any, error) {
		return target.Provision(c.Context(), p)
	})
}

func (a *app) destroy() *cobra.Command {
	c := &cobra.Command{
		Use:   "destroy [flags] [PATH...]",
		Short: "Record tenants, then have their providers forget them",
		Long: `destroy first records the tenants, since nothing is remembered from an earlier run,
then has their providers forget them, and prints what ended, as JSON.
` + honest,
	}
	allow := allowFlag(c)
	return a.lifecycle(c, func(c *cobra.Command, target provider.Provider, p *plan.Plan) (any, error) {
		if err := a.first(c, target, p); err != nil {
			return nil, err
		}
		if *allow == "" {
			return target.Destroy(c.Context(), p.ID)
		}
		l, err := lifecycleOf(target)
		if err != nil {
			return nil, err
		}
		return a.unlessRefused(l.DestroyIf(c.Context(), p.ID, provider.Condition{Allow: provider.Effect(*allow)}))
	})
}

func (a *app) status() *cobra.Command {
	c := &cobra.Command{
		Use:   "status [flags] [PATH...]",
		Short: "Record tenants, then show what their providers know of them",
		Long: `status first records the tenants, since nothing is remembered from an earlier run,
then prints what their providers know of them, as JSON: that they are recorded.
` + honest,
	}
	return a.lifecycle(c, func(c *cobra.Command, target provider.Provider, p *plan.Plan) (any, error) {
		if err := a.first(c, target, p); err != nil {
			return nil, err
		}
		return target.GetStatus(c.Context(), p.ID)
	})
}

func (a *app) update() *cobra.Command {
	c := &cobra.Command{
		Use:   "update --against OLD [flags] [PATH...]",
		Short: "Record old specs, then new ones, and show what changes",
		Long: `update first records the specs of --against, since nothing is remembered from an
earlier run, then hands the new plans to their providers, and prints as JSON what
changes and what that means on the platform. A tenant that names another provider
than before moves there.
` + honest,
		Example: "  cuecompute update --against tenant.old.yaml tenant.yaml",
	}
	input := a.inputFlags(c)
	against := c.Flags().StringArray("against", nil, "the specs as they were: a `path`, or git:REV for the same paths (repeatable)")
	allow := allowFlag(c)
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		if len(*against) == 0 {
			return usage("update needs --against: nothing is remembered from an earlier run")
		}
		old, err := a.old(c.Context(), &in, *against)
		if err != nil {
			return err
		}
		record, was := a.each(c, a.recordFirst), map[string][]string{} // providers by tenant
		err = a.tenantsAs(c, old.input, onlyErrors, func(t compile.Tenant) error {
			for _, p := range t.Plans {
				if err := record(p); err != nil {
					return err
				}
				was[p.ID] = append(was[p.ID], p.Provider)
			}
			return nil
		})
		if err != nil || a.code > exitOK {
			return err
		}
		return a.compile(c, in, a.each(c, func(c *cobra.Command, target provider.Provider, p *plan.Plan) (any, error) {
			if from := was[p.ID]; len(from) == 1 && from[0] != p.Provider {
				return a.move(c, from[0], target, p, provider.Effect(*allow))
			}
			if *allow == "" {
				return target.Update(c.Context(), p)
			}
			l, err := lifecycleOf(target)
			if err != nil {
				return nil, err
			}
			return a.unlessRefused(l.UpdateIf(c.Context(), p, provider.Condition{Allow: provider.Effect(*allow)}))
		}))
	}
	return c
}

// move moves a tenant to the provider of its new plan.
func (a *app) move(c *cobra.Command, from string, target provider.Provider, p *plan.Plan, allow provider.Effect) (any, error) {
	old, err := a.registry.Get(from)
	if err != nil {
		return nil, err
	}
	left, err := lifecycleOf(old)
	if err != nil {
		return nil, err
	}
	right, err := lifecycleOf(target)
	if err != nil {
		return nil, err
	}
	return a.unlessRefused(provider.Move(c.Context(), left, right, p, provider.Condition{Allow: allow}))
}

// allowFlag adds the flag --allow: the most severe effect that a command may have.
func allowFlag(c *cobra.Command) *string {
	var known []string
	for _, e := range provider.Effects() {
		if e != provider.EffectUnknown {
			known = append(known, string(e))
		}
	}
	return choiceFlag(c, "allow", "", "leave a tenant as it is, and exit 4, where a change has a worse `effect` than this: "+strings.Join(known, ", "), known)
}

func lifecycleOf(p provider.Provider) (provider.Lifecycle, error) {
	if l, ok := p.(provider.Lifecycle); ok {
		return l, nil
	}
	return nil, usage("provider %s can neither hold to --allow nor move tenants", p.Info().Name)
}

// unlessRefused reports a change that --allow refuses, and continues with the next tenant.
func (a *app) unlessRefused(r provider.Result, err error) (any, error) {
	refused, ok := errors.AsType[*provider.EffectError](err)
	if !ok {
		return r, err
	}
	a.raise(exitDiffers)
	fmt.Fprintf(a.stderr, "cuecompute: %s\n", report.Printable(refused.Error()))
	for _, c := range refused.Changes {
		line := fmt.Sprintf("  %s %s: %s", c.Path, c.Kind, c.Effect)
		if c.Advice != "" {
			line += "; " + c.Advice
		}
		fmt.Fprintln(a.stderr, report.Printable(line))
	}
	return nil, nil
}

// operation calls a provider with a plan and returns the result to print, or nil.
type operation func(c *cobra.Command, target provider.Provider, p *plan.Plan) (any, error)

// lifecycle makes a command that runs an operation for each plan.
func (a *app) lifecycle(c *cobra.Command, do operation) *cobra.Command {
	input := a.inputFlags(c)
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		return a.compile(c, in, a.each(c, do))
	}
	return c
}

// each runs an operation with a plan's provider and prints the result.
func (a *app) each(c *cobra.Command, do operation) func(*plan.Plan) error {
	return func(p *plan.Plan) error {
		target, err := a.registry.Get(p.Provider)
		if err != nil {
			return err
		}
		result, err := do(c, target, p)
		if err != nil || result == nil {
			return err
		}
		return writeJSON(a.stdout, result)
	}
}

// recordFirst records a plan that a command requires, and reports that.
func (a *app) recordFirst(c *cobra.Command, target provider.Provider, p *plan.Plan) (any, error) {
	return nil, a.first(c, target, p)
}

func (a *app) first(c *cobra.Command, target provider.Provider, p *plan.Plan) error {
	if _, err := target.Provision(c.Context(), p); err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "recorded first: tenant %s on %s, in this process's memory\n", p.ID, p.Provider)
	return nil
}
