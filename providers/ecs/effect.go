package ecs

import (
	"slices"

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
// was started once can only be started again.
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

// workloadMeanings are of paths below workloads.NAME (API reference, UpdateService, which
// says of each parameter whether it triggers a new deployment).
var workloadMeanings = []meaning{
	{"kind", always(provider.Replacement)}, // services, tasks and schedules are different things
	{"replicas", inService},                // desiredCount, TaskCount
	{"autoscale", inService},               // the scalable target
	{"schedule", inService},                // the schedule
	{"timezone", inService},                // the schedule
	{"concurrency", always(provider.EffectNone)},
	{"rollout", inService}, // deploymentConfiguration counts from the next deployment on
	{"accept", always(provider.EffectNone)},
	{"containers.*.accept", always(provider.EffectNone)},
	{"ingress", always(provider.EffectNone)}, // the load balancer's own
	{"placement.spread", inService},          // placementStrategy, for tasks that are placed from then on
	// A port's protocol cannot change in a Service Connect service (PortMapping: protocol).
	{"containers.*.ports.*.protocol", always(provider.Replacement)},
	{"extension.healthCheckGracePeriodSeconds", inService},
	{"extension.capacityProviders", inService},
	{"extension.placementConstraints", inService},
	{"extension.placementStrategy", inService},
	{"extension.retryPolicy", inService},   // the schedule's target
	{"extension.deadLetterArn", inService}, // likewise
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
	most := provider.EffectNone
	for _, leaf := range c.Leaves() {
		most = provider.Worse(most, leafEffect(from, to, leaf))
	}
	return most
}

func leafEffect(from, to *plan.Plan, c plan.Change) provider.Effect {
	if len(c.Path) == 0 {
		return provider.EffectNone
	}
	rest := c.Path[1:]
	switch c.Path[0] {
	case "workloads":
		return workloadEffect(from, to, rest)
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

// extensionEffect is of a path in the tenant's extension.
func extensionEffect(from, to *plan.Plan, rest diag.Path, c plan.Change) provider.Effect {
	switch {
	case rest.Within("launchType") && (c.Kind == plan.Added && c.New == fargate || c.Kind == plan.Removed && c.Old == fargate):
		return provider.EffectNone // the default says nothing new
	case rest.Within("secrets"):
		return worst(from, to, nil, reads(rest[1:], func(e plan.EnvValue) string { return e.Secret }, nil))
	case rest.Within("volumes.*"):
		return fileSystemEffect(from, to, func(wname, vname string) bool { return vname == rest[1] })
	}
	return worst(from, to, rest, func(plan.Workload) bool { return true })
}

// workloadEffect is of a path that begins with the workload's name.
func workloadEffect(from, to *plan.Plan, path diag.Path) provider.Effect {
	if len(path) < 2 {
		return provider.Rolling
	}
	name, rest := path[0], path[1:]
	switch old, w := from.Workloads[name], to.Workloads[name]; {
	case rest.Within("volumes.*.persistent") && old.Volumes[rest[1]].Persistent != nil && w.Volumes[rest[1]].Persistent != nil:
		return provider.EffectNone // a file system has the size and the kind that it has
	case rest.Within("extension.volumes.*"):
		return fileSystemEffect(from, to, func(wname, vname string) bool { return wname == name && vname == rest[2] })
	default:
		return lookUp(workloadMeanings, rest, w.Kind)
	}
}

// fileSystemEffect is of where the persistent volumes concerned live. What they hold
// stays there: tasks that mount another file system, or another directory of it, begin
// with what that one holds.
func fileSystemEffect(from, to *plan.Plan, concerned func(wname, vname string) bool) provider.Effect {
	was, _, errWas := newTenant(from)
	is, _, errIs := newTenant(to)
	if errWas != nil || errIs != nil {
		return provider.EffectUnknown // of plans that Validate does not pass
	}
	most := provider.EffectNone
	for _, old := range was.workloads {
		i := slices.IndexFunc(is.workloads, func(w *workload) bool { return w.name == old.name })
		for vname, v := range old.Volumes {
			if i < 0 || v.Persistent == nil || !concerned(old.name, vname) {
				continue
			}
			before, _ := was.fileSystem(old, vname)
			after, _ := is.fileSystem(is.workloads[i], vname)
			if is.workloads[i].Volumes[vname].Persistent != nil && before.place() != after.place() {
				return provider.DataLoss
			}
			most = provider.Worse(most, revision(is.workloads[i].Kind))
		}
	}
	return most
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
