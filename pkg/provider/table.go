package provider

import (
	"iter"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Row is all that a provider says of a field of the spec: what becomes of it, and what a
// change of it means for what runs. See [Support] for the first five.
type Row struct {
	Field   string
	When    string
	Level   Level // empty: the row is about changes alone, as those of extensions are
	How     string
	Instead string

	// Effect is that of a change of the field; nil: that of the nearest field above it.
	// Where a field has several rows, the first that has one counts.
	Effect ChangeEffect

	// Source is where the platform's code or documentation says so. A level is also the
	// business of a rule, which has its own.
	Source string
}

// Table is what a provider makes of all fields of the spec, and of its extensions, in the
// spec's order.
type Table []Row

// Support returns what [Info] publishes of the table.
func (t Table) Support() []Support {
	var all []Support
	for _, r := range t {
		if r.Level != "" {
			all = append(all, Support{r.Field, r.When, r.Level, r.How, r.Instead})
		}
	}
	return all
}

// Effect says what a change of a plan means, for [NewRecorder]. What a change of the tenant
// means is the worst of what it means to a workload that is in both plans.
func (t Table) Effect(from, to *plan.Plan, c plan.Change) Effect {
	worst := EffectNone
	for name := range reached(from, to, c.Path) {
		worst = Worse(worst, t.EffectOn(name, from, to, c))
	}
	return worst
}

// EffectOn says what a change means to one workload, that it is in or that it may reach: the
// worst of the change's parts. A field that no row speaks of is EffectUnknown.
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

// effectOf looks for the effect of a field, or of the nearest above it that has one.
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

// reached walks the workloads that a change at a path of the plan is about.
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
