package compile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// factsOf sums up a plan for rules over all tenants.
func (w *worker) factsOf(ctx context.Context, target provider.Provider, p *plan.Plan, author *data.Node, natives []native) (fleet.Facts, error) {
	source := fleet.Source{Plan: p, Locate: func(path diag.Path) diag.Range {
		if n := author.Find(path); n != nil && n.Kind != data.Struct && n.Kind != data.List {
			return author.Locate(path).Value
		}
		return author.LocateKey(path)
	}}
	for _, n := range natives {
		source.Names = append(source.Names, fleet.Name{NativeName: n.NativeName, At: n.at, Accepted: n.accepted})
	}
	if placer, ok := target.(provider.Placer); ok {
		var err error
		source.Place, err = callProvider(ctx, &w.caller, p, "Place", func() (provider.Place, error) { return placer.Place(p) })
		if err != nil {
			return fleet.Facts{}, err
		}
	}
	return fleet.Of(source)
}

// FleetRules are what the policies of an input say about all tenants together, for
// [fleet.Judge].
type FleetRules struct {
	*policy.Fleet
	policies []*policy.Policy
	timeout  time.Duration
}

var _ fleet.Rules = (*FleetRules)(nil)

// FleetRules returns what the policies say about all tenants together, with the tags of an
// input; nil where they say nothing. The error for what is wrong with them is a *[PolicyError].
func (c *Compiler) FleetRules(in Input) (*FleetRules, error) {
	tags, err := load.NewTags(slices.Concat(in.Tags, in.OptionalTags))
	if err != nil {
		return nil, err
	}
	set, err := c.policies.get().read(c, tags)
	if err != nil {
		return nil, err
	}
	rules := c.worker(in, tags, set, load.Evaluator{}, nil).policies.Fleet()
	if rules == nil {
		return nil, nil
	}
	return &FleetRules{rules, set.Policies(), cmp.Or(c.options.Evaluation.Timeout, DefaultTimeout)}, nil
}

// Hold returns what the rules have against all tenants. It ends after the time that CUE may
// take, with a diagnostic that says what takes long.
func (r *FleetRules) Hold(ctx context.Context, s *fleet.Shares) (diag.List, error) {
	type verdict struct {
		diags diag.List
		err   error
	}
	done := make(chan verdict, 1)
	go func() {
		diags, err := r.Fleet.Hold(s)
		done <- verdict{diags, err}
	}()
	timer := time.NewTimer(r.timeout)
	defer timer.Stop()
	var v verdict
	select {
	case v = <-done:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C: // what goes on is of a program that is about to end
		d := v.diags.Errorf(diag.Limit, nil, "the fleet's rules take more than %s", r.timeout)
		d.Help, d.Bound = "count by fewer groups", diag.BoundTime
		if what, at := r.Slow(); what != "" {
			d.Message += fmt.Sprintf(": CUE's evaluator judges %s, which is not compiled", what)
			d.Range = at
		} else if len(r.policies) > 0 {
			d.File = r.policies[0].Path
		}
	}
	for _, p := range r.policies {
		quoteLines(v.diags, p.Sources())
	}
	return v.diags, v.err
}
