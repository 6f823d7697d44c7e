package kubernetes

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	exact        = provider.Exact
	approximated = provider.Approximated
	unsupported  = provider.Unsupported
)

// support is what Kubernetes makes of each field, in the order of the spec. Validate says
// the same of each spec: the table's test holds the two together.
var support = slices.Concat(tenantSupport, workloadSupport, containerSupport, checkSupport("health", "`livenessProbe`"),
	checkSupport("ready", "`readinessProbe`"), checkSupport("startup", "`startupProbe`"), orderSupport)

var tenantSupport = []provider.Support{
	{Field: "id", Level: exact, How: "the prefix of every object's name, and the label `app.kubernetes.io/part-of`"},
	{Field: "labels", Level: exact, How: "labels of every object and of the pods, but for the claims that a StatefulSet makes, whose labels are immutable"},
	{Field: "secrets", Level: exact, How: "a Secret of the namespace, by reference"},
	{Field: "secrets.path", Level: exact, How: "the Secret's name"},
	{Field: "secrets.key", Level: exact, How: "its key"},
	{Field: "config", Level: exact, How: "a ConfigMap; a change of it replaces the pods that read it"},
}

var workloadSupport = []provider.Support{
	{Field: "workloads", Level: exact, How: "objects called TENANT-WORKLOAD"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "a Deployment"},
	{Field: "workloads.kind", When: "service, with a persistent volume", Level: exact, How: "a StatefulSet"},
	{Field: "workloads.kind", When: "job", Level: exact, How: "a Job"},
	{Field: "workloads.kind", When: "cron", Level: exact, How: "a CronJob"},
	{Field: "workloads.replicas", When: "of a service", Level: exact, How: "`replicas`"},
	{Field: "workloads.replicas", When: "of a job or cron", Level: exact, How: "`completions` and `parallelism`"},
	{Field: "workloads.schedule", Level: exact, How: "`schedule`"},
	{Field: "workloads.timezone", Level: exact, How: "`timeZone`"},
	{Field: "workloads.timezone", When: "whose clocks skip or repeat the schedule's time of day", Level: approximated, How: "a run that is skipped is left out, one that is repeated starts twice", Instead: "choose another time, or UTC"},
	{Field: "workloads.concurrency", Level: exact, How: "`concurrencyPolicy`"},
	{Field: "workloads.autoscale", Level: exact, How: "a HorizontalPodAutoscaler"},
	{Field: "workloads.autoscale.min", Level: exact, How: "`minReplicas`"},
	{Field: "workloads.autoscale.max", Level: exact, How: "`maxReplicas`"},
	{Field: "workloads.autoscale.cpu", Level: exact, How: "`averageUtilization` of cpu"},
	{Field: "workloads.ingress", Level: exact, How: "an Ingress"},
	{Field: "workloads.ingress.host", Level: exact, How: "a rule's `host`"},
	{Field: "workloads.ingress.path", Level: exact, How: "`path`, of type Prefix"},
	{Field: "workloads.ingress.port", Level: exact, How: "the `backend`: the workload's Service and its port"},
	{Field: "workloads.ingress.tls", When: "true", Level: exact, How: "`tls` with the controller's own certificate"},
	{Field: "workloads.ingress.tls", When: "with a secret", Level: exact, How: "`tls` with `secretName`"},
	{Field: "workloads.ingress.tls", When: "other than that of another path of the host", Level: unsupported, How: "a host has one certificate, whatever the path", Instead: "give them the same tls, or hosts of their own"},
	{Field: "workloads.rollout.maxUnavailable", Level: exact, How: "`maxUnavailable` of a rolling update"},
	{Field: "workloads.rollout.maxSurge", Level: exact, How: "`maxSurge` of a rolling update"},
	{Field: "workloads.rollout.maxSurge", When: "with a persistent volume", Level: unsupported, How: "a StatefulSet runs no extra copies", Instead: "leave it out"},
	{Field: "workloads.rollout.healthyDeadline", Level: exact, How: "`progressDeadlineSeconds`"},
	{Field: "workloads.rollout.healthyDeadline", When: "with a persistent volume", Level: unsupported, How: "a StatefulSet's update has no deadline", Instead: "leave it out, and run kubectl rollout status with --timeout"},
	{Field: "workloads.rollout.rollback", Level: unsupported, How: "an update that fails is reported, and stays", Instead: "run kubectl rollout undo where kubectl rollout status fails"},
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "`restartPolicy` Always"},
	{Field: "workloads.restart", When: "another policy, of a service", Level: unsupported, How: "another copy is made whenever one ends", Instead: "leave it out, or use kind job"},
	{Field: "workloads.restart", When: "on-failure, of a job or cron", Level: exact, How: "`restartPolicy` OnFailure; with attempts, Never and `backoffLimit`"},
	{Field: "workloads.restart", When: "never, of a job or cron", Level: exact, How: "`restartPolicy` Never and `backoffLimit` 0"},
	{Field: "workloads.restart", When: "always, of a job or cron", Level: unsupported, How: "a container that succeeded is not started again", Instead: "use on-failure or never, or kind service"},
	{Field: "workloads.restart.attempts", When: "of a job or cron", Level: exact, How: "`backoffLimit`; with several copies, `backoffLimitPerIndex`"},
	{Field: "workloads.restart.attempts", When: "of a service", Level: unsupported, How: "containers are started again without limit, ever more slowly", Instead: "leave it out"},
	{Field: "workloads.stopGrace", Level: exact, How: "`terminationGracePeriodSeconds`"},
	{Field: "workloads.volumes.persistent", When: "of a service", Level: exact, How: "`volumeClaimTemplates`: a PersistentVolumeClaim a copy"},
	{Field: "workloads.volumes.persistent", When: "of a job or cron of one copy", Level: exact, How: "a PersistentVolumeClaim, which outlives the runs"},
	{Field: "workloads.volumes.persistent", When: "of a cron whose runs may overlap", Level: approximated, How: "the runs share one claim, and wait for one another where they are on different nodes", Instead: "set concurrency to forbid or replace"},
	{Field: "workloads.volumes.persistent", When: "of a job or cron of several copies", Level: unsupported, How: "the copies would share one claim", Instead: "run one copy, use an ephemeral volume, or kind service"},
	{Field: "workloads.volumes.persistent.size", Level: exact, How: "the claim's request for `storage`"},
	{Field: "workloads.volumes.persistent.class", Level: exact, How: "`storageClassName`"},
	{Field: "workloads.volumes.ephemeral", Level: exact, How: "an `emptyDir`"},
	{Field: "workloads.volumes.ephemeral.size", Level: exact, How: "`sizeLimit`"},
	{Field: "workloads.volumes.ephemeral.medium", Level: exact, How: "`medium`"},
	{Field: "workloads.placement.arch", Level: exact, How: "`nodeSelector` by `kubernetes.io/arch`"},
	{Field: "workloads.placement.os", Level: exact, How: "`nodeSelector` by `kubernetes.io/os`, and the pod's `os`"},
	{Field: "workloads.placement.spread", Level: exact, How: "`topologySpreadConstraints` over nodes and zones, as far as there is room"},
}

var containerSupport = []provider.Support{
	{Field: "workloads.containers", Level: exact, How: "a container of the pod"},
	{Field: "workloads.containers", When: "main, in a job or cron, where another waits for its end", Level: approximated, How: "an init container: it runs by itself, and not beside the other mains", Instead: "give it the role init, or let the others wait for it too"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "one of the pod's own containers, or a restartable init container, where others wait for it"},
	{Field: "workloads.containers.role", When: "init", Level: exact, How: "an init container"},
	{Field: "workloads.containers.role", When: "sidecar", Level: exact, How: "a restartable init container"},
	{Field: "workloads.containers.command", Level: exact, How: "`command`, with the kubelet's own syntax escaped"},
	{Field: "workloads.containers.args", Level: exact, How: "`args`, likewise"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`workingDir`"},
	{Field: "workloads.containers.user", When: "by number", Level: exact, How: "`runAsUser` and `runAsGroup`; of one who writes to a persistent volume, `fsGroup` too"},
	{Field: "workloads.containers.user", When: "of windows", Level: exact, How: "`runAsUserName`"},
	{Field: "workloads.containers.user", When: "by name, of linux", Level: unsupported, How: "users and groups are numbers", Instead: "write the numbers that the image gives them"},
	{Field: "workloads.containers.stopSignal", Level: unsupported, How: "a container is stopped with its image's own signal", Instead: "set STOPSIGNAL in the image"},
	{Field: "workloads.containers.env", Level: exact, How: "`env`, with the kubelet's own syntax escaped"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "`secretKeyRef`"},
	{Field: "workloads.containers.env.config", Level: exact, How: "`configMapKeyRef`"},
	{Field: "workloads.containers.env.endpoint", Level: exact, How: "the DNS name of the workload's Service, TENANT-WORKLOAD, and the port"},
	{Field: "workloads.containers.ports", Level: exact, How: "`ports` of the container and of the workload's Service"},
	{Field: "workloads.containers.ports", When: "of one number, which differ in their protocol", Level: approximated, How: "kubectl apply merges ports by number, and keeps one of the two on an update", Instead: "kubectl apply --server-side"},
	{Field: "workloads.containers.ports", When: "public ones of tcp and udp", Level: approximated, How: "one load balancer, and some clouds take one protocol", Instead: "give one of them a workload of its own"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "`protocol`"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: exact, How: "no port of the Service"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "a port of the Service"},
	{Field: "workloads.containers.ports.expose", When: "public", Level: exact, How: "a port of the Service, and of a second one of type LoadBalancer"},
	{Field: "workloads.containers.resources.cpu", Level: exact, How: "a request, in millicores"},
	{Field: "workloads.containers.resources.cpuMax", Level: exact, How: "a limit, which is the request too where there is none"},
	{Field: "workloads.containers.resources.memory", Level: exact, How: "a request"},
	{Field: "workloads.containers.resources.memoryMax", Level: exact, How: "a limit, which is the request too where there is none"},
	{Field: "workloads.containers.resources.gpu", Level: exact, How: "a limit of `nvidia.com/gpu`, or of what extensions.kubernetes.gpuResource says"},
}

// checkSupport is of what the three checks have in common.
func checkSupport(check, probe string) []provider.Support {
	field := "workloads.containers." + check
	return []provider.Support{
		{Field: field, Level: exact, How: probe},
		{Field: field, When: "of an init container", Level: unsupported, How: "an init container has no probes", Instead: "leave it out: its end is what others wait for"},
		{Field: field + ".http", Level: exact, How: "`httpGet`"},
		{Field: field + ".tcp", Level: exact, How: "`tcpSocket`"},
		{Field: field + ".grpc", Level: exact, How: "`grpc`"},
		{Field: field + ".exec", Level: exact, How: "`exec`, with the kubelet's own syntax escaped"},
		{Field: field + ".interval", Level: exact, How: "`periodSeconds`"},
		{Field: field + ".timeout", Level: exact, How: "`timeoutSeconds`"},
		{Field: field + ".retries", Level: exact, How: "`failureThreshold`"},
		{Field: field + ".startDelay", Level: exact, How: "`initialDelaySeconds`"},
	}
}

// orderSupport is of what comes after the checks.
var orderSupport = []provider.Support{
	{Field: "workloads.containers.dependsOn", When: "started or healthy, in a service or of a sidecar", Level: exact, How: "a restartable init container, whose startup probe is the gate"},
	{Field: "workloads.containers.dependsOn", When: "completed, of an init container, or of a main in a job or cron", Level: exact, How: "an init container"},
	{Field: "workloads.containers.dependsOn", When: "started, among the mains of a job or cron", Level: approximated, How: "started one after another, even if the first failed to start", Instead: "make the first a sidecar"},
	{Field: "workloads.containers.dependsOn", When: "healthy, among the mains of a job or cron", Level: unsupported, How: "they start without waiting for one another", Instead: "make the first a sidecar"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what runs on", Level: unsupported, How: "it is started again whenever it ends", Instead: "give it the role init, or wait until it is started or healthy"},
	{Field: "workloads.containers.dependsOn", When: "healthy, of an init container", Level: unsupported, How: "it ends, and is never healthy", Instead: "wait until it is completed"},
	{Field: "workloads.containers.dependsOn", When: "of a sidecar on a main, in a job or cron", Level: unsupported, How: "sidecars start before the mains", Instead: "let the main wait for the sidecar"},
	{Field: "workloads.containers.mounts", Level: exact, How: "`volumeMounts`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume, or a file inside a configuration's directory", Level: unsupported, How: "no place for the mount can be made there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "a volume mount"},
	{Field: "workloads.containers.mounts.config", Level: exact, How: "a mount of the ConfigMap, or of one file in it by `subPath`"},
	{Field: "workloads.containers.mounts.secret", Level: exact, How: "a mount of the Secret's key, by `subPath`"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "`readOnly`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`readOnlyRootFilesystem`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "of windows", Level: unsupported, How: "windows containers have none", Instead: "leave it out, or run on linux"},
	{Field: "workloads.containers.security.runAsNonRoot", Level: exact, How: "`runAsNonRoot`"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "beside a persistent volume, and no user is stated", Level: approximated, How: "the volume may belong to root, and the image's user cannot write to it then", Instead: "state user by number, or extensions.kubernetes.fsGroup"},
	{Field: "workloads.containers.security.privileged", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.privileged", When: "of windows", Level: unsupported, How: "windows containers have no such mode", Instead: "leave it out, or run on linux"},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`capabilities`"},
	{Field: "workloads.containers.security.capabilities", When: "of windows", Level: unsupported, How: "windows containers have none", Instead: "leave them out, or run on linux"},
}
