package providertest

import (
	"reflect"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// checkChanges holds what a Differ foretells to what the operations then report.
func (s *suite) checkChanges() {
	for _, t := range s.passing() {
		p := s.fresh()
		d, ok := p.(provider.Differ)
		if !ok {
			return
		}
		another, _ := t.changed(t.id)
		for _, step := range []struct {
			op       provider.Operation
			from, to *plan.Plan
			do       func() (provider.Result, error)
		}{
			{provider.OpProvision, nil, t.plan(), func() (provider.Result, error) { return p.Provision(s.ctx, t.plan()) }},
			{provider.OpUpdate, t.plan(), another, func() (provider.Result, error) { return p.Update(s.ctx, another) }},
			{provider.OpDestroy, another, nil, func() (provider.Result, error) { return p.Destroy(s.ctx, t.id) }},
		} {
			told, err := d.Changes(step.from, step.to)
			if err != nil {
				s.problem("Changes of %s: %v", t, err)
			}
			res, err := step.do()
			if err != nil {
				s.problem("%s of %s: %v", step.op, t, err)
			}
			if len(told)+len(res.Changes) > 0 && !reflect.DeepEqual(told, res.Changes) {
				s.problem("Changes of %s does not say what %s does (-foretold +done):\n%s", t, step.op, cmp.Diff(told, res.Changes))
			}
		}
		s.checkLoss(t, d)
	}
}

// checkLoss looks whether it is reported that a persistent volume goes with its tenant.
func (s *suite) checkLoss(t *tenant, d provider.Differ) {
	stores := false
	for _, w := range t.plan().Workloads {
		for _, v := range w.Volumes {
			stores = stores || v.Persistent != nil
		}
	}
	if !stores {
		return
	}
	changes, err := d.Changes(t.plan(), nil)
	if err != nil {
		s.problem("Changes of %s to nothing: %v", t, err)
	}
	worst := provider.EffectNone
	for _, c := range changes {
		worst = provider.Worse(worst, c.Effect)
	}
	if !worst.AtLeast(provider.DataLoss) {
		s.problem("%s has a persistent volume, and its end is %q, not %q", t, worst, provider.DataLoss)
	}
}
