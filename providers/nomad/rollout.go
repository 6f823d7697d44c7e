package nomad

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// update is an update block: MaxParallel copies are replaced at a time, each after it was
// stopped; Canary copies are started first, in addition to the old ones.
type update struct {
	MaxParallel, Canary           int
	MinHealthy, Healthy, Progress seconds
}

// updateOf returns the update block of a service's group. If no copy may be missing, all are
// started in addition to the old ones, which then end together. If no copy may be extra, a
// percentage that rounds to no copy becomes one missing copy.
//
// A copy that starts slowly has the time that its checks give it, besides what Nomad gives every copy: the deadline
// counts from the placement of the copy, its image's download included
// (client/allocrunner/health_hook.go; checked 2026-11-28).
func updateOf(w plan.Workload, pace updatePace) update {
	u := update{
		MaxParallel: 1,
		MinHealthy:  defaultMinHealthyTime,
		Healthy:     defaultHealthyDeadline + slowestStart(w),
		Progress:    defaultProgressDeadline,
	}
	if r := w.Rollout; r != nil {
		if r.MaxUnavailable != nil {
			u.MaxParallel = share(*r.MaxUnavailable, w.MostReplicas(), false)
			if u.MaxParallel == 0 && (r.MaxSurge == nil || r.MaxSurge.N > 0) {
				u.Canary = w.MostReplicas()
			}
			u.MaxParallel = max(u.MaxParallel, 1)
		}
		if r.HealthyDeadlineSeconds > 0 {
			u.Healthy = seconds(r.HealthyDeadlineSeconds)
		}
	}
	u.MinHealthy = min(u.MinHealthy, u.Healthy-1)
	u.Progress = max(u.Progress, u.Healthy+60, seconds(w.StopGraceSeconds))
	if pace.MinHealthyTime != nil {
		u.MinHealthy = *pace.MinHealthyTime
	}
	if pace.ProgressDeadline != nil {
		u.Progress = *pace.ProgressDeadline
	}
	return u
}

// share returns a count of copies, or a percentage of them rounded up or down.
func share(c plan.Count, copies int, up bool) int {
	if !c.Percent {
		return c.N
	}
	n := c.N * copies
	if up {
		n += 99
	}
	return n / 100
}

// rollout: bounds and order of the deadlines (structs.UpdateStrategy.Validate,
// structs.Task.Validate), and no canaries beside volumes of each copy's own
// (structs.VolumeRequest.Validate).
func rollout(c *check, w *workload) {
	if w.Kind.Ends() {
		if w.Ext.Update != (updatePace{}) {
			d := c.Errorf(diag.Conflict, w.AtExtension("update"), "update is only for services, which a %s is not", w.Kind)
			d.Docs = docs + "update"
		}
		return
	}
	u := updateOf(w.Workload, w.Ext.Update)
	switch {
	case u.MinHealthy >= u.Healthy:
		d := c.Errorf(diag.Conflict, w.AtExtension("update", "minHealthyTime"), "a minHealthyTime of %s is not less than the healthyDeadline of %s", u.MinHealthy, u.Healthy)
		d.Docs = docs + "update#min_healthy_time"
	case u.Progress > 0 && u.Healthy >= u.Progress:
		d := c.Errorf(diag.Conflict, w.AtExtension("update", "progressDeadline"), "a progressDeadline of %s is not more than the healthyDeadline of %s", u.Progress, u.Healthy)
		d.Docs = docs + "update#progress_deadline"
	case u.Progress > 0 && seconds(w.StopGraceSeconds) > u.Progress:
		d := c.Errorf(diag.Conflict, w.AtExtension("update", "progressDeadline"), "a progressDeadline of %s is less than the stopGrace of %s", u.Progress, seconds(w.StopGraceSeconds))
		d.Docs = docs + "update#progress_deadline"
	}
	if slow := slowestStart(w.Workload); w.Rollout != nil && w.Rollout.HealthyDeadlineSeconds > 0 && slow+u.MinHealthy > u.Healthy {
		d := c.Approximate("rollout", w.At("rollout", "healthyDeadline"), "a copy that takes the %s that its checks give it to start has failed after the healthyDeadline of %s", slow, u.Healthy)
		d.Help = "let healthyDeadline be longer than the checks' startDelay, or leave it out"
		d.Docs = docs + "update#healthy_deadline"
	}
	if u.Canary > 0 {
		withoutGap(c, w, u)
	}
}

// slowestStart returns the longest start time that checks allow a container of the workload.
func slowestStart(w plan.Workload) seconds {
	var slow seconds
	for _, container := range w.Containers {
		if container.Role == plan.Init {
			continue
		}
		slow = max(slow, grace(container))
		if container.Ready != nil {
			slow = max(slow, seconds(container.Ready.StartDelaySeconds))
		}
	}
	return slow
}

// withoutGap checks a rollout in which no copy may be missing.
func withoutGap(c *check, w *workload, u update) {
	path := w.At("rollout", "maxUnavailable")
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Persistent != nil {
			d := c.Errorf(diag.Conflict, path, "no copy may be missing, and nomad starts no extra one while each has its own volume %q", name)
			d.Help = "let maxUnavailable be 1 or more"
			d.Docs = docs + "volume#per_alloc"
			return
		}
	}
	staticPorts(c, w, u, path)
	surge := w.Rollout.MaxSurge
	switch {
	case surge != nil && share(*surge, u.Canary, true) < u.Canary:
		d := c.Approximate("rollout", w.At("rollout", "maxSurge"), "nomad starts %d extra copies, not %s, where none may be missing", u.Canary, surge)
		d.Help = "let maxUnavailable be 1 or more, or maxSurge 100%"
		d.Docs = docs + "update#canary"
	case w.Autoscale != nil:
		d := c.Approximate("rollout", path, "nomad starts %d extra copies, as many as autoscale allows, however many run", u.Canary)
		d.Help = "let maxUnavailable be 1 or more"
		d.Docs = docs + "update#canary"
	}
}

// staticPorts: a machine's port is one copy's, so an extra copy is placed only where another machine has it free
// (NetworkIndex.AddReserved in nomad/structs/network.go; checked 2026-11-28).
func staticPorts(c *check, w *workload, u update, path diag.Path) {
	for _, port := range plan.Sorted(w.Ports()) {
		if port.Expose != "public" {
			continue
		}
		d := c.Approximate("rollout", path, "no copy may be missing, so nomad starts %d beside the old ones, each with port %d of a machine of its own: with fewer than %d machines a rollout never ends", u.Canary, port.Number, u.Canary+w.MostReplicas())
		d.Help = "let maxUnavailable be 1, so that the old copy leaves its port first"
		d.Docs = docs + "network#static-ports"
		return
	}
}

// killTimeout: clients cut a kill_timeout down to their max_kill_timeout
// (client/allocrunner/taskrunner.NewDriverHandle).
func killTimeout(c *check, w *workload) {
	if grace := seconds(w.StopGraceSeconds); grace > c.Ext.MaxKillTimeout {
		d := c.Approximate("stopGrace", w.At("stopGrace"), "nomad clients kill after %s, before a stopGrace of %s is over", c.Ext.MaxKillTimeout, grace)
		d.Help = "where the clients' max_kill_timeout is longer, say so in extensions.nomad.maxKillTimeout"
		d.Docs = docs + "task#kill_timeout"
	}
}

// rolloutRows are the rows of how an update replaces copies.
var rolloutRows = provider.Table{
	{Field: "workloads.rollout.maxUnavailable", When: "above none", Level: exact, How: "`max_parallel` of the `update` block"},
	{Field: "workloads.rollout.maxUnavailable", When: "none, and maxSurge is all", Level: exact, How: "`canary` for all copies, with `auto_promote`"},
	{Field: "workloads.rollout.maxUnavailable", When: "none, with a public port", Level: approximated, How: "each extra copy needs a machine where the port is free", Instead: "let maxUnavailable be 1 or more"},
	{Field: "workloads.rollout.maxUnavailable", When: "none, and copies scale", Level: approximated, How: "all copies are started again before the old ones end", Instead: "let maxUnavailable be 1 or more, or maxSurge 100%"},
	{Field: "workloads.rollout.maxSurge", Level: exact, How: "the most that may run extra; where a copy may be missing, none does"},
	{Field: "workloads.rollout.maxSurge", When: "less than all, and no copy may be missing", Level: approximated, How: "all copies are started again before the old ones end", Instead: "let maxUnavailable be 1 or more, or maxSurge 100%"},
	{Field: "workloads.rollout.healthyDeadline", Level: exact, How: "`healthy_deadline`; left out, five minutes more than the checks give a start"},
	{Field: "workloads.rollout.healthyDeadline", When: "shorter than the checks' startDelay", Level: approximated, How: "a copy that takes that long has failed", Instead: "let it be longer, or leave it out"},
	{Field: "workloads.rollout.rollback", Level: exact, How: "`auto_revert`"},
}

// stopRows are the rows of how a container is stopped.
var stopRows = provider.Table{
	{Field: "workloads.stopGrace", When: "up to the clients' max_kill_timeout", Level: exact, How: "`kill_timeout`"},
	{Field: "workloads.stopGrace", When: "beyond the clients' max_kill_timeout", Level: approximated, How: "clients cut it down to that", Instead: "where max_kill_timeout is longer, say so in extensions.nomad.maxKillTimeout"},
}
