package provider

import "github.com/cuecompute/cuecompute/pkg/plan"

// Changed is a change of one value of a plan, and a workload that it may affect.
type Changed struct {
	plan.Change // its path is the plan's: workloads.web.volumes.data.persistent.sizeMiB

	From, To *plan.Plan
	Workload string
}

// Was returns the workload before the change.
func (c Changed) Was() plan.Workload { return c.From.Workloads[c.Workload] }

// Is returns the workload after the change.
func (c Changed) Is() plan.Workload { return c.To.Workloads[c.Workload] }

// ChangeEffect determines the effect of a change of a field. An [Effect] is a ChangeEffect that
// is the same in every case, except that Rolling applies to copies of a service: a cron is
// changed in place, for its next run, and a job, which can only be run again, is replaced.
type ChangeEffect interface {
	EffectOf(Changed) Effect
}

// EffectFunc is a ChangeEffect that depends on more than the field.
type EffectFunc func(Changed) Effect

// EffectOf calls the function.
func (f EffectFunc) EffectOf(c Changed) Effect { return f(c) }

// EffectOf returns the effect, as [ChangeEffect] says.
func (e Effect) EffectOf(c Changed) Effect {
	if e == Rolling {
		return ByKind{Service: Rolling, Job: Replacement, Cron: InPlace}.EffectOf(c)
	}
	return e
}

// ByKind is a ChangeEffect that depends on the workload's kind after the change. A daemon
// counts as a service.
type ByKind struct{ Service, Job, Cron Effect }

// EffectOf returns the effect for the workload's kind.
func (b ByKind) EffectOf(c Changed) Effect {
	switch c.Is().Kind {
	case plan.Job:
		return b.Job
	case plan.Cron:
		return b.Cron
	default:
		return b.Service
	}
}

// OnReaders is the effect of a change of a configuration, a secret or a secret's location on
// the workloads that read it. Other workloads are not affected; one that no longer reads it has
// its own change.
func OnReaders(e ChangeEffect) ChangeEffect {
	return EffectFunc(func(c Changed) Effect {
		is, path := c.Is(), c.Path
		if path.Within("extension") {
			path = path[1:]
		}
		if !reads(&is, path) {
			return EffectNone
		}
		return e.EffectOf(c)
	})
}
