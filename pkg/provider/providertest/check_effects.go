package providertest

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// checkEffects compares the documents of two tenants that differ in one field with the effect
// of that change: documents that differ have one, and others have none. What a persistent
// volume holds is lost where the volume goes, and only a tenant that has one loses data.
func (s *suite) checkEffects() {
	d, ok := s.fresh().(provider.Differ)
	if _, renders := s.fresh().(provider.Renderer); !ok || !renders {
		return
	}
	for _, group := range grouped(s.trials) {
		var first *trial
		for _, t := range group {
			if !t.accepted() {
				continue
			}
			if first != nil {
				s.checkEffect(d, first, t)
			} else {
				s.checkEffect(d, t.base, t)
			}
			first = t
		}
	}
}

func (s *suite) checkEffect(d provider.Differ, from, to *trial) {
	changes, err := d.Changes(from.plan, to.plan)
	if err != nil {
		s.problem("Changes, to %s: %v", to, err)
		return
	}
	effect := provider.EffectNone
	for _, c := range changes {
		effect = provider.Worse(effect, c.Effect)
	}
	field := to.leaf.field()
	switch same := from.documents() == to.documents(); {
	case effect == provider.EffectUnknown:
		s.problem("what a change of %s means is not said, nor of any field above it: %s", field, to)
	case same && effect != provider.EffectNone:
		s.problem("a change of %s is %q, and leaves the documents as they are: %s", field, effect, to)
	case !same && effect == provider.EffectNone:
		s.problem("a change of %s is %q, and changes the documents: %s", field, effect, to)
	case !same && loses(from.plan, to.plan) && !effect.AtLeast(provider.DataLoss):
		s.problem("a change of %s is %q, not %q, and a persistent volume goes: %s", field, effect, provider.DataLoss, to)
	case effect == provider.DataLoss && !persists(from.plan):
		s.problem("a change of %s is %q, of a tenant without a persistent volume: %s", field, effect, to)
	}
}

// persists reports whether a tenant has storage that outlives its copies.
func persists(p *plan.Plan) bool {
	for _, w := range p.Workloads {
		if w.Persists() {
			return true
		}
	}
	return len(p.Volumes) > 0
}

// loses reports whether a persistent volume of one plan is not in the other.
func loses(from, to *plan.Plan) bool {
	for name, w := range from.Workloads {
		for volume, v := range w.Volumes {
			if v.Persistent != nil && to.Workloads[name].Volumes[volume].Persistent == nil {
				return true
			}
		}
	}
	return false
}
