package providertest

import (
	"errors"
	"maps"
	"reflect"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// changed returns the plan with another image in its first container, and the path to it.
func (t *tenant) changed(id string) (p *plan.Plan, workload string) {
	p = t.as(id)
	workload = slices.Sorted(maps.Keys(p.Workloads))[0]
	containers := p.Workloads[workload].Containers
	name := slices.Sorted(maps.Keys(containers))[0]
	c := containers[name]
	c.Image = "ghcr.io/acme/changed:2"
	containers[name] = c
	return p, workload
}

func (s *suite) checkMemory() {
	t := s.minimal()
	one, other := s.fresh(), s.fresh()
	if _, err := one.Provision(s.ctx, t.as("memory")); err != nil {
		s.problem("Provision: %v", err)
	}
	if _, err := other.GetStatus(s.ctx, "memory"); !errors.Is(err, provider.ErrTenantNotFound) {
		s.problem("one provider knows a tenant of another")
	}
}

func (s *suite) checkProvision() {
	for _, t := range s.passing() {
		p := s.fresh()
		if _, err := p.Provision(s.ctx, t.as("provision")); err != nil {
			s.problem("Provision of %s: %v", t, err)
			continue
		}
		before, _ := p.GetStatus(s.ctx, "provision")
		res, err := p.Provision(s.ctx, t.as("provision"))
		if err != nil || len(res.Changes) > 0 {
			s.problem("Provision of %s again: %d changes, error is %v", t, len(res.Changes), err)
		}
		another, _ := t.changed("provision")
		if _, err := p.Provision(s.ctx, another); !errors.Is(err, provider.ErrTenantExists) {
			s.problem("Provision of %s with another plan: error is %v, not ErrTenantExists", t, err)
		}
		if after, _ := p.GetStatus(s.ctx, "provision"); !reflect.DeepEqual(before, after) {
			s.problem("Provision of %s again: status was %+v, is %+v", t, before, after)
		}
	}
}

func (s *suite) checkUpdate() {
	for _, t := range s.passing() {
		p := s.fresh()
		if _, err := p.Update(s.ctx, t.as("update")); !errors.Is(err, provider.ErrTenantNotFound) {
			s.problem("Update of an absent tenant: error is %v, not ErrTenantNotFound", err)
		}
		if _, err := p.Provision(s.ctx, t.as("update")); err != nil && !errors.Is(err, provider.ErrTenantExists) {
			s.problem("Provision of %s: %v", t, err)
		}
		another, workload := t.changed("update")
		for _, step := range []struct {
			what    string
			plan    *plan.Plan
			changes bool
		}{
			{"with the same plan", t.as("update"), false},
			{"with another image", another, true},
			{"with another image again", another, false},
		} {
			before, _ := p.GetStatus(s.ctx, "update")
			res, err := p.Update(s.ctx, step.plan)
			after, _ := p.GetStatus(s.ctx, "update")
			switch {
			case err != nil:
				s.problem("Update of %s %s: %v", t, step.what, err)
			case (len(res.Changes) > 0) != step.changes:
				s.problem("Update of %s %s says %d changes", t, step.what, len(res.Changes))
			case step.changes && !slices.ContainsFunc(res.Changes, func(c provider.Change) bool { return c.Path.Within("workloads." + workload) }):
				s.problem("Update of %s %s says nothing of workload %s", t, step.what, workload)
			case after.Revision > before.Revision != step.changes:
				s.problem("Update of %s %s: revision was %d, is %d", t, step.what, before.Revision, after.Revision)
			}
			s.checkKnown(t, res)
		}
	}
}

// checkKnown looks whether each change has an effect that there is.
func (s *suite) checkKnown(t *tenant, res provider.Result) {
	for _, c := range res.Changes {
		if !slices.Contains(provider.Effects(), c.Effect) {
			s.problem("%s of %s: the change of %s has the effect %q, which is none", res.Operation, t, c.Path, c.Effect)
		}
	}
}

func (s *suite) checkDestroy() {
	t, p := s.minimal(), s.fresh()
	for _, step := range []string{"of an absent tenant", "of an absent tenant again"} {
		if _, err := p.Destroy(s.ctx, "destroy"); err != nil {
			s.problem("Destroy %s: %v", step, err)
		}
	}
	if _, err := p.Provision(s.ctx, t.as("destroy")); err != nil {
		s.problem("Provision: %v", err)
	}
	for _, step := range []string{"of a tenant", "of a tenant again"} {
		if _, err := p.Destroy(s.ctx, "destroy"); err != nil {
			s.problem("Destroy %s: %v", step, err)
		}
		if status, err := p.GetStatus(s.ctx, "destroy"); err == nil {
			s.problem("after Destroy %s, its status is %+v", step, status)
		}
	}
	another, _ := t.changed("destroy")
	if _, err := p.Provision(s.ctx, another); err != nil {
		s.problem("Provision after Destroy: %v", err)
	}
}

func (s *suite) checkStatus() {
	absent := s.fresh()
	if _, err := absent.GetStatus(s.ctx, "status"); !errors.Is(err, provider.ErrTenantNotFound) {
		s.problem("GetStatus of an absent tenant: error is %v, not ErrTenantNotFound", err)
	}
	for _, t := range s.passing() {
		p := s.fresh()
		if _, err := p.Provision(s.ctx, t.as("status")); err != nil && !errors.Is(err, provider.ErrTenantExists) {
			s.problem("Provision of %s: %v", t, err)
		}
		status, err := p.GetStatus(s.ctx, "status")
		want := provider.Status{Provider: s.info.Name, Tenant: "status", State: provider.Recorded, Revision: status.Revision, Digest: status.Digest, Workloads: slices.Sorted(maps.Keys(t.plan().Workloads))}
		if err != nil || !reflect.DeepEqual(want, status) {
			s.problem("GetStatus of %s: %+v, %v, not %+v", t, status, err, want)
		}
	}
}

func (s *suite) checkForeign() {
	t, p := s.minimal(), s.fresh()
	if _, err := p.Provision(s.ctx, t.as("here")); err != nil {
		s.problem("Provision: %v", err)
	}
	for id, do := range map[string]func(*plan.Plan) error{
		"foreign": func(given *plan.Plan) error { _, err := p.Provision(s.ctx, given); return err },
		"here":    func(given *plan.Plan) error { _, err := p.Update(s.ctx, given); return err },
	} {
		given := t.as(id)
		given.Provider = elsewhereName
		if err := do(given); !errors.Is(err, provider.ErrWrongProvider) {
			s.problem("a plan for another provider: error is %v, not ErrWrongProvider", err)
		}
		if err := s.call(func() error {
			if do(nil) == nil {
				s.problem("no plan is taken for one")
			}
			return nil
		}); err != nil {
			s.problem("no plan: %v", err)
		}
	}
}

func (s *suite) checkResults() {
	t, p := s.minimal(), s.fresh()
	another, _ := t.changed("results")
	for _, step := range []struct {
		op provider.Operation
		do func() (provider.Result, error)
	}{
		{provider.OpDestroy, func() (provider.Result, error) { return p.Destroy(s.ctx, "results") }},
		{provider.OpProvision, func() (provider.Result, error) { return p.Provision(s.ctx, t.as("results")) }},
		{provider.OpProvision, func() (provider.Result, error) { return p.Provision(s.ctx, t.as("results")) }},
		{provider.OpUpdate, func() (provider.Result, error) { return p.Update(s.ctx, another) }},
		{provider.OpUpdate, func() (provider.Result, error) { return p.Update(s.ctx, another) }},
		{provider.OpDestroy, func() (provider.Result, error) { return p.Destroy(s.ctx, "results") }},
	} {
		got, err := step.do()
		if err != nil {
			continue // which is for the checks of each operation
		}
		want := provider.Result{Provider: s.info.Name, Tenant: "results", Operation: step.op, Outcome: provider.Recorded, Revision: got.Revision, Digest: got.Digest, Changes: got.Changes}
		if !reflect.DeepEqual(want, got) {
			s.problem("the result of %s is %+v, not %+v", step.op, got, want)
		}
		if got.Changes == nil {
			s.problem("the result of %s has nil for Changes, which is null in JSON", step.op)
		}
	}
}
