package ecs

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	exact        = provider.Exact
	approximated = provider.Approximated
	unsupported  = provider.Unsupported
)

// support is what ECS makes of each field, in the order of the spec. Validate says the
// same of each spec: the table's test holds the two together.
var support = slices.Concat(tenantSupport, workloadSupport, containerSupport, healthSupport, checkSupport("health"),
	readySupport, checkSupport("ready"), startupSupport, checkSupport("startup"), orderSupport)

var tenantSupport = []provider.Support{
	{Field: "id", Level: exact, How: "the schedules' group, and the prefix of every native name"},
	{Field: "labels", Level: exact, How: "tags of the task definition, the service and its tasks, the schedule's group and the scalable target"},
	{Field: "secrets", Level: exact, How: "`secrets[].valueFrom`: a Secrets Manager ARN, or the ARN or name of an SSM parameter"},
	{Field: "secrets.path", Level: exact, How: "the ARN or name in `valueFrom`; a parameter's name of several parts begins with a slash"},
	{Field: "secrets.key", When: "of a Secrets Manager ARN", Level: exact, How: "the key after the ARN"},
	{Field: "secrets.key", When: "of an SSM parameter", Level: unsupported, How: "a parameter holds one value", Instead: "use a Secrets Manager secret, or a parameter for each value"},
	{Field: "config", Level: exact, How: "text in the task definition, as env or as files"},
}

var workloadSupport = []provider.Support{
	{Field: "workloads", Level: exact, How: "a task definition of the family TENANT-WORKLOAD"},
	{Field: "workloads", When: "on Fargate, where nothing says where logs go", Level: approximated, How: "container output is lost", Instead: "set extensions.ecs.logs, or executionRoleArn and the cluster's ARN"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "a service"},
	{Field: "workloads.kind", When: "job", Level: exact, How: "a RunTask input"},
	{Field: "workloads.kind", When: "cron", Level: exact, How: "an EventBridge Scheduler schedule"},
	{Field: "workloads.schedule", Level: exact, How: "`ScheduleExpression`, written as EventBridge Scheduler's cron; a run that cannot be started is tried again for a day, unless extensions.ecs.retryPolicy says otherwise"},
	{Field: "workloads.schedule", When: "with both the day of the month and of the week", Level: unsupported, How: "EventBridge Scheduler looks at one of them", Instead: "make two workloads of it, or restrict one of the two days"},
	{Field: "workloads.timezone", Level: exact, How: "`ScheduleExpressionTimezone`"},
	{Field: "workloads.timezone", When: "where the clocks skip a time of the schedule", Level: approximated, How: "that run is left out; one whose time comes twice starts once", Instead: "choose another time, or UTC"},
	{Field: "workloads.concurrency", When: "allow", Level: exact, How: "EventBridge Scheduler starts each run"},
	{Field: "workloads.concurrency", When: "forbid", Level: approximated, How: "a run starts even if the last one has not ended", Instead: "let the process look whether another one runs"},
	{Field: "workloads.concurrency", When: "replace", Level: unsupported, How: "EventBridge Scheduler ends no run", Instead: "use allow"},
	{Field: "workloads.replicas", Level: exact, How: "`desiredCount`, RunTask's `count`, the schedule's `TaskCount`"},
	{Field: "workloads.autoscale", Level: exact, How: "a scalable target and a target tracking policy"},
	{Field: "workloads.autoscale.min", Level: exact, How: "`MinCapacity`"},
	{Field: "workloads.autoscale.max", Level: exact, How: "`MaxCapacity`"},
	{Field: "workloads.autoscale.cpu", Level: exact, How: "`ECSServiceAverageCPUUtilization`, in percent of the task's cpu units"},
	{Field: "workloads.autoscale.cpu", When: "where the task has more cpu units than its containers ask for", Level: approximated, How: "the use is measured against the task", Instead: "let the containers ask for a whole size of Fargate's"},
	{Field: "workloads.volumes.persistent", When: "one copy", Level: exact, How: "a directory of an Amazon EFS file system, encrypted on the way; a service that writes to it stops its task before the next one starts"},
	{Field: "workloads.volumes.persistent", When: "several copies, or two volumes in one directory", Level: unsupported, How: "they would share the directory", Instead: "run one copy, and give each volume a directory or an access point of its own"},
	{Field: "workloads.volumes.persistent", When: "of windows", Level: unsupported, How: "windows containers have no Amazon EFS"},
	{Field: "workloads.volumes.persistent.size", Level: approximated, How: "the file system has room for whatever is written"},
	{Field: "workloads.volumes.persistent.class", Level: approximated, How: "the file system has its own kind of storage", Instead: "choose the file system by extensions.ecs.volumes"},
	{Field: "workloads.volumes.ephemeral", Level: exact, How: "a volume that ends with the task"},
	{Field: "workloads.volumes.ephemeral", When: "of windows on Fargate", Level: unsupported, How: "windows containers have no volumes there"},
	{Field: "workloads.volumes.ephemeral.size", When: "in memory", Level: exact, How: "the tmpfs's `size`"},
	{Field: "workloads.volumes.ephemeral.size", When: "on disk", Level: approximated, How: "set aside in Fargate's ephemeral storage, no bound to the volume"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory, mounted once", Level: exact, How: "`linuxParameters.tmpfs`"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory, mounted several times or of windows", Level: unsupported, How: "a tmpfs is one Linux container's own", Instead: "use medium disk, or one volume a container"},
	{Field: "workloads.ingress", Level: approximated, How: "the port joins its target group: host, path and tls are the load balancer's listener's", Instead: "give the listener a rule for the host and path"},
	{Field: "workloads.ingress.tls", When: "with a secret", Level: unsupported, How: "a load balancer takes no certificate from a secret", Instead: "write tls: true, and give the listener a certificate of AWS Certificate Manager"},
	{Field: "workloads.rollout", Level: exact, How: "`deploymentConfiguration`, with the deployment circuit breaker"},
	{Field: "workloads.rollout", When: "with counts that are no whole percentage of the copies", Level: approximated, How: "`minimumHealthyPercent` and `maximumPercent`, rounded"},
	{Field: "workloads.rollout", When: "with counts of an autoscaled service that no percentage keeps to", Level: unsupported, How: "ECS takes percentages only", Instead: "leave maxSurge out"},
	{Field: "workloads.rollout.maxUnavailable", Level: exact, How: "`minimumHealthyPercent`"},
	{Field: "workloads.rollout.maxSurge", Level: exact, How: "`maximumPercent`"},
	{Field: "workloads.rollout.maxSurge", When: "a percentage that of autoscale.min copies is none", Level: approximated, How: "`maximumPercent`, so that one copy can start", Instead: "leave it out, or raise autoscale.min"},
	{Field: "workloads.rollout.healthyDeadline", Level: approximated, How: "the deployment circuit breaker, which counts tasks that failed"},
	{Field: "workloads.rollout.rollback", Level: exact, How: "the deployment circuit breaker's `rollback`"},
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "the service starts its tasks again"},
	{Field: "workloads.restart", When: "another policy, of a service", Level: unsupported, How: "a service always starts its tasks again", Instead: "leave it out, or use kind job"},
	{Field: "workloads.restart", When: "never, of a job or cron", Level: exact, How: "a task is started once"},
	{Field: "workloads.restart", When: "on-failure, of a job or cron", Level: approximated, How: "a task is started once, and not again when it fails", Instead: "let the process try again itself, or start the task from AWS Step Functions"},
	{Field: "workloads.restart", When: "always, of a job or cron", Level: approximated, How: "`restartPolicy`: a container that has run for a minute is started again"},
	{Field: "workloads.restart.attempts", Level: approximated, How: "attempts are not counted"},
	{Field: "workloads.stopGrace", Level: exact, How: "`stopTimeout`"},
	{Field: "workloads.placement.arch", Level: exact, How: "`runtimePlatform.cpuArchitecture`"},
	{Field: "workloads.placement.arch", When: "arm64, of windows", Level: unsupported, How: "windows containers run on amd64 only"},
	{Field: "workloads.placement.os", Level: exact, How: "`runtimePlatform.operatingSystemFamily`"},
	{Field: "workloads.placement.spread", Level: exact, How: "Fargate's own way, and on EC2 a spread over zones and machines"},
}

var containerSupport = []provider.Support{
	{Field: "workloads.containers", When: "one main", Level: exact, How: "a container definition"},
	{Field: "workloads.containers", When: "several mains, of a job or cron", Level: unsupported, How: "the first of them to end ends the task", Instead: "make the other a sidecar, or let one wait for the other with dependsOn completed"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.image", When: "with a digest that is not sha256", Level: unsupported, How: "ECS knows no other", Instead: "use the sha256 digest, or a tag"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "`essential: true`"},
	{Field: "workloads.containers.role", When: "init", Level: exact, How: "`essential: false`, and every main waits for its success"},
	{Field: "workloads.containers.role", When: "sidecar", Level: exact, How: "essential in a service, and not in a job or cron"},
	{Field: "workloads.containers.command", Level: exact, How: "`entryPoint`"},
	{Field: "workloads.containers.args", Level: exact, How: "`command`"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`workingDirectory`"},
	{Field: "workloads.containers.user", Level: exact, How: "`user`"},
	{Field: "workloads.containers.user", When: "of windows", Level: unsupported, How: "windows containers have no choice of user"},
	{Field: "workloads.containers.stopSignal", Level: unsupported, How: "a container is stopped with its image's own signal", Instead: "build the image with STOPSIGNAL"},
	{Field: "workloads.containers.env", Level: exact, How: "`environment`; nothing in it is expanded"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "`secrets`"},
	{Field: "workloads.containers.env.config", Level: exact, How: "the text in `environment`"},
	{Field: "workloads.containers.env.file", Level: exact, How: "the text in `environment`"},
	{Field: "workloads.containers.env.endpoint", When: "from a service to a service", Level: approximated, How: "a Service Connect name, TENANT-WORKLOAD, which tasks find that start after its service was created", Instead: "create the other first, and wait for it by aws ecs wait services-stable"},
	{Field: "workloads.containers.env.endpoint", When: "from or to a job or cron, over udp, or with windows", Level: unsupported, How: "Service Connect is of services, tcp and Linux", Instead: "write the address as a plain value, such as the load balancer's"},
	{Field: "workloads.containers.env.format", Level: exact, How: "filled in, as text in `environment`"},
	{Field: "workloads.containers.ports", Level: exact, How: "`portMappings`"},
	{Field: "workloads.containers.ports.port", Level: exact, How: "`containerPort`"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "`protocol`"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: approximated, How: "only the task's security groups keep anybody from a port"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "a Service Connect name, where an endpoint leads to the workload"},
	{Field: "workloads.containers.ports.expose", When: "public, of a service", Level: exact, How: "the target groups of extensions.ecs.targetGroups"},
	{Field: "workloads.containers.ports.expose", When: "public, of a job or cron", Level: unsupported, How: "only a service is behind a load balancer", Instead: "use kind service"},
	{Field: "workloads.containers.resources", When: "not stated", Level: exact, How: "the smallest task that Fargate has"},
	{Field: "workloads.containers.resources.cpu", Level: exact, How: "`cpu`, 1024 units a vCPU; the task has the smallest size of Fargate's that fits"},
	{Field: "workloads.containers.resources.cpu", When: "no whole number of units", Level: approximated, How: "rounded down to cpu units"},
	{Field: "workloads.containers.resources.cpuMax", When: "no less than the task's cpu", Level: exact, How: "the task's own bound"},
	{Field: "workloads.containers.resources.cpuMax", Level: approximated, How: "a container may use what its task has"},
	{Field: "workloads.containers.resources.memory", Level: exact, How: "`memoryReservation`"},
	{Field: "workloads.containers.resources.memory", When: "not stated", Level: approximated, How: "on Fargate the containers share the task's memory, which is a hard limit; on EC2 512 MiB are reserved", Instead: "state it, or extensions.ecs.memory"},
	{Field: "workloads.containers.resources.memoryMax", Level: exact, How: "`memory`"},
	{Field: "workloads.containers.resources.gpu", When: "on EC2", Level: exact, How: "`resourceRequirements`"},
	{Field: "workloads.containers.resources.gpu", When: "on Fargate", Level: unsupported, How: "Fargate has no gpu", Instead: `set extensions.ecs.launchType to "EC2"`},
}

var healthSupport = []provider.Support{
	{Field: "workloads.containers.health", Level: exact, How: "`healthCheck`: a service replaces the task"},
	{Field: "workloads.containers.health", When: "in a job or cron, or of a container whose end is not the task's", Level: approximated, How: "the task runs on when it is unhealthy", Instead: "use ready, if it is there for dependsOn"},
}

var readySupport = []provider.Support{
	{Field: "workloads.containers.ready", When: "in a job or cron", Level: exact, How: "`healthCheck`, for dependsOn"},
	{Field: "workloads.containers.ready", When: "in a service, or with another timing than health", Level: approximated, How: "`healthCheck`: a task that is not ready is replaced"},
	{Field: "workloads.containers.ready", When: "with another command than health", Level: unsupported, How: "a container has one check", Instead: "use the same command for both, or check a port that is in a target group"},
}

var startupSupport = []provider.Support{
	{Field: "workloads.containers.startup", When: "in a job or cron, without another check", Level: exact, How: "`healthCheck`, for dependsOn"},
	{Field: "workloads.containers.startup", When: "beside another check of the same command", Level: approximated, How: "`healthCheck.startPeriod`: the time in which failures do not count"},
	{Field: "workloads.containers.startup", When: "in a service, without another check", Level: approximated, How: "`healthCheck`, which goes on after the start"},
	{Field: "workloads.containers.startup", When: "with another command than health or ready", Level: unsupported, How: "a container has one check", Instead: "use the same command for both"},
}

// checkSupport is of what the three checks have in common.
func checkSupport(check string) []provider.Support {
	field := "workloads.containers." + check
	var rows []provider.Support
	for _, how := range []string{"http", "tcp", "grpc"} {
		group := "the target group's own check decides, and it makes one: ready's, or else health's"
		if check == "startup" {
			group = "its time is `healthCheckGracePeriodSeconds`; then the target group's own check decides"
		}
		rows = append(rows,
			provider.Support{Field: field + "." + how, When: "of a port in a target group", Level: approximated, How: group, Instead: "set the check on the target group"},
			provider.Support{Field: field + "." + how, Level: unsupported, How: "a container's check is a command", Instead: "use exec with a command that asks for it, or set targetGroups for the port"})
	}
	return append(rows,
		provider.Support{Field: field + ".exec", Level: exact, How: "`healthCheck.command` with CMD, which no shell reads"},
		provider.Support{Field: field + ".interval", Level: exact, How: "`healthCheck.interval`"},
		provider.Support{Field: field + ".timeout", Level: exact, How: "`healthCheck.timeout`"},
		provider.Support{Field: field + ".retries", Level: exact, How: "`healthCheck.retries`"},
		provider.Support{Field: field + ".startDelay", Level: approximated, How: "`healthCheck.startPeriod`: checks run from the start, and do not count until then"})
}

// orderSupport is of what comes after the checks.
var orderSupport = []provider.Support{
	{Field: "workloads.containers.dependsOn", When: "started", Level: exact, How: "`dependsOn` with START"},
	{Field: "workloads.containers.dependsOn", When: "healthy", Level: exact, How: "`dependsOn` with HEALTHY"},
	{Field: "workloads.containers.dependsOn", When: "completed", Level: exact, How: "`dependsOn` with SUCCESS"},
	{Field: "workloads.containers.mounts", Level: exact, How: "`mountPoints`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume or a configuration's directory", Level: unsupported, How: "no place for the mount can be made there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "`mountPoints`, or `linuxParameters.tmpfs` for one in memory"},
	{Field: "workloads.containers.mounts.volume", When: "by a user that is not root, of a new volume on disk", Level: approximated, How: "the volume belongs to root", Instead: "let an init container change the owner, build the image with VOLUME, or mount a file system by an access point"},
	{Field: "workloads.containers.mounts.config", When: "with extensions.ecs.configImage", Level: approximated, How: "an init container writes the files into a volume; a single file hides what the image has beside it", Instead: "mount a single file in a directory of its own"},
	{Field: "workloads.containers.mounts.config", When: "without extensions.ecs.configImage, in the root directory, or in windows containers", Level: unsupported, How: "a task definition holds no files", Instead: "set configImage to an image with a shell, or read the text with env.NAME.config"},
	{Field: "workloads.containers.mounts.secret", Level: unsupported, How: "secrets are put into env only", Instead: "read it from env.NAME.secret"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "`mountPoints[].readOnly`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`readonlyRootFilesystem`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "with extensions.ecs.enableExecuteCommand", Level: approximated, How: "the agent that runs commands cannot write", Instead: "mount ephemeral volumes at /var/lib/amazon and /var/log/amazon"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "of windows", Level: unsupported, How: "windows containers have none"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "with a user by number", Level: exact, How: "`user`"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "with a user by name", Level: approximated, How: "whether the user is root is not looked up in the image", Instead: "write the user as a number"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "without a user, or of windows", Level: unsupported, How: "an image that runs as root is not refused", Instead: "set user to a number other than 0"},
	{Field: "workloads.containers.security.privileged", When: "on EC2", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.privileged", When: "on Fargate, or of windows", Level: unsupported, How: "there are no privileged containers", Instead: `set extensions.ecs.launchType to "EC2"`},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`linuxParameters.capabilities`"},
	{Field: "workloads.containers.security.capabilities", When: "of windows", Level: unsupported, How: "windows containers have none"},
	{Field: "workloads.containers.security.capabilities.add", Level: exact, How: "`linuxParameters.capabilities.add`"},
	{Field: "workloads.containers.security.capabilities.add", When: "on Fargate, but for SYS_PTRACE", Level: unsupported, How: "Fargate adds no other", Instead: `set extensions.ecs.launchType to "EC2"`},
	{Field: "workloads.containers.security.capabilities.drop", Level: exact, How: "`linuxParameters.capabilities.drop`"},
	{Field: "workloads.containers.security.capabilities.drop", When: "newer than ECS's list", Level: unsupported, How: "ECS has no name for it", Instead: "drop ALL, and add what is needed"},
}
