package provider

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Changes returns the differences; see [Differ]. It records nothing.
func (r *Recorder) Changes(from, to *plan.Plan) ([]Change, error) {
	var differ []plan.Change
	var err error
	both := from != nil && to != nil
	switch {
	case from == nil:
		from = &plan.Plan{Version: to.Version, ID: to.ID, Provider: to.Provider}
		differ = each(to, plan.Added)
	case to == nil:
		to = &plan.Plan{Version: from.Version, ID: from.ID, Provider: from.Provider}
		differ = each(from, plan.Removed)
	default:
		differ, err = plan.Diff(from, to)
	}
	changes := make([]Change, len(differ))
	for i, c := range differ {
		changes[i] = Change{Change: c, Effect: r.effectOf(from, to, c)}
	}
	if err == nil && both {
		err = r.correctEffects(from, to, changes)
	}
	for i := range changes {
		changes[i].Advice = r.advice(from, to, changes[i])
	}
	return changes, err
}

func (r *Recorder) advice(from, to *plan.Plan, c Change) string {
	for _, advise := range r.advise {
		if text := advise(from, to, c); text != "" {
			return text
		}
	}
	if len(c.Also) > 0 {
		return "it reaches what reads the port, too: " + strings.Join(c.Also, ", ")
	}
	return ""
}

func (r *Recorder) effectOf(from, to *plan.Plan, c plan.Change) Effect {
	if len(c.Path) == 2 && c.Path[0] == "workloads" {
		switch old := from.Workloads[c.Path[1]]; {
		case c.Kind == plan.Added:
			return EffectCreate
		case c.Kind == plan.Removed && old.Persists():
			return DataLoss
		case c.Kind == plan.Removed:
			return EffectDestroy
		}
	}
	if c.Path[0] == "volumes" && len(c.Path) <= 2 { // the tenant's volumes
		switch c.Kind {
		case plan.Added:
			return EffectCreate
		case plan.Removed:
			return DataLoss
		}
	}
	e := r.effect(from, to, c)
	for _, leaf := range c.Leaves() {
		if leaf.Kind == plan.Removed && leaf.Path.Within("workloads.*.volumes.*.persistent") &&
			to.Workloads[leaf.Path[1]].Volumes[leaf.Path[3]].Persistent == nil {
			e = Worse(e, DataLoss)
		}
	}
	return e
}

// each returns a change of every workload and every shared volume of a plan.
func each(p *plan.Plan, kind plan.ChangeKind) []plan.Change {
	var changes []plan.Change
	for name := range plan.Sorted(p.Volumes) {
		changes = append(changes, plan.Change{Path: diag.At("volumes", name), Kind: kind})
	}
	for name := range plan.Sorted(p.Workloads) {
		changes = append(changes, plan.Change{Path: workloadPath(name), Kind: kind})
	}
	return changes
}
