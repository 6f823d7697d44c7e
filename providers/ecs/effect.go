package ecs

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// meaning is what a change below a path means on ECS, with the reason beside it.
// A path is matched from its start; "*" matches any element, and the first row counts.
type meaning struct {
	path   []string
	effect func(kind plan.Kind) provider.Effect
}

func always(e provider.Effect) func(plan.Kind) provider.Effect {
	return func(plan.Kind) provider.Effect { return e }
}

// revision is a change of the task definition, of which ECS makes a new revision: a
// service rolls over to it, a schedule uses it from the next run on, and a task that
// was started once can only be started anew.
func revision(kind plan.Kind) provider.Effect {
	switch kind {
	case plan.Service:
		return provider.Rolling
	case plan.Cron:
		return provider.InPlace
	}
	return provider.Replacement
}

// inService is a change of the service or the schedule, neither of which touches what
// runs; a task that was started once has nothing to change but itself.
func inService(kind plan.Kind) provider.Effect {
	if kind == plan.Job {
		return provider.Replacement
	}
	return provider.InPlace
}

// workloadMeanings are of paths below workloads.NAME (API reference, UpdateService).
var workloadMeanings = []meaning{
	{[]string{"kind"}, always(provider.Replacement)}, // services, tasks and schedules are different things
	{[]string{"replicas"}, inService},                // desiredCount, TaskCount
	{[]string{"autoscale"}, inService},               // the scalable target
	{[]string{"schedule"}, inService},                // the schedule
	{[]string{"timezone"}, inService},                // the schedule
	{[]string{"concurrency"}, always(provider.EffectNone)},
	{[]string{"rollout"}, inService}, // deploymentConfiguration counts from the next deployment on
	{[]string{"accept"}, always(provider.EffectNone)},
	{[]string{"ingress"}, always(provider.EffectNone)}, // the load balancer's own
	{[]string{"placement", "spread"}, revision},        // placementStrategy, with a new deployment
	// A port's protocol cannot change in a Service Connect service (PortMapping: protocol).
	{[]string{"containers", "*", "ports", "*", "protocol"}, always(provider.Replacement)},
	{[]string{"extension", "healthCheckGracePeriodSeconds"}, inService},
	{nil, revision},
}

// tenantMeanings are of paths in the tenant's extension, for each workload. What
// CreateService alone takes needs another service.
var tenantMeanings = []meaning{
	{[]string{"cluster"}, always(provider.Replacement)},
	{[]string{"launchType"}, always(provider.Replacement)},
	{[]string{"schedulerRoleArn"}, func(kind plan.Kind) provider.Effect {
		if kind == plan.Cron {
			return provider.InPlace
		}
		return provider.EffectNone
	}},
	{nil, revision},
}

// effect says what a change of the plan means.
func effect(from, to *plan.Plan, c plan.Change) provider.Effect {
	if len(c.Path) == 0 {
		return provider.EffectNone
	}
	rest := c.Path[1:]
	switch c.Path[0] {
	case "workloads":
		return workloadEffect(to, c)
	case "labels":
		return provider.InPlace // tags of what exists
	case "config":
		return worst(from, to, nil, reads(rest, func(e plan.EnvValue) string { return e.Config }, func(m plan.Mount) string { return m.Config }))
	case "secrets":
		return worst(from, to, nil, reads(rest, func(e plan.EnvValue) string { return e.Secret }, nil))
	case "extension":
		return extensionEffect(from, to, rest, c)
	}
	return provider.EffectNone
}

// extensionEffect is of a path in the tenant's extension, or of the whole of it: then
// the most severe of what it holds.
func extensionEffect(from, to *plan.Plan, rest []string, c plan.Change) provider.Effect {
	if len(rest) > 0 {
		if rest[0] == "secrets" {
			return worst(from, to, nil, reads(rest[1:], func(e plan.EnvValue) string { return e.Secret }, nil))
		}
		return worst(from, to, rest, func(plan.Workload) bool { return true })
	}
	most := 0
	for _, value := range []any{c.Old, c.New} {
		fields, _ := value.(map[string]any)
		for field, v := range fields {
			if field != "launchType" || v != fargate { // the default says nothing new
				most = max(most, slices.Index(severity, extensionEffect(from, to, []string{field}, c)))
			}
		}
	}
	return severity[most]
}

func workloadEffect(to *plan.Plan, c plan.Change) provider.Effect {
	switch {
	case len(c.Path) < 2:
		return provider.Rolling
	case len(c.Path) == 2 && c.Kind == plan.Added:
		return provider.EffectCreate
	case len(c.Path) == 2 && c.Kind == plan.Removed:
		return provider.EffectDestroy
	}
	return lookUp(workloadMeanings, c.Path[2:], to.Workloads[c.Path[1]].Kind)
}

func lookUp(table []meaning, path []string, kind plan.Kind) provider.Effect {
	for _, m := range table {
		if len(path) >= len(m.path) && matches(m.path, path) {
			return m.effect(kind)
		}
	}
	return provider.EffectNone
}

func matches(pattern, path []string) bool {
	for i, p := range pattern {
		if p != "*" && p != path[i] {
			return false
		}
	}
	return true
}

// reads selects the workloads with a container that reads what the path begins with,
// or all where the path is of everything.
func reads(path []string, env func(plan.EnvValue) string, mount func(plan.Mount) string) func(plan.Workload) bool {
	return func(w plan.Workload) bool {
		for _, container := range w.Containers {
			for _, e := range container.Env {
				if used := env(e); used != "" && (len(path) == 0 || used == path[0]) {
					return true
				}
			}
			for _, m := range container.Mounts {
				if mount != nil && mount(m) != "" && (len(path) == 0 || mount(m) == path[0]) {
					return true
				}
			}
		}
		return false
	}
}

// severity orders the effects on a workload that stays.
var severity = []provider.Effect{provider.EffectNone, provider.InPlace, provider.Rolling, provider.Replacement}

// worst is the most severe effect of a change at path, as of tenantMeanings, on a
// workload that is in both plans and concerned.
func worst(from, to *plan.Plan, path []string, concerned func(plan.Workload) bool) provider.Effect {
	most := 0
	for wname, w := range to.Workloads {
		if _, stays := from.Workloads[wname]; stays && concerned(w) {
			most = max(most, slices.Index(severity, lookUp(tenantMeanings, path, w.Kind)))
		}
	}
	return severity[most]
}
