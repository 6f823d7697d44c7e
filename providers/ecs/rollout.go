package ecs

import (
	"fmt"
	"iter"
	"math"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func rollout(c *check, w *workload) {
	r := w.Rollout
	if r == nil {
		return
	}
	if vname := w.writesTo(); vname != "" {
		c.oneWriter(w, r, vname)
	} else {
		c.rolloutPercent(w, r)
	}
	if r.HealthyDeadlineSeconds > 0 {
		c.approximate("rollout", w.At("rollout", "healthyDeadline"), deploymentDocs, "",
			"ecs sets no deadline for a new copy: an update fails after several tasks have failed to start or to become healthy")
	}
}

// oneWriter reports a rollout with which two tasks would write to one volume.
func (c *check) oneWriter(w *workload, r *plan.Rollout, vname string) {
	help := fmt.Sprintf("leave it out: ecs stops the task that writes to %q, then starts the next", vname)
	if r.MaxSurge != nil && r.MaxSurge.N > 0 {
		c.report(diag.Conflict, w.At("rollout", "maxSurge"), deploymentDocs, help, "an extra copy would write to volume %q together with the old one", vname)
	}
	if r.MaxUnavailable != nil && r.MaxUnavailable.N == 0 {
		c.report(diag.Conflict, w.At("rollout", "maxUnavailable"), deploymentDocs, help, "a copy that is replaced without a gap would write to volume %q together with the new one", vname)
	}
}

// rolloutPercent reports counts that percentages cannot express.
func (c *check) rolloutPercent(w *workload, r *plan.Rollout) {
	minimum, largest := w.copiesRange()
	p := deploymentPercent(r, minimum, largest)
	copies := fmt.Sprint(largest)
	if minimum < largest {
		copies = fmt.Sprintf("%d to %d", minimum, largest)
	}
	switch {
	case p.stuck:
		c.unsupported(w.At("rollout"), deploymentDocs, "leave maxSurge out, and ecs starts up to as many new copies as there are old ones",
			"ecs takes percentages, and no percentage keeps these counts for %s copies", copies)
	case p.beyond:
		c.approximate("rollout", w.At("rollout", "maxSurge"), deploymentDocs, "leave maxSurge out, or raise autoscale.min",
			"with %s copies ecs needs a maximum of %d%% to start a new one: up to %d run at once", copies, p.highest, largest*p.highest/100)
	case !p.exact:
		c.Notef("rollout", w.At("rollout"), "ecs takes the counts in percent of the tasks: at least %d%% and at most %d%%", p.lowest, p.highest)
	}
}

// writesTo returns the first persistent volume that the workload writes to.
func (w *workload) writesTo() string {
	for vname, v := range plan.Sorted(w.Volumes) {
		writes := func(m plan.Mount) bool { return m.Volume == vname && !m.ReadOnly }
		if v.Persistent != nil && w.Reads(nil, writes) {
			return vname
		}
	}
	return ""
}

// copiesRange is between how many copies a rollout has to do with. A service of no copies
// is scaled by hand: percentages hold for any number, counts are taken as of one copy.
func (w *workload) copiesRange() (minimum, largest int) {
	switch r := w.Rollout; {
	case w.Autoscale != nil:
		return w.Autoscale.Min, max(w.Autoscale.Min, w.Autoscale.Max)
	case w.Replicas > 0:
		return w.Replicas, w.Replicas
	case r != nil && (r.MaxUnavailable == nil || r.MaxUnavailable.Percent) && (r.MaxSurge == nil || r.MaxSurge.Percent):
		return 1, period
	}
	return 1, 1
}

// percent is a rollout in ECS's terms.
type percent struct {
	lowest, highest int  // minimumHealthyPercent, maximumPercent
	exact           bool // ECS keeps just as many copies as the counts say
	beyond          bool // ECS may run more extra copies than a stated percentage says
	stuck           bool // with these percentages ECS could not replace a copy
}

// period is the number of copies after which percentages round the same way again.
const period = 100

// deploymentPercent turns a rollout of least to largest copies into ECS's
// minimumHealthyPercent, which rounds up, and maximumPercent, which rounds down. What is left
// out is ECS's default. No more copies are missing than the rollout says, whatever their
// number, and no more extra ones run, unless a percentage of few copies rounds to none.
func deploymentPercent(r *plan.Rollout, minimum, largest int) percent {
	lowNeeded, lowWanted := 0, 100 // that miss no more copies, and that may miss as many
	highWanted, highAllowed := 100, math.MaxInt
	for n := range numbers(minimum, largest) {
		missing, extra := counts(r, n)
		if kept := n - missing; kept > 0 {
			lowNeeded = max(lowNeeded, 100*(kept-1)/n+1)
		}
		lowWanted = min(lowWanted, 100*(n-missing)/n)
		highWanted = max(highWanted, 100+(100*extra+n-1)/n)
		highAllowed = min(highAllowed, (100*(n+extra+1)-1)/n)
	}
	p := percent{
		lowest:  max(lowNeeded, lowWanted),
		highest: min(highWanted, highAllowed),
		exact:   lowNeeded <= lowWanted && highWanted <= highAllowed,
	}
	for n := range numbers(minimum, largest) {
		switch goesOn := (n*p.lowest+99)/100 < n || n*p.highest/100 > n; {
		case goesOn:
		case r.MaxSurge != nil && r.MaxSurge.Percent && r.MaxSurge.N > 0:
			p.highest, p.beyond = 100+(100+n-1)/n, true
		default:
			p.stuck = true
		}
	}
	return p
}

// numbers yields the numbers of copies from least to largest. Of very many it leaves out
// those in the middle, whose percentages are between those at the ends.
func numbers(minimum, largest int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := minimum; n <= largest && yield(n); n++ {
			if n == minimum+2*period && n < largest-2*period {
				n = largest - 2*period
			}
		}
	}
}

// counts are how many of n copies may be missing, and how many extra ones may run. A
// percentage that rounds to none in both becomes one missing copy, so that the update goes on.
func counts(r *plan.Rollout, n int) (missing, extra int) {
	extra = n * (defaultMost - 100) / 100
	if r.MaxUnavailable != nil {
		missing = min(resolve(*r.MaxUnavailable, n, 0), n)
	}
	if r.MaxSurge != nil {
		extra = resolve(*r.MaxSurge, n, 99)
	}
	if missing == 0 && extra == 0 {
		missing = 1
	}
	return missing, extra
}

// resolve is how many of n copies a count is; carry 99 rounds a percentage up, 0 down.
func resolve(count plan.Count, n, carry int) int {
	if !count.Percent {
		return count.N
	}
	return (count.N*n + carry) / 100
}

// rolloutRows are the rows of how an update replaces tasks.
var rolloutRows = provider.Table{
	{Field: "workloads.rollout", Level: exact, How: "`deploymentConfiguration`, with the deployment circuit breaker", Effect: inService, Source: "deploymentConfiguration counts from the next deployment on"},
	{Field: "workloads.rollout", When: "with counts that are no whole percentage of the copies", Level: approximated, How: "`minimumHealthyPercent` and `maximumPercent`, rounded"},
	{Field: "workloads.rollout", When: "with counts of an autoscaled service that no percentage keeps to", Level: unsupported, How: "ECS takes percentages only", Instead: "leave maxSurge out"},
	{Field: "workloads.rollout.maxUnavailable", Level: exact, How: "`minimumHealthyPercent`"},
	{Field: "workloads.rollout.maxSurge", Level: exact, How: "`maximumPercent`"},
	{Field: "workloads.rollout.maxSurge", When: "a percentage that of autoscale.min copies is none", Level: approximated, How: "`maximumPercent`, so that one copy can start", Instead: "leave it out, or raise autoscale.min"},
	{Field: "workloads.rollout.healthyDeadline", Level: approximated, How: "the deployment circuit breaker, which counts tasks that failed"},
	{Field: "workloads.rollout.rollback", Level: exact, How: "the deployment circuit breaker's `rollback`"},
}
