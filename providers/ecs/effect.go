package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// meaning is what a change below a path means on ECS, with the reason beside it.
// The first row within whose path the change is counts.
type meaning struct {
	path   string
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
	{"kind", always(provider.Replacement)}, // services, tasks and schedules are different things
	{"replicas", inService},                // desiredCount, TaskCount
	{"autoscale", inService},               // the scalable target
	{"schedule", inService},                // the schedule
	{"timezone", inService},                // the schedule
	{"concurrency", always(provider.EffectNone)},
	{"rollout", inService}, // deploymentConfiguration counts from the next deployment on
	{"accept", always(provider.EffectNone)},
	{"ingress", always(provider.EffectNone)}, // the load balancer's own
	{"placement.spread", revision},           // placementStrategy, with a new deployment
	// A port's protocol cannot change in a Service Connect service (PortMapping: protocol).
	{"containers.*.ports.*.protocol", always(provider.Replacement)},
	{"extension.healthCheckGracePeriodSeconds", inService},
	{"", revision},
}

// tenantMeanings are of paths in the tenant's extension, for each workload. What
// CreateService alone takes needs another service.
var tenantMeanings = []meaning{
	{"cluster", always(provider.Replacement)},
	{"launchType", always(provider.Replacement)},
	{"schedulerRoleArn", func(kind plan.Kind) provider.Effect {
		if kind == plan.Cron {
			return provider.InPlace
		}
		return provider.EffectNone
	}},
	{"", revision},
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
func extensionEffect(from, to *plan.Plan, rest diag.Path, c plan.Change) provider.Effect {
	if len(rest) > 0 {
		if rest[0] == "secrets" {
			return worst(from, to, nil, reads(rest[1:], func(e plan.EnvValue) string { return e.Secret }, nil))
		}
		return worst(from, to, rest, func(plan.Workload) bool { return true })
	}
	most := provider.EffectNone
	for _, value := range []any{c.Old, c.New} {
		fields, _ := value.(map[string]any)
		for field, v := range fields {
			if field != "launchType" || v != fargate { // the default says nothing new
				most = provider.Worse(most, extensionEffect(from, to, diag.At(field), c))
			}
		}
	}
	return most
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

func lookUp(table []meaning, path diag.Path, kind plan.Kind) provider.Effect {
	for _, m := range table {
		if path.Within(m.path) {
			return m.effect(kind)
		}
	}
	return provider.EffectNone
}

// reads selects the workloads with a container that reads what the path begins with,
// or all where the path is of everything.
func reads(path diag.Path, env func(plan.EnvValue) string, mount func(plan.Mount) string) func(plan.Workload) bool {
	named := func(name string) bool { return name != "" && (len(path) == 0 || name == path[0]) }
	return func(w plan.Workload) bool {
		return w.Reads(
			func(e plan.EnvValue) bool { return named(env(e)) },
			func(m plan.Mount) bool { return mount != nil && named(mount(m)) })
	}
}

// worst is the most severe effect of a change at path, as of tenantMeanings, on a
// workload that is in both plans and concerned.
func worst(from, to *plan.Plan, path diag.Path, concerned func(plan.Workload) bool) provider.Effect {
	most := provider.EffectNone
	for wname, w := range to.Workloads {
		if _, stays := from.Workloads[wname]; stays && concerned(w) {
			most = provider.Worse(most, lookUp(tenantMeanings, path, w.Kind))
		}
	}
	return most
}
