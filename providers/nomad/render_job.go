package nomad

import (
	"cmp"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// unpatched returns the job of a workload before its patch, with one group of tasks.
func (r *renderer) unpatched(w *workload) *api.Job {
	id := nativeName(r.Plan.ID, w.Name)
	job := &api.Job{
		Region:      &r.Ext.Region,
		Namespace:   &r.Ext.Namespace,
		ID:          &id,
		Name:        &id,
		Type:        new("batch"),
		Priority:    &w.Ext.Priority,
		Datacenters: r.Ext.Datacenters,
		NodePool:    new(nodePool(r.tenant, w)),
		Constraints: constraintsOf(w),
		Affinities:  affinitiesOf(w),
		TaskGroups:  []*api.TaskGroup{r.group(w)},
		Spreads:     spreadsOf(w),
		Meta:        r.Plan.Labels,
	}
	switch w.Kind {
	case plan.Service:
		job.Type = new("service")
	case plan.Daemon:
		job.Type = new("system")
	case plan.Cron:
		job.Periodic = &api.PeriodicConfig{
			Enabled:         new(true),
			Specs:           []string{w.Schedule},
			SpecType:        new("cron"),
			ProhibitOverlap: new(w.Concurrency == "forbid"),
			TimeZone:        &w.Timezone,
		}
	}
	return job
}

// nodePool returns the pool of machines for a workload.
func nodePool(t *tenant, w *workload) string { return cmp.Or(w.Ext.NodePool, t.Ext.NodePool) }

// group returns the task group, the unit of placement, copies and updates.
func (r *renderer) group(w *workload) *api.TaskGroup {
	net := r.networkOf(w)
	group := &api.TaskGroup{
		Name:             &w.Name,
		Count:            &w.Replicas,
		Networks:         []*api.NetworkResource{net.resource()},
		Services:         net.group,
		Volumes:          volumeRequests(r.tenant, w),
		EphemeralDisk:    ephemeralDisk(w),
		RestartPolicy:    restartBlock(w),
		ReschedulePolicy: rescheduleBlock(w),
		Update:           updateBlock(w),
		Scaling:          scalingBlock(w),
		MaxRunDuration:   lasting(seconds(w.TimeoutSeconds)),
		Meta:             w.Ext.Meta,
	}
	at := stages(w.Workload)
	for name, container := range plan.Sorted(w.Containers) {
		task := r.task(w, name, container, net)
		task.Lifecycle = lifecycle(w, container, at[name])
		group.Tasks = append(group.Tasks, task)
	}
	// The delay applies where services leave the catalog first.
	if delay := shutdownDelay(w); net.inGroup {
		group.ShutdownDelay = lasting(delay)
	} else {
		for _, task := range group.Tasks {
			task.ShutdownDelay = delay.duration()
		}
	}
	return group
}

// shutdownDelay is the time from leaving the catalog to the stop signal: where the author states none, as long as
// those who found a service there may go on using it. A template is written again within its splay, and a gateway
// reads the catalog at intervals.
func shutdownDelay(w *workload) seconds {
	exposed := false
	for _, port := range w.Ports() {
		exposed = exposed || port.Expose != "none"
	}
	switch {
	case w.Ext.ShutdownDelay != nil:
		return *w.Ext.ShutdownDelay
	case w.Kind.Ends() || !exposed:
		return 0
	case len(w.Ingress) > 0:
		return gatewayRefresh + defaultSplay
	}
	return defaultSplay
}

// lifecycle puts a task into its stage. A task that runs on is a sidecar to Nomad, which
// restarts it when it ends, and stops it with the main tasks
// (client/allocrunner/taskrunner/restarts.NewRestartTracker; the lifecycle block).
func lifecycle(w *workload, container plan.Container, s stage) *api.TaskLifecycle {
	hook := map[stage]string{prestart: api.TaskLifecycleHookPrestart, poststart: api.TaskLifecycleHookPoststart}[s]
	if hook == "" {
		return nil
	}
	runsOn := container.Role == plan.Sidecar || container.Role == plan.Main && !w.Kind.Ends()
	return &api.TaskLifecycle{Hook: hook, Sidecar: runsOn}
}

func restartBlock(w *workload) *api.RestartPolicy {
	r := restartOf(w.Workload, w.Ext.Restart)
	return &api.RestartPolicy{
		Interval: new(r.Interval.duration()),
		Attempts: &r.Attempts,
		Delay:    new(r.Delay.duration()),
		Mode:     &r.Mode,
	}
}

// rescheduleBlock prevents Nomad from restarting a failed copy on another machine: attempts are
// those of restart. A service has Nomad's own block, which replaces copies for ever.
func rescheduleBlock(w *workload) *api.ReschedulePolicy {
	if w.Kind == plan.Daemon {
		return nil // not allowed in a system job, whose copies belong to their machines
	}
	if !w.Kind.Ends() && w.Restart.Policy != plan.RestartNever {
		return nil
	}
	return &api.ReschedulePolicy{Attempts: new(0), Unlimited: new(false)}
}

// updateBlock is only for services: Nomad refuses it in batch jobs
// (structs.TaskGroup.Validate).
func updateBlock(w *workload) *api.UpdateStrategy {
	if w.Kind.Ends() {
		return nil
	}
	u := updateOf(w.Workload, w.Ext.Update)
	block := &api.UpdateStrategy{
		MaxParallel:      &u.MaxParallel,
		MinHealthyTime:   new(u.MinHealthy.duration()),
		HealthyDeadline:  new(u.Healthy.duration()),
		ProgressDeadline: new(u.Progress.duration()),
		AutoRevert:       new(w.Rollout != nil && w.Rollout.Rollback),
	}
	if u.Canary > 0 {
		block.Canary = &u.Canary
		block.AutoPromote = new(true)
	}
	return block
}

// scalingBlock is for the Nomad Autoscaler: it keeps the mean utilisation near a target
// (https://developer.hashicorp.com/nomad/tools/autoscaling/policy).
func scalingBlock(w *workload) *api.ScalingPolicy {
	if w.Autoscale == nil {
		return nil
	}
	var checks []any
	for _, t := range scaleTargets(w) {
		checks = append(checks, map[string]any{t.name: []any{map[string]any{
			"source":   "nomad-apm",
			"query":    t.query,
			"strategy": []any{map[string]any{"target-value": []any{map[string]any{"target": t.target}}}},
		}}})
	}
	return &api.ScalingPolicy{
		Enabled: new(true),
		Min:     new(int64(w.Autoscale.Min)),
		Max:     new(int64(w.Autoscale.Max)),
		Policy:  map[string]any{"check": checks},
	}
}

func (s seconds) duration() time.Duration { return time.Duration(s) * time.Second }

// lasting returns a duration, or nil for none.
func lasting(s seconds) *time.Duration {
	if s == 0 {
		return nil
	}
	return new(s.duration())
}

// jobRows are the rows of jobs.
var jobRows = provider.Table{
	{Field: "workloads", Level: exact, How: "a job called TENANT-WORKLOAD with one group", Effect: inPlace, Source: "scheduler/util.go, tasksUpdated: what it does not compare changes in place"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "a job of type service", Effect: replacement, Source: "nomad/job_endpoint.go, validateJobUpdate, refuses another type"},
	{Field: "workloads.kind", When: "daemon", Level: exact, How: "a job of type system"},
	{Field: "workloads.kind", When: "job", Level: exact, How: "a job of type batch"},
	{Field: "workloads.kind", When: "cron", Level: exact, How: "a `periodic` job of type batch"},
	{Field: "workloads.accept", Effect: none},
}
