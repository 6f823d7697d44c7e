package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// revision is a change of the task definition, of which ECS makes a new revision: a
// service rolls over to it, a schedule uses it from the next run on, and a task that
// was started once can only be started again.
const revision = provider.Rolling

// inService is a change of the service or the schedule, neither of which touches what
// runs; a task that was started once has nothing to change but itself (API reference,
// UpdateService, which says of each parameter whether it triggers a new deployment).
var inService = provider.ByKind{Service: inPlace, Cron: inPlace, Job: replacement}

// extensionRows are the rows of the extensions' fields. What CreateService alone takes needs another
// service.
var extensionRows = provider.Table{
	{Field: "extensions.ecs", Effect: revision},
	{Field: "extensions.ecs.cluster", Effect: replacement, Source: "API reference, CreateService: cluster"},
	{Field: "extensions.ecs.launchType", Effect: provider.EffectFunc(launched), Source: "API reference, CreateService: launchType"},
	{Field: "extensions.ecs.schedulerRoleArn", Effect: provider.ByKind{Service: none, Cron: inPlace, Job: none}},
	{Field: "extensions.ecs.secrets", Effect: provider.OnReaders(revision)},
	{Field: "extensions.ecs.volumes", Effect: provider.EffectFunc(func(c provider.Changed) provider.Effect { return fileSystemEffect(c, c.Path[2:]) })},

	{Field: "workloads.extensions.ecs.patch", Effect: provider.EffectFunc(patchedEffect), Source: "API reference, UpdateService"},
	{Field: "workloads.extensions.ecs.healthCheckGracePeriodSeconds", Effect: inService},
	{Field: "workloads.extensions.ecs.capacityProviders", Effect: inService},
	{Field: "workloads.extensions.ecs.placementConstraints", Effect: inService},
	{Field: "workloads.extensions.ecs.placementStrategy", Effect: inService},
	{Field: "workloads.extensions.ecs.retryPolicy", Effect: inService, Source: "the schedule's target"},
	{Field: "workloads.extensions.ecs.deadLetterArn", Effect: inService, Source: "the schedule's target"},
	{Field: "workloads.extensions.ecs.volumes", Effect: provider.EffectFunc(func(c provider.Changed) provider.Effect { return fileSystemEffect(c, c.Path[4:]) })},
}

// launched: setting the default explicitly changes nothing.
func launched(c provider.Changed) provider.Effect {
	if c.Kind == plan.Added && c.New == fargate || c.Kind == plan.Removed && c.Old == fargate {
		return none
	}
	return replacement
}

// storedVolume: a file system's size and kind do not depend on it. Only an added or removed
// volume changes the task definition.
func storedVolume(c provider.Changed) provider.Effect {
	volume := c.Path[3]
	if c.Was().Volumes[volume].Persistent != nil && c.Is().Volumes[volume].Persistent != nil {
		return none
	}
	return revision.EffectOf(c)
}

// fileSystemEffect is the effect of a change of a volume's file system; path is the beginning
// of its path. The data stays there: tasks that mount another file system, or another directory
// of it, see that one's data.
func fileSystemEffect(c provider.Changed, path []string) provider.Effect {
	was, errWas := decode(c.From)
	is, errIs := decode(c.To)
	if errWas != nil || errIs != nil || len(path) == 0 {
		return provider.EffectUnknown // for plans with errors
	}
	old, _ := was.Find(c.Workload)
	now, _ := is.Find(c.Workload)
	effect := none
	for vname, v := range old.Volumes {
		of := v.Shared
		if v.Persistent != nil {
			of = vname
		}
		if of != path[0] {
			continue
		}
		before, _ := was.fileSystem(old, vname)
		after, _ := is.fileSystem(now, vname)
		if n := now.Volumes[vname]; (n.Persistent != nil || n.Shared != "") && before.place() != after.place() {
			return provider.DataLoss
		}
		effect = revision.EffectOf(c)
	}
	return effect
}
