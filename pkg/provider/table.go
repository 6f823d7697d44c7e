package provider

import (
	"iter"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Row describes a field of the spec on a platform: what the platform makes of it, and the
// effect of a change. See [Support] for the first five fields.
type Row struct {
	Field   string
	When    string
	Level   Level // empty: the row only has an effect, such as those of extensions
	How     string
	Instead string

	// Effect is the effect of a change of the field; nil: that of the nearest field above it.
	// If a field has several rows, the first effect counts.
	Effect ChangeEffect

	// Source is the platform's code or documentation for the effect. A level also has a rule,
	// with its own source.
	Source string
}

// Table is the rows of all fields of the spec, and of the provider's extensions, in the spec's
// order.
type Table []Row

// Support returns the part of the table for [Info].
func (t Table) Support() []Support {
	var all []Support
	for _, r := range t {
		if r.Level != "" {
			all = append(all, Support{r.Field, r.When, r.Level, r.How, r.Instead})
		}
	}
	return all
}

// Effect returns the effect of a change of a plan, for [NewRecorder]. The effect of a change of
// the tenant is the worst of its effects on workloads of both plans.
func (t Table) Effect(from, to *plan.Plan, c plan.Change) Effect {
	worst := EffectNone
	for name := range reached(from, to, c.Path) {
		worst = Worse(worst, t.EffectOn(name, from, to, c))
	}
	return worst
}

// EffectOn returns the effect of a change on one workload: the worst of the change's parts. A
// field without a row is EffectUnknown.
func (t Table) EffectOn(workload string, from, to *plan.Plan, c plan.Change) Effect {
	worst := EffectNone
	for _, leaf := range c.Leaves() {
		effect := t.effectOf(FieldOf(to.SpecPath(leaf.Path)))
		if effect == nil {
			return EffectUnknown
		}
		worst = Worse(worst, effect.EffectOf(Changed{leaf, from, to, workload}))
	}
	return worst
}

// effectOf returns the effect of a field, or of the nearest field above it that has one.
func (t Table) effectOf(field string) ChangeEffect {
	for field != "" {
		for _, r := range t {
			if r.Field == field && r.Effect != nil {
				return r.Effect
			}
		}
		field = field[:max(strings.LastIndexByte(field, '.'), 0)]
	}
	return nil
}

// reached yields the workloads that a change at a path of the plan may affect.
func reached(from, to *plan.Plan, path diag.Path) iter.Seq[string] {
	return func(yield func(string) bool) {
		if path.Within("workloads.*") {
			yield(path[1])
			return
		}
		for name := range plan.Sorted(to.Workloads) {
			if _, both := from.Workloads[name]; both && !yield(name) {
				return
			}
		}
	}
}
