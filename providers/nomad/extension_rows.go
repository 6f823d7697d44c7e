package nomad

import "github.com/cuecompute/cuecompute/pkg/provider"

// extensionRows are the rows of the extensions' fields.
var extensionRows = provider.Table{
	{Field: "extensions.nomad.namespace", Effect: provider.EffectFunc(movedJob)},
	{Field: "extensions.nomad.region", Effect: provider.EffectFunc(movedJob)},
	{Field: "extensions.nomad.datacenters", Effect: rolling, Source: "other machines"},
	{Field: "extensions.nomad.nodePool", Effect: provider.EffectFunc(movedVolumes), Source: "other machines"},
	{Field: "extensions.nomad.serviceProvider", Effect: rolling, Source: "templates of endpoints"},
	{Field: "extensions.nomad.mhzPerCore", Effect: rolling, Source: "task resources"},
	{Field: "extensions.nomad.memoryOversubscription", Effect: none, Source: "describes the cluster"},
	{Field: "extensions.nomad.maxKillTimeout", Effect: none, Source: "describes the cluster"},
	{Field: "extensions.nomad.vault", Effect: rolling, Source: "the task's vault block"},
	{Field: "extensions.nomad.ingress", Effect: inPlace, Source: "service tags"},
	{Field: "extensions.nomad.secrets", Effect: provider.OnReaders(rolling), Source: "templates"},
	{Field: "extensions.nomad.volumes", Effect: provider.EffectFunc(sharedStored)},
	{Field: "extensions.nomad.registries", Effect: provider.EffectFunc(pulledAgain), Source: "driver config, templates"},

	{Field: "workloads.extensions.nomad", Effect: rolling, Source: "driver, affinities, spreads, meta, network, resources"},
	{Field: "workloads.extensions.nomad.patch", Effect: provider.EffectFunc(patchedEffect), Source: "patchedInPlace and patchedRolling"},
	{Field: "workloads.extensions.nomad.constraints", Effect: inPlace},
	{Field: "workloads.extensions.nomad.priority", Effect: inPlace},
	{Field: "workloads.extensions.nomad.serviceTags", Effect: inPlace},
	{Field: "workloads.extensions.nomad.restart", Effect: inPlace},
	{Field: "workloads.extensions.nomad.update", Effect: inPlace},
	{Field: "workloads.extensions.nomad.shutdownDelay", Effect: inPlace},
	{Field: "workloads.extensions.nomad.volumes", Effect: provider.EffectFunc(movedVolumes)},
	{Field: "workloads.extensions.nomad.nodePool", Effect: provider.EffectFunc(movedVolumes)},
}

// movedJob: in another namespace or region it is another job, without the volumes of the first.
func movedJob(c provider.Changed) provider.Effect {
	if was := c.Was(); was.Persists() || len(c.From.Volumes) > 0 {
		return provider.DataLoss
	}
	return replacement
}

// movedVolumes: copies are placed on other machines, which may not have their volumes.
func movedVolumes(c provider.Changed) provider.Effect {
	return provider.Worse(rolling.EffectOf(c), stored(c.From, c.To, c.Workload))
}

// pulledAgain: a registry's password affects the workloads with images from it.
func pulledAgain(c provider.Changed) provider.Effect {
	if len(c.Path) > 2 && !usesRegistry(c.Was(), c.Path[2]) && !usesRegistry(c.Is(), c.Path[2]) {
		return none
	}
	return rolling.EffectOf(c)
}
