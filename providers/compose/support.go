package compose

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	exact        = provider.Exact
	approximated = provider.Approximated
	unsupported  = provider.Unsupported
)

// support is what Compose makes of each field, in the order of the spec. Validate says the
// same of each spec: the table's test holds the two together.
var support = slices.Concat(tenantSupport, workloadSupport, containerSupport,
	checkSupport("health", healthSupport), checkSupport("ready", readySupport), checkSupport("startup", startupSupport), orderSupport)

var tenantSupport = []provider.Support{
	{Field: "id", Level: exact, How: "the project's name"},
	{Field: "labels", Level: exact, How: "labels of every container"},
	{Field: "secrets", Level: exact, How: "a variable of the environment that docker compose runs in, or of the file .env"},
	{Field: "secrets.path", Level: exact, How: "the variable: a name as it is, else its words in capitals, as in ACME_DB"},
	{Field: "secrets.key", Level: exact, How: "further words of the variable, as in ACME_DB_PASSWORD"},
	{Field: "config", Level: exact, How: "`configs` with their `content`; a change replaces the containers that mount it"},
	{Field: "config", When: "an empty file that is mounted", Level: unsupported, How: "no file is made of an empty text", Instead: "write a comment or the end of a line into it"},
}

var workloadSupport = []provider.Support{
	{Field: "workloads", Level: exact, How: "services called WORKLOAD.CONTAINER, which the project's network knows as WORKLOAD"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "services that are restarted"},
	{Field: "workloads.kind", When: "job", Level: approximated, How: "services that end, of the profile jobs: they run when they are asked to", Instead: "run it with docker compose --profile jobs up WORKLOAD.CONTAINER, and list restart in the workload's accept"},
	{Field: "workloads.kind", When: "cron", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.schedule", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.timezone", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.concurrency", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.replicas", When: "with one container, no published port and no volume", Level: exact, How: "`deploy.replicas`"},
	{Field: "workloads.replicas", Level: approximated, How: "one copy, since others would share its network, port or volume", Instead: "list replicas in the workload's accept"},
	{Field: "workloads.autoscale", Level: approximated, How: "as many copies as start", Instead: "list autoscale in the workload's accept"},
	{Field: "workloads.ingress", Level: approximated, How: "the port on the machine, for any host and path, without TLS", Instead: "list ingress in the workload's accept"},
	{Field: "workloads.rollout", Level: approximated, How: "a container ends before its new one starts", Instead: "list rollout in the workload's accept"},
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "`restart` always; on-failure of its init containers"},
	{Field: "workloads.restart", When: "on-failure", Level: exact, How: "`restart` on-failure"},
	{Field: "workloads.restart", When: "never", Level: exact, How: "`restart` no"},
	{Field: "workloads.restart", When: "always, of a job", Level: unsupported, How: "it would be started again after it succeeded too", Instead: "use on-failure or never, or kind service"},
	{Field: "workloads.restart.attempts", When: "on-failure", Level: exact, How: "the count of on-failure"},
	{Field: "workloads.restart.attempts", When: "always", Level: approximated, How: "containers are started again without limit", Instead: "leave it out, or let the policy be on-failure"},
	{Field: "workloads.stopGrace", Level: exact, How: "`stop_grace_period`"},
	{Field: "workloads.volumes.persistent", Level: exact, How: "a volume of the project, which docker compose down leaves"},
	{Field: "workloads.volumes.persistent.size", Level: approximated, How: "it grows as far as the disk"},
	{Field: "workloads.volumes.persistent.class", Level: approximated, How: "the local driver, on the machine's disk"},
	{Field: "workloads.volumes.ephemeral", When: "in memory", Level: exact, How: "a volume that is a tmpfs"},
	{Field: "workloads.volumes.ephemeral", When: "in memory, written by a container that ends before another reads it", Level: unsupported, How: "the tmpfs is emptied in between", Instead: "keep it on disk"},
	{Field: "workloads.volumes.ephemeral", When: "on disk", Level: approximated, How: "a volume that stays until docker compose down --volumes", Instead: "keep it in memory, or list volumes in the workload's accept"},
	{Field: "workloads.placement.arch", Level: exact, How: "`platform`"},
	{Field: "workloads.placement.os", When: "linux", Level: exact, How: "what runs there anyway"},
	{Field: "workloads.placement.os", When: "windows", Level: unsupported, How: "containers of windows share no network", Instead: "leave it out, or compile for another platform"},
	{Field: "workloads.placement.spread", Level: approximated, How: "all copies are on one machine", Instead: "leave it out, or list placement in the workload's accept"},
}

var containerSupport = []provider.Support{
	{Field: "workloads.containers", Level: exact, How: "a service; where several run side by side, they share the network of one that does nothing else"},
	{Field: "workloads.containers", When: "side by side, in a service", Level: approximated, How: "when the machine is restarted, some can stay down (moby/moby#50326)", Instead: "run docker compose up then, and list restart in the workload's accept"},
	{Field: "workloads.containers", When: "side by side, in a job", Level: approximated, How: "the service that holds their network runs until docker compose down", Instead: "stop it so"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "a service that waits for the end of the init containers"},
	{Field: "workloads.containers.role", When: "init, in a service", Level: approximated, How: "a service that others wait for, and each docker compose up runs again", Instead: "let it do no harm the second time, and list restart in the workload's accept"},
	{Field: "workloads.containers.role", When: "init, in a job", Level: exact, How: "a service that others wait for"},
	{Field: "workloads.containers.role", When: "sidecar, in a service", Level: exact, How: "a service of its own"},
	{Field: "workloads.containers.role", When: "sidecar, in a job", Level: approximated, How: "it runs until docker compose down", Instead: "stop it so"},
	{Field: "workloads.containers.command", Level: exact, How: "`entrypoint`, with the $ of Compose's own syntax escaped"},
	{Field: "workloads.containers.args", Level: exact, How: "`command`, likewise"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`working_dir`"},
	{Field: "workloads.containers.user", Level: exact, How: "`user`"},
	{Field: "workloads.containers.stopSignal", Level: exact, How: "`stop_signal`"},
	{Field: "workloads.containers.env", Level: exact, How: "`environment`, with the $ of Compose's own syntax escaped"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "the variable, without which docker compose up fails"},
	{Field: "workloads.containers.env.config", Level: exact, How: "the file's text"},
	{Field: "workloads.containers.env.endpoint", Level: exact, How: "the workload's name in the project's network, and the port"},
	{Field: "workloads.containers.ports", Level: exact, How: "a port in the project's network"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "`protocol`"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "no port of the machine"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: approximated, How: "no port of the machine; the tenant's other workloads reach it", Instead: "let the process listen on 127.0.0.1 alone"},
	{Field: "workloads.containers.ports.expose", When: "public", Level: exact, How: "`ports`, on the address that the extension states"},
	{Field: "workloads.containers.resources.cpu", Level: approximated, How: "`cpu_shares`: a weight, and nothing set aside"},
	{Field: "workloads.containers.resources.cpuMax", Level: exact, How: "the limit `cpus`"},
	{Field: "workloads.containers.resources.memory", Level: exact, How: "the reservation `memory`"},
	{Field: "workloads.containers.resources.memoryMax", Level: exact, How: "the limit `memory`, and `memswap_limit` of the same: no swap"},
	{Field: "workloads.containers.resources.gpu", Level: exact, How: "a reservation of `devices`, of the driver nvidia"},
}

var healthSupport = provider.Support{Level: approximated, How: "`healthcheck`; a container that is unhealthy is not restarted", Instead: "list health in the workload's accept"}

var readySupport = provider.Support{Level: approximated, How: "`healthcheck`; a copy that is not ready stays where others find it", Instead: "list ready in the workload's accept"}

var startupSupport = provider.Support{Level: exact, How: "`healthcheck`"}

// checkSupport is what becomes of a check by a command, which of is about, and of others.
func checkSupport(name string, of provider.Support) []provider.Support {
	field := "workloads.containers." + name
	of.Field, of.When = field, "by a command"
	accept := "use an exec check, or list " + name + " in the workload's accept"
	rows := []provider.Support{of}
	if name != checkOrder[0] {
		rows = append(rows, provider.Support{Field: field, When: "by a command, beside another that is", Level: approximated,
			How: "a container is asked in one way: for startup, else ready, else health", Instead: "list " + name + " in the workload's accept"})
	}
	for _, how := range []string{"http", "tcp", "grpc"} {
		rows = append(rows, provider.Support{Field: field + "." + how, Level: approximated, How: "nothing asks", Instead: accept})
	}
	return append(rows,
		provider.Support{Field: field + ".exec", Level: exact, How: "`test`"},
		provider.Support{Field: field + ".interval", Level: exact, How: "`interval`"},
		provider.Support{Field: field + ".timeout", Level: exact, How: "`timeout`"},
		provider.Support{Field: field + ".retries", Level: exact, How: "`retries`"},
		provider.Support{Field: field + ".startDelay", Level: exact, How: "`start_period`"})
}

var orderSupport = []provider.Support{
	{Field: "workloads.containers.dependsOn", When: "started", Level: exact, How: "`depends_on` with service_started"},
	{Field: "workloads.containers.dependsOn", When: "healthy, of one with an exec check", Level: approximated, How: "`depends_on` with service_healthy; docker compose up gives up after 300 seconds and the check's retries", Instead: "start it again then"},
	{Field: "workloads.containers.dependsOn", When: "healthy, of one without or of an init container", Level: unsupported, How: "nothing tells that it is healthy", Instead: "give it an exec check, or wait for something else"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what ends", Level: exact, How: "`depends_on` with service_completed_successfully"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what runs on", Level: unsupported, How: "it is started again whenever it ends", Instead: "give it the role init"},
	{Field: "workloads.containers.mounts", Level: exact, How: "`volumes`, `configs` and `secrets`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume, or a file inside one in memory", Level: unsupported, How: "nothing can be made or copied there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "`volumes`"},
	{Field: "workloads.containers.mounts.volume", When: "on disk, for a user that is not root", Level: approximated, How: "it belongs to root unless the image has the directory", Instead: "let the image have the directory, owned by the user, and list volumes in the workload's accept"},
	{Field: "workloads.containers.mounts.config", Level: exact, How: "`configs`, copied into the container"},
	{Field: "workloads.containers.mounts.secret", Level: exact, How: "`secrets` from the variable, copied into the container"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "`read_only` of a volume; other files belong to root"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`read_only`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "with a mount of a configuration or a secret", Level: approximated, How: "left writable, since files are copied there", Instead: "read them by env, or list security in the workload's accept"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "user is a number", Level: exact, How: "that user, which is not root"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "otherwise", Level: approximated, How: "nothing checks it", Instead: "set user to a number, or list security in the workload's accept"},
	{Field: "workloads.containers.security.privileged", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`cap_add` and `cap_drop`"},
}
