package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// rollout becomes percentages of the desired count, and the circuit breaker's rollback
// (API reference, DeploymentConfiguration).
func rollout(c *check, w *workload) {
	r := w.Rollout
	if r == nil {
		return
	}
	lowest, most, exact := deploymentPercent(r, w.Replicas)
	if w.Autoscale != nil {
		exact = isPercent(r.MaxUnavailable, 100-lowest) && isPercent(r.MaxSurge, most-100)
	}
	if !exact {
		c.Notef("rollout", w.at("rollout"), "ecs takes the counts in percent of the tasks: at least %d%% and at most %d%%", lowest, most)
	}
	if r.HealthyDeadlineSeconds > 0 {
		c.approximate("rollout", w.at("rollout", "healthyDeadline"), deploymentDocs, "",
			"ecs sets no deadline for a new copy: an update fails after several tasks have failed to start or to become healthy")
	}
}

// deploymentPercent turns a rollout of so many copies into ECS's minimumHealthyPercent,
// which rounds up, and maximumPercent, which rounds down. What is left out is ECS's
// default, 100 and 200. A percentage of few copies that comes to none in both becomes
// one missing copy, so that the update goes on. exact is whether ECS then keeps just
// as many copies.
func deploymentPercent(r *plan.Rollout, copies int) (lowest, most int, exact bool) {
	n := max(copies, 1)
	missing, extra := 0, n
	if r.MaxUnavailable != nil {
		missing = min(resolve(*r.MaxUnavailable, n, 0), n)
	}
	if r.MaxSurge != nil {
		extra = resolve(*r.MaxSurge, n, 99)
	}
	if missing == 0 && extra == 0 {
		missing = 1
	}
	lowest, most = 100*(n-missing)/n, 100+(100*extra+n-1)/n
	return lowest, most, (n*lowest+99)/100 == n-missing && n*most/100 == n+extra
}

// resolve is how many of n copies a count is; carry 99 rounds a percentage up, 0 down.
func resolve(count plan.Count, n, carry int) int {
	if !count.Percent {
		return count.N
	}
	return (count.N*n + carry) / 100
}

// isPercent reports whether the count, if there is one, is just that percentage.
func isPercent(count *plan.Count, percent int) bool {
	return count == nil || count.N == 0 && percent == 0 || count.Percent && count.N == percent
}
