package nomad

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	exact        = provider.Exact
	approximated = provider.Approximated
	unsupported  = provider.Unsupported
)

// support is what Nomad makes of each field, in the order of the spec. Validate says the
// same of each spec: the table's test holds the two together.
var support = slices.Concat(tenantSupport, workloadSupport, rolloutSupport, containerSupport,
	healthSupport, checkSupport("health"), readySupport, checkSupport("ready"), startupSupport, checkSupport("startup"), orderSupport)

var tenantSupport = []provider.Support{
	{Field: "id", Level: exact, How: "the prefix of every job's ID and service's name"},
	{Field: "labels", Level: exact, How: "`meta` of every job, which tasks see as `NOMAD_META_` variables"},
	{Field: "secrets", Level: exact, How: "a Nomad variable, or a secret of Vault where the extension names one"},
	{Field: "secrets.path", When: "nomad/jobs, or below it the job, its group and its task", Level: exact, How: "the variable's path"},
	{Field: "secrets.path", When: "elsewhere", Level: approximated, How: "the variable's path, which a task reads by an ACL policy of its job", Instead: "keep it at nomad/jobs/JOB, or apply a policy"},
	{Field: "secrets.key", Level: exact, How: "one of its items"},
	{Field: "config", Level: exact, How: "a `template` of each task that reads it; a change replaces the copies"},
}

var workloadSupport = []provider.Support{
	{Field: "workloads", Level: exact, How: "a job called TENANT-WORKLOAD with one group"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "a job of type service"},
	{Field: "workloads.kind", When: "job", Level: exact, How: "a job of type batch"},
	{Field: "workloads.kind", When: "cron", Level: exact, How: "a `periodic` job of type batch"},
	{Field: "workloads.schedule", Level: exact, How: "`crons`"},
	{Field: "workloads.timezone", Level: exact, How: "`time_zone`"},
	{Field: "workloads.timezone", When: "whose clocks skip or repeat an hour of the schedule", Level: approximated, How: "no run in an hour that is skipped, two in one that is repeated", Instead: "choose another hour, or UTC"},
	{Field: "workloads.concurrency", When: "forbid", Level: exact, How: "`prohibit_overlap`"},
	{Field: "workloads.concurrency", When: "allow", Level: exact, How: "no `prohibit_overlap`"},
	{Field: "workloads.concurrency", When: "replace", Level: unsupported, How: "nothing stops a run for the next one", Instead: "use forbid or allow"},
	{Field: "workloads.replicas", Level: exact, How: "`count`"},
	{Field: "workloads.autoscale", When: "every container asks for cpu", Level: approximated, How: "a `scaling` block, which does nothing unless the cluster runs the Nomad Autoscaler; each registration of the job starts from min", Instead: "run the Nomad Autoscaler, and apply with -preserve-counts"},
	{Field: "workloads.autoscale", When: "a container asks for no cpu", Level: approximated, How: "its use counts against Nomad's own default of 100 MHz", Instead: "set resources.cpu"},
	{Field: "workloads.autoscale.min", Level: exact, How: "`min`"},
	{Field: "workloads.autoscale.max", Level: exact, How: "`max`"},
	{Field: "workloads.autoscale.cpu", Level: exact, How: "a target of `avg_cpu-allocated`"},
	{Field: "workloads.autoscale.cpu", When: "with reserveCores", Level: exact, How: "a target of `avg_cpu`, in percent of one core"},
	{Field: "workloads.ingress", When: "with a gateway in the extension", Level: exact, How: "tags of the service, which Traefik reads"},
	{Field: "workloads.ingress", When: "without a gateway in the extension", Level: unsupported, How: "there is no ingress", Instead: "set extensions.nomad.ingress where the landlord runs a gateway, or make the port public"},
	{Field: "workloads.ingress.host", Level: exact, How: "a router's `Host` rule; a `*` stands for one label"},
	{Field: "workloads.ingress.path", Level: exact, How: "the router's `Path` and `PathPrefix` rules, element by element"},
	{Field: "workloads.ingress.path", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "write the $ as %24"},
	{Field: "workloads.ingress.port", Level: exact, How: "the service whose tags they are"},
	{Field: "workloads.ingress.tls", When: "true", Level: exact, How: "the router's `tls`, with the gateway's own certificate or resolver"},
	{Field: "workloads.ingress.tls", When: "with a secret", Level: unsupported, How: "Traefik takes no certificate from Nomad", Instead: "set tls to true, and a certificate or a resolver of the gateway's own"},
}

var rolloutSupport = []provider.Support{
	{Field: "workloads.rollout.maxUnavailable", When: "above none", Level: exact, How: "`max_parallel` of the `update` block"},
	{Field: "workloads.rollout.maxUnavailable", When: "none, and maxSurge is all", Level: exact, How: "`canary` for all copies, with `auto_promote`"},
	{Field: "workloads.rollout.maxUnavailable", When: "none, with a public port", Level: approximated, How: "each extra copy needs a machine where the port is free", Instead: "let maxUnavailable be 1 or more"},
	{Field: "workloads.rollout.maxUnavailable", When: "none, and copies scale", Level: approximated, How: "all copies are started again before the old ones end", Instead: "let maxUnavailable be 1 or more, or maxSurge 100%"},
	{Field: "workloads.rollout.maxSurge", Level: exact, How: "the most that may run extra; where a copy may be missing, none does"},
	{Field: "workloads.rollout.maxSurge", When: "less than all, and no copy may be missing", Level: approximated, How: "all copies are started again before the old ones end", Instead: "let maxUnavailable be 1 or more, or maxSurge 100%"},
	{Field: "workloads.rollout.healthyDeadline", Level: exact, How: "`healthy_deadline`; left out, five minutes more than the checks give a start"},
	{Field: "workloads.rollout.healthyDeadline", When: "shorter than the checks' startDelay", Level: approximated, How: "a copy that takes that long has failed", Instead: "let it be longer, or leave it out"},
	{Field: "workloads.rollout.rollback", Level: exact, How: "`auto_revert`"},
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "a `restart` block of mode delay, without end; mode fail of the extension moves a copy to another machine"},
	{Field: "workloads.restart", When: "always, of a job or cron", Level: unsupported, How: "a container that succeeded is not started again", Instead: "use on-failure, or kind service"},
	{Field: "workloads.restart", When: "on-failure, of a service", Level: approximated, How: "a container is started again after success too", Instead: "use always, or kind job"},
	{Field: "workloads.restart", When: "on-failure, of a job or cron", Level: exact, How: "a `restart` block of mode fail; nothing is tried again on another machine"},
	{Field: "workloads.restart", When: "never", Level: exact, How: "no attempts, here or on another machine"},
	{Field: "workloads.restart", When: "never, of a service with several containers", Level: approximated, How: "a container that ends stops the others of its copy", Instead: "make each a workload of its own"},
	{Field: "workloads.restart.attempts", Level: exact, How: "`attempts`, after which the copy has failed; that of a service is replaced"},
	{Field: "workloads.stopGrace", When: "up to the clients' max_kill_timeout", Level: exact, How: "`kill_timeout`"},
	{Field: "workloads.stopGrace", When: "beyond the clients' max_kill_timeout", Level: approximated, How: "clients cut it down to that", Instead: "where max_kill_timeout is longer, say so in extensions.nomad.maxKillTimeout"},
	{Field: "workloads.volumes.persistent", When: "of CSI", Level: exact, How: "a volume of each copy's own (`per_alloc`), with a file for `nomad volume create`"},
	{Field: "workloads.volumes.persistent", When: "of the host", Level: approximated, How: "a `sticky` host volume on a machine of its own for each copy, from Nomad 1.11.3 on, and of several volumes from 1.11.8 or 2.0.4 on", Instead: "set the extension's type to csi for volumes that follow a copy to another machine"},
	{Field: "workloads.volumes.persistent.size", Level: exact, How: "`capacity_min` and `capacity_max`"},
	{Field: "workloads.volumes.persistent.size", When: "without a class", Level: approximated, How: "the mkdir plugin makes a directory of any size", Instead: "set class to a plugin of the landlord's"},
	{Field: "workloads.volumes.persistent.class", Level: exact, How: "`plugin_id`"},
	{Field: "workloads.volumes.ephemeral", When: "the first two on disk", Level: exact, How: "the allocation's directories data and tmp"},
	{Field: "workloads.volumes.ephemeral", When: "another on disk, with podman", Level: unsupported, How: "podman makes no directory for it", Instead: "keep it in memory, or share one volume on disk"},
	{Field: "workloads.volumes.ephemeral", When: "another on disk, with docker", Level: approximated, How: "a directory of the allocation that belongs to root", Instead: "keep it in memory, or share one volume on disk"},
	{Field: "workloads.volumes.ephemeral.size", When: "in memory", Level: exact, How: "the size of the tmpfs"},
	{Field: "workloads.volumes.ephemeral.size", When: "on disk", Level: approximated, How: "`ephemeral_disk` finds room for it, and does not hold it to that", Instead: "keep it in memory, or leave size out"},
	{Field: "workloads.volumes.ephemeral.medium", When: "disk", Level: exact, How: "a directory of the allocation"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory", Level: exact, How: "a tmpfs of the container"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory, with several mounts", Level: unsupported, How: "a tmpfs is of one container", Instead: "keep it on disk, which containers share"},
	{Field: "workloads.placement.arch", Level: exact, How: "a `constraint` on `attr.cpu.arch`"},
	{Field: "workloads.placement.os", Level: exact, How: "a `constraint` on `attr.kernel.name`"},
	{Field: "workloads.placement.os", When: "windows, with several containers", Level: unsupported, How: "there the containers of a copy share no network", Instead: "make each a workload of its own"},
	{Field: "workloads.placement.spread", Level: exact, How: "a `spread` over machines, as far as there is room"},
}

var containerSupport = []provider.Support{
	{Field: "workloads.containers", Level: exact, How: "a task of the group, with the docker or the podman driver"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "a main task, or one with a `lifecycle` hook where others wait for it"},
	{Field: "workloads.containers.role", When: "init", Level: exact, How: "a prestart task"},
	{Field: "workloads.containers.role", When: "sidecar", Level: exact, How: "a prestart or poststart task that is a sidecar"},
	{Field: "workloads.containers.command", Level: exact, How: "`entrypoint`"},
	{Field: "workloads.containers.command", When: "not in Unicode's normal form C", Level: unsupported, How: "its letters and accents would be composed", Instead: "pass it by env or a file"},
	{Field: "workloads.containers.args", Level: exact, How: "`args`"},
	{Field: "workloads.containers.args", When: "not in Unicode's normal form C", Level: unsupported, How: "their letters and accents would be composed", Instead: "pass them by env or a file"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`work_dir`; `working_dir` of podman"},
	{Field: "workloads.containers.workingDir", When: "not in Unicode's normal form C", Level: unsupported, How: "its letters and accents would be composed", Instead: "use a path in form C"},
	{Field: "workloads.containers.user", Level: exact, How: "`user`"},
	{Field: "workloads.containers.stopSignal", When: "one that clients know", Level: exact, How: "`kill_signal`"},
	{Field: "workloads.containers.stopSignal", When: "another one", Level: unsupported, How: "no machine would be found", Instead: "use SIGTERM, SIGINT, SIGQUIT or another that a program can catch"},
	{Field: "workloads.containers.env", Level: exact, How: "`env`, or a `template` where Nomad would replace a part of it"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "a `template` over the Nomad variable or Vault secret"},
	{Field: "workloads.containers.env.secret", When: "of several copies", Level: approximated, How: "a change of the secret restarts each within seconds, whatever rollout says", Instead: "state extensions.nomad.secretChange"},
	{Field: "workloads.containers.env.config", Level: exact, How: "the file's text"},
	{Field: "workloads.containers.env.endpoint", Level: approximated, How: "a `template` over the service, for which a container waits: the address of one copy; the container restarts when that moves", Instead: "look the service up in the program, or put it behind a gateway"},
	{Field: "workloads.containers.ports", Level: exact, How: "a port of the group's network, and a service with the port's name as a tag"},
	{Field: "workloads.containers.ports", When: "public, of several copies", Level: approximated, How: "each copy takes the number on a machine of its own", Instead: "let copies be no more than machines, or use an ingress"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "every port is forwarded for tcp and udp"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: exact, How: "no port of the machine"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "a port of the machine that Nomad chooses"},
	{Field: "workloads.containers.ports.expose", When: "public", Level: exact, How: "a `static` port"},
	{Field: "workloads.containers.resources", Level: approximated, How: "`resources`; processors are MHz, at the rate that the extension states; 100 MHz and 300 MB where none are stated", Instead: "state the machines' rate in extensions.nomad.mhzPerCore"},
	{Field: "workloads.containers.resources.cpu", Level: approximated, How: "`cpu`, in MHz", Instead: "state the machines' rate in extensions.nomad.mhzPerCore"},
	{Field: "workloads.containers.resources.cpu", When: "with reserveCores", Level: exact, How: "`cores`"},
	{Field: "workloads.containers.resources.cpuMax", When: "alone, or the same as cpu", Level: approximated, How: "`cpu_hard_limit` at `cpu`, in MHz", Instead: "state the machines' rate in extensions.nomad.mhzPerCore"},
	{Field: "workloads.containers.resources.cpuMax", When: "above cpu", Level: approximated, How: "as much is set aside, since that is what caps", Instead: "let cpu and cpuMax be the same, or leave cpuMax out"},
	{Field: "workloads.containers.resources.memory", Level: approximated, How: "`memory`; the process is killed beyond it, where memoryMax does not say otherwise", Instead: "state memoryMax"},
	{Field: "workloads.containers.resources.memory", When: "left out", Level: approximated, How: "Nomad's own 300 MB; the process is killed beyond it", Instead: "state memory"},
	{Field: "workloads.containers.resources.memoryMax", When: "the cluster allows memory oversubscription", Level: exact, How: "`memory_max`"},
	{Field: "workloads.containers.resources.memoryMax", When: "elsewhere", Level: approximated, How: "the process is killed beyond memory", Instead: "say so in extensions.nomad.memoryOversubscription where the cluster allows it"},
	{Field: "workloads.containers.resources.gpu", Level: exact, How: "a `device`, of the type that the extension states"},
}

var healthSupport = []provider.Support{
	{Field: "workloads.containers.health", Level: exact, How: "a check of the service with `check_restart`"},
	{Field: "workloads.containers.health", When: "of an init container of a service", Level: unsupported, How: "it ends before the copy counts as healthy", Instead: "leave it out: one that fails is tried again"},
	{Field: "workloads.containers.health", When: "of a port that is not exposed, beside other containers", Level: approximated, How: "one that fails restarts the whole copy, and counts from the copy's start", Instead: "let the port's expose be internal"},
}

var readySupport = []provider.Support{
	{Field: "workloads.containers.ready", When: "with Consul", Level: exact, How: "a check of each service of the container; a copy that fails leaves the catalog"},
	{Field: "workloads.containers.ready", When: "with Nomad's own services", Level: approximated, How: "a check that counts in rollouts; a copy that fails stays in the catalog", Instead: `set extensions.nomad.serviceProvider to "consul"`},
	{Field: "workloads.containers.ready", When: "of an init container of a service", Level: unsupported, How: "it ends before the copy counts as healthy", Instead: "leave it out: one that fails is tried again"},
}

var startupSupport = []provider.Support{
	{Field: "workloads.containers.startup", When: "beside health", Level: approximated, How: "the `grace` of health's `check_restart`", Instead: "state it as health's startDelay"},
	{Field: "workloads.containers.startup", When: "without health", Level: approximated, How: "a check that goes on as long as the container runs", Instead: "call it health, with a startDelay"},
	{Field: "workloads.containers.startup", When: "of an init container of a service", Level: unsupported, How: "it ends before the copy counts as healthy", Instead: "leave it out: one that fails is tried again"},
}

// checkSupport is what becomes of the parts of a check.
func checkSupport(field string) []provider.Support {
	at := "workloads.containers." + field + "."
	retries := provider.Support{Field: at + "retries", Level: exact, How: "`limit` of `check_restart`; `failures_before_critical` with Consul, http, tcp or grpc"}
	delay := provider.Support{Field: at + "startDelay", Level: exact, How: "`grace` of `check_restart`, and until the check has been asked then"}
	if field == "ready" {
		retries = provider.Support{Field: at + "retries", Level: exact, How: "`failures_before_critical` with Consul, http, tcp or grpc; otherwise one failure is enough"}
		delay = provider.Support{Field: at + "startDelay", Level: exact, How: "no copy is ready before a check has passed"}
	}
	return []provider.Support{
		{Field: at + "http", Level: approximated, How: "a check of type http, which follows redirects; with Consul only 2xx passes", Instead: "check a path that answers by itself"},
		{Field: at + "http.path", Level: exact, How: "`path`"},
		{Field: at + "http.path", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "write the $ as %24"},
		{Field: at + "tcp", Level: exact, How: "a check of type tcp"},
		{Field: at + "grpc", When: "with Consul", Level: exact, How: "a check of type grpc"},
		{Field: at + "grpc", When: "with Nomad's own services", Level: unsupported, How: "there is no such check", Instead: `set extensions.nomad.serviceProvider to "consul", or use a tcp or http check`},
		{Field: at + "grpc.service", Level: exact, How: "`grpc_service`"},
		{Field: at + "grpc.service", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "ask for another service"},
		{Field: at + "exec", When: "with Consul", Level: exact, How: "a check of type script"},
		{Field: at + "exec", When: "with Nomad's own services", Level: unsupported, How: "there is no such check", Instead: `set extensions.nomad.serviceProvider to "consul", or use a tcp or http check`},
		{Field: at + "exec.command", Level: exact, How: "`command` and `args`"},
		{Field: at + "exec.command", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "write $NAME without braces, or have a script of the image's do it"},
		{Field: at + "interval", Level: exact, How: "`interval`"},
		{Field: at + "timeout", Level: exact, How: "`timeout`"},
		retries,
		delay,
	}
}

var orderSupport = []provider.Support{
	{Field: "workloads.containers.dependsOn", When: "started, on an earlier stage: prestart, main, poststart", Level: exact, How: "a `lifecycle` hook"},
	{Field: "workloads.containers.dependsOn", When: "completed, of an init container", Level: exact, How: "a prestart task"},
	{Field: "workloads.containers.dependsOn", When: "completed, of a main of a job or cron", Level: exact, How: "a prestart task"},
	{Field: "workloads.containers.dependsOn", When: "completed, of a main of a job or cron, beside mains that do not wait", Level: approximated, How: "those wait too", Instead: "make them workloads of their own"},
	{Field: "workloads.containers.dependsOn", When: "within a stage, or on a later one", Level: unsupported, How: "there are three stages, and no order within one", Instead: "make one container of the two, or let one try again until the other is there"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what runs on", Level: unsupported, How: "it is started again whenever it ends", Instead: "give it the role init"},
	{Field: "workloads.containers.dependsOn", When: "healthy", Level: unsupported, How: "no stage waits for health", Instead: "depend on started, and try again until the other one answers"},
	{Field: "workloads.containers.mounts", Level: exact, How: "`volumes` of the driver, or a `volume_mount`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume or a configuration's directory", Level: unsupported, How: "no place for the mount can be made there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts", When: "on windows", Level: unsupported, How: "docker mounts at paths with a drive there", Instead: "read a secret or a configuration file by env"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "the volume"},
	{Field: "workloads.containers.mounts.config", Level: exact, How: "a `template`, mounted from the task's own directory"},
	{Field: "workloads.containers.mounts.secret", Level: exact, How: "a `template` over the Nomad variable or Vault secret, in memory"},
	{Field: "workloads.containers.mounts.secret", When: "of several copies", Level: approximated, How: "a change of the secret restarts each within seconds, whatever rollout says", Instead: "state extensions.nomad.secretChange"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "mounted read-only"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`readonly_rootfs`"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "user is a number", Level: exact, How: "that user, which is not root"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "user is a name, or the image's own", Level: unsupported, How: "nothing checks that it is not root", Instead: "set user to a number, such as 1000"},
	{Field: "workloads.containers.security.privileged", When: "with podman", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.privileged", When: "with docker", Level: approximated, How: "`privileged`, where the clients' plugin sets allow_privileged", Instead: "set allow_privileged in the clients' docker plugin"},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`cap_add` and `cap_drop`"},
	{Field: "workloads.containers.security.capabilities.add", When: "beyond docker's own", Level: approximated, How: "`cap_add`, where the clients' plugin lists it in allow_caps", Instead: "set allow_caps in the clients' docker plugin"},
}
