package acmecloud

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// rows say what a change below a path of the plan does to what runs, and in which part of
// the platform's code or documentation that stands. The first that matches counts, and
// without one, copies are replaced one after another.
var rows = []struct {
	path   string
	effect provider.Effect
}{
	{"workloads.*.replicas", provider.InPlace},
	{"workloads.*.autoscale", provider.InPlace},
	{"workloads.*.accept", provider.EffectNone},
	{"workloads.*.containers.*.accept", provider.EffectNone},
	{"workloads.*.kind", provider.Replacement},
	{"extension.region", provider.Replacement},
}

// effect says what a change of the plan means to Acmecloud. That of a workload which comes
// or goes, and of a persistent volume which goes, is the Recorder's to say.
func effect(_, _ *plan.Plan, c plan.Change) provider.Effect {
	worst := provider.EffectNone
	for _, leaf := range c.Leaves() {
		worst = provider.Worse(worst, look(leaf))
	}
	return worst
}

func look(c plan.Change) provider.Effect {
	for _, r := range rows {
		if c.Path.Within(r.path) {
			return r.effect
		}
	}
	return provider.Rolling
}
