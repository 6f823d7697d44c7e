package providertest

import (
	"errors"
	"reflect"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// recording calls look with a provider that lists its records, and with the least tenant in it
// as "records", revision 1.
func (s *suite) recording(look func(provider.Lifecycle, *tenant)) {
	t := s.minimal()
	p, ok := s.fresh().(provider.Lifecycle)
	if !ok {
		return
	}
	if _, err := p.Provision(s.ctx, t.as("records")); err != nil {
		s.problem("Provision: %v", err)
		return
	}
	look(p, t)
}

func (s *suite) checkList() {
	s.recording(func(p provider.Lifecycle, t *tenant) {
		for _, id := range []string{"zeta", "alpha"} {
			if _, err := p.Provision(s.ctx, t.as(id)); err != nil {
				s.problem("Provision: %v", err)
			}
		}
		if _, err := p.Destroy(s.ctx, "zeta"); err != nil {
			s.problem("Destroy: %v", err)
		}
		all, err := p.List(s.ctx)
		if err != nil {
			s.problem("List: %v", err)
		}
		var want []provider.Status
		for _, id := range []string{"alpha", "records"} {
			status, err := p.GetStatus(s.ctx, id)
			if err != nil {
				s.problem("GetStatus: %v", err)
			}
			want = append(want, status)
		}
		if !reflect.DeepEqual(want, all) {
			s.problem("List is %+v, not the status of each tenant in order: %+v", all, want)
		}
	})
}

func (s *suite) checkRecord() {
	s.recording(func(p provider.Lifecycle, t *tenant) {
		if _, err := p.GetRecord(s.ctx, "absent"); !errors.Is(err, provider.ErrTenantNotFound) {
			s.problem("GetRecord of an absent tenant: error is %v, not ErrTenantNotFound", err)
		}
		another, _ := t.changed("records")
		for i, given := range []*plan.Plan{t.as("records"), another} {
			res, err := p.Update(s.ctx, given)
			if err != nil {
				s.problem("Update: %v", err)
			}
			held, err := p.GetRecord(s.ctx, "records")
			if err != nil {
				s.problem("GetRecord: %v", err)
				return
			}
			digest, err := given.Digest()
			if err != nil || held.Digest != digest || held.Revision != i+1 || res.Digest != digest || res.Revision != i+1 {
				s.problem("after Update the record has revision %d and digest %s and the result %d and %s, not %d and %s (%v)",
					held.Revision, held.Digest, res.Revision, res.Digest, i+1, digest, err)
			}
			if changes, err := plan.Diff(given, held.Plan); err != nil || len(changes) > 0 {
				s.problem("the recorded plan is another than Update took: %v (%v)", changes, err)
			}
		}
	})
}

func (s *suite) checkConditions() {
	s.recording(func(p provider.Lifecycle, t *tenant) {
		another, _ := t.changed("records")
		before, err := p.GetRecord(s.ctx, "records")
		if err != nil {
			s.problem("GetRecord: %v", err)
			return
		}
		worst := s.effectOfUpdate(t.as("records"), another)
		for _, try := range []struct {
			what string
			c    provider.Condition
			want error
		}{
			{"that expects another revision", provider.Condition{Revision: 2}, provider.ErrRevision},
			{"that expects another digest", provider.Condition{Revision: 1, Digest: "sha256:0"}, provider.ErrRevision},
			{"that allows no effect", provider.Condition{Revision: 1, Allow: provider.EffectNone}, provider.ErrEffect},
		} {
			if worst == provider.EffectNone && errors.Is(try.want, provider.ErrEffect) {
				continue // another image is no change of what runs there
			}
			if _, err := p.UpdateIf(s.ctx, another, try.c); !errors.Is(err, try.want) {
				s.problem("UpdateIf %s: error is %v, not %v", try.what, err, try.want)
			}
			if _, err := p.DestroyIf(s.ctx, "records", try.c); !errors.Is(err, try.want) {
				s.problem("DestroyIf %s: error is %v, not %v", try.what, err, try.want)
			}
			if after, err := p.GetRecord(s.ctx, "records"); err != nil || !before.Is(after) {
				s.problem("an operation %s changes the record (%v)", try.what, err)
				return
			}
		}
		holds := provider.Condition{Revision: 1, Digest: before.Digest, Allow: worst}
		for _, time := range []string{"", " again"} {
			if res, err := p.UpdateIf(s.ctx, another, holds); err != nil || res.Revision != 2 {
				s.problem("UpdateIf%s under conditions that hold: revision %d, error is %v", time, res.Revision, err)
			}
		}
		for _, time := range []string{"", " again"} {
			if _, err := p.DestroyIf(s.ctx, "records", provider.Condition{Revision: 2, Allow: provider.DataLoss}); err != nil {
				s.problem("DestroyIf%s under conditions that hold: %v", time, err)
			}
		}
		if _, err := p.UpdateIf(s.ctx, another, provider.Condition{Revision: 2}); !errors.Is(err, provider.ErrTenantNotFound) {
			s.problem("UpdateIf of an absent tenant: error is %v, not ErrTenantNotFound", err)
		}
	})
}

// effectOfUpdate is what an update without conditions says of its worst change.
func (s *suite) effectOfUpdate(from, to *plan.Plan) provider.Effect {
	p := s.fresh()
	if _, err := p.Provision(s.ctx, from); err != nil {
		s.problem("Provision: %v", err)
	}
	res, err := p.Update(s.ctx, to)
	if err != nil {
		s.problem("Update: %v", err)
	}
	worst := provider.EffectNone
	for _, c := range res.Changes {
		worst = provider.Worse(worst, c.Effect)
	}
	return worst
}
