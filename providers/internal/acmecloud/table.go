package acmecloud

import "github.com/cuecompute/cuecompute/pkg/provider"

const exact, unsupported = provider.Exact, provider.Unsupported

// table is what Acmecloud makes of each field, in the order of the spec, and what a change of
// it means. A field without an effect has that of the nearest above it.
var table = provider.Table{
	{Field: "id", Level: exact, How: "the prefix of every app's name"},
	{Field: "labels", Level: exact, How: "`labels`", Effect: provider.Rolling},
	{Field: "secrets", Level: exact, How: "`secrets`", Effect: provider.Rolling},
	{Field: "config", Level: exact, How: "`config`", Effect: provider.Rolling},
	{Field: "volumes", Level: exact, How: "`volumes`", Effect: provider.Rolling},
	{Field: "workloads", Level: exact, How: "an app called TENANT-WORKLOAD", Effect: provider.Rolling},
	{Field: "workloads.kind", When: "service, job or daemon", Level: exact, How: "`runs.kind`", Effect: provider.Replacement},
	{Field: "workloads.kind", When: "cron", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and start it from elsewhere"},
	{Field: "workloads.schedule", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and start it from elsewhere"},
	{Field: "workloads.timezone", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and start it from elsewhere"},
	{Field: "workloads.concurrency", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and start it from elsewhere"},
	{Field: "workloads.timeout", Level: exact, How: "`runs.timeoutSeconds`"},
	{Field: "workloads.replicas", Level: exact, How: "`runs.replicas`", Effect: provider.InPlace},
	{Field: "workloads.autoscale", Level: exact, How: "`runs.autoscale`", Effect: provider.InPlace},
	{Field: "workloads.ingress", Level: exact, How: "`runs.ingress`"},
	{Field: "workloads.rollout", Level: exact, How: "`runs.rollout`"},
	{Field: "workloads.restart", Level: exact, How: "`runs.restart`"},
	{Field: "workloads.volumes", Level: exact, How: "`runs.volumes`"},
	{Field: "workloads.stopGrace", Level: exact, How: "`runs.stopGrace`"},
	{Field: "workloads.placement", Level: exact, How: "`runs.placement`"},
	{Field: "workloads.accept", Effect: provider.EffectNone},
	{Field: "workloads.containers.image", Level: exact, How: "`runs.containers.NAME.image`"},
	{Field: "workloads.containers.role", Level: exact, How: "`runs.containers.NAME.role`"},
	{Field: "workloads.containers.command", Level: exact, How: "`runs.containers.NAME.command`"},
	{Field: "workloads.containers.args", Level: exact, How: "`runs.containers.NAME.args`"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`runs.containers.NAME.workingDir`"},
	{Field: "workloads.containers.user", Level: exact, How: "`runs.containers.NAME.user`"},
	{Field: "workloads.containers.stopSignal", Level: exact, How: "`runs.containers.NAME.stopSignal`"},
	{Field: "workloads.containers.env", Level: exact, How: "`runs.containers.NAME.env`"},
	{Field: "workloads.containers.ports", Level: exact, How: "`runs.containers.NAME.ports`"},
	{Field: "workloads.containers.resources", Level: exact, How: "`runs.containers.NAME.resources`"},
	{Field: "workloads.containers.health", Level: exact, How: "`runs.containers.NAME.health`"},
	{Field: "workloads.containers.ready", Level: exact, How: "`runs.containers.NAME.ready`"},
	{Field: "workloads.containers.startup", Level: exact, How: "`runs.containers.NAME.startup`"},
	{Field: "workloads.containers.dependsOn", Level: exact, How: "`runs.containers.NAME.dependsOn`"},
	{Field: "workloads.containers.mounts", Level: exact, How: "`runs.containers.NAME.mounts`"},
	{Field: "workloads.containers.security", Level: exact, How: "`runs.containers.NAME.security`"},
	{Field: "workloads.containers.accept", Effect: provider.EffectNone},
	{Field: "workloads.extensions.acmecloud", Effect: provider.Rolling},
	{Field: "extensions.acmecloud", Effect: provider.Rolling},
	{Field: "extensions.acmecloud.region", Effect: provider.Replacement},
}
