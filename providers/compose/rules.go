package compose

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// check collects the diagnostics of one tenant.
type check struct {
	diag.List
	*tenant

	// taken are the machine's ports that earlier workloads publish.
	taken map[hostPort]diag.Path
}

type (
	tenantRule   = provider.Rule[func(*check)]
	workloadRule = provider.Rule[func(*check, *workload)]
)

// rules are all requirements of Compose that CUE does not express.
var rules = provider.Rules[*check, *workload]{
	Tenant: []tenantRule{
		{Name: "file-patch", Check: tenantPatches,
			Doc:    "a patch is of fields that a Compose file has and nothing else here says",
			Source: "compose-spec, schema/compose-spec.json, checked 2026-11-29"},
		{Name: "labels", Check: labels,
			Doc:    "compose finds its containers by labels of its own, which it overwrites",
			Source: "docker/compose, pkg/api/labels.go"},
		{Name: "secret-variables", Check: secretVariables,
			Doc:    "a secret's value comes from a variable, and one variable cannot hold two",
			Source: "docker/docs, content/manuals/compose/how-tos/environment-variables/variable-interpolation.md"},
		{Name: "shared-volumes", Check: sharedVolumes,
			Doc:    "a volume that workloads share is of docker's local driver, as their own are",
			Source: "moby/moby, daemon/volume/local"},
	},
	Workload: []workloadRule{
		{Name: "patches", Check: patches,
			Doc:    "a patch is of fields that a service has and nothing else here says",
			Source: "compose-spec, schema/compose-spec.json, checked 2026-11-29"},
		{Name: "schedule", Check: schedule,
			Doc:    "docker compose starts nothing on a schedule",
			Source: "compose-spec, 05-services.md, which has no field for one"},
		{Name: "timeout", Check: timeout,
			Doc:    "a container runs until it ends: nothing limits how long",
			Source: "compose-spec, 05-services.md, which has no field for it; checked 2026-11-29"},
		{Name: "restart-policy", Check: restartPolicy,
			Doc:    "a policy of always knows no count, and no success",
			Source: "compose-spec, 05-services.md, restart"},
		{Name: "asked-jobs", Check: askedJobs,
			Doc:    "a job has a profile, and what has a profile runs when it is asked for",
			Source: "https://docs.docker.com/compose/how-tos/profiles/"},
		{Name: "repeated-inits", Check: repeatedInits,
			Doc:    "docker compose up starts each container that does not run, and so one that has completed",
			Source: "docker/compose v5.6.0, startService in pkg/compose/service_containers.go; checked 2026-11-29"},
		{Name: "restarted-machine", Check: restartedMachine,
			Doc:    "a daemon that starts waits 5 seconds at most for the container whose network another one joins, and that one stays down where it does not run by then; older daemons do not wait",
			Source: "moby/moby, restore in daemon/daemon.go and GetDependentContainers in daemon/container.go; moby/moby#50326, which moby/moby#50327 fixes so; checked 2026-11-29"},
		{Name: "companions", Check: companions,
			Doc:    "nothing ends when something else does",
			Source: "docker/compose, pkg/compose/start.go"},
		{Name: "app-protocols", Check: appProtocols,
			Doc:    "nothing stands between containers that would look into a protocol",
			Source: "compose-spec, 05-services.md: app_protocol of ports is a hint for platforms, which docker compose does not read"},
		{Name: "copies", Check: copies,
			Doc:    "a network, a port of the machine and a volume are those of one copy",
			Source: "docker/compose, resolveSharedNamespaces in pkg/compose/convergence.go"},
		{Name: "autoscale", Check: autoscale,
			Doc:    "a Compose file states a number of copies",
			Source: "compose-spec, deploy.md, replicas"},
		{Name: "rollout", Check: rollout,
			Doc:    "a container is removed, and then recreated; deploy.update_config is read by Swarm alone",
			Source: "docker/compose, pkg/compose/reconcile.go"},
		{Name: "placement", Check: placement,
			Doc:    "all that runs is on one machine, and on Linux: containers of Windows share no network",
			Source: "https://docs.docker.com/compose/, which runs containers on one host"},
		{Name: "host-ports", Check: hostPorts,
			Doc:    "the extension places ports that the workload has and publishes",
			Source: "compose-spec, 05-services.md, ports"},
		{Name: "taken-ports", Check: takenPorts,
			Doc:    "the machine has each port once, and docker refuses the second container",
			Source: "docker/docs, content/manuals/engine/network/port-publishing.md"},
		{Name: "hidden-ports", Check: hiddenPorts,
			Doc:    "a project has one network, in which each service reaches all ports of the others",
			Source: "compose-spec, 06-networks.md"},
		{Name: "ingress", Check: ingress,
			Doc:    "the nearest to an entry is its port on the machine",
			Source: "compose-spec, 05-services.md, which has no field for one"},
		{Name: "dependencies", Check: dependencies,
			Doc:    "what is waited for has to come",
			Source: "docker/compose, waitDependencies in pkg/compose/convergence.go"},
		{Name: "check-timings", Check: timings,
			Doc:    "no time is docker's own default, 30 seconds",
			Source: "moby/moby, timeoutWithDefault in daemon/health.go"},
		{Name: "checks", Check: checks,
			Doc:    "a container has one health check, a command, on which others may wait; nothing else comes of it",
			Source: "compose-spec, 05-services.md, healthcheck; moby/moby, daemon/health.go"},
		{Name: "amounts", Check: amounts,
			Doc:    "cpu is a weight, as in a pod's cgroup, and memory a reservation, each with a least amount",
			Source: "moby/moby, linuxMinMemory in daemon/daemon_unix.go"},
		{Name: "volumes", Check: volumes,
			Doc:    "volumes are of docker's local driver, which takes room as it comes and keeps what it has until it is told otherwise; those in memory are a tmpfs, which ends with the containers that mount it",
			Source: "moby/moby, daemon/volume/local"},
		{Name: "emptied-volumes", Check: emptiedVolumes,
			Doc:    "the local driver mounts a tmpfs when the first container that has it starts, and unmounts it, empty, when the last one ends: what an init container wrote is gone before a main container starts",
			Source: "moby/moby, Mount and Unmount in daemon/volume/local/local.go; checked 2026-11-29"},
		{Name: "root-owned-volumes", Check: rootOwnedVolumes,
			Doc:    "a new volume takes content and owner from what the image has at that path; where it has nothing there, it belongs to root",
			Source: "moby/moby, CopyImagePathContent in daemon/container/container_unix.go, Create in daemon/volume/local/local.go; docker/docs, engine/storage/volumes.md, \"Populate a volume using a container\"; checked 2026-11-29"},
		{Name: "writable-roots", Check: writableRoots,
			Doc:    "files are copied into the container's own file system, which cannot be read-only then",
			Source: "docker/compose, injectFileReferences in pkg/compose/secrets.go"},
		{Name: "empty-files", Check: emptyFiles,
			Doc:    "no file is made of an empty text",
			Source: "docker/compose, injectFileReferences in pkg/compose/secrets.go"},
		{Name: "nested-mounts", Check: nestedMounts,
			Doc:    "a mount inside another needs a place that can be made there",
			Source: "docker/compose, injectFileReferences in pkg/compose/secrets.go; moby/moby, openContainerFS in daemon/containerfs_linux.go; opencontainers/runc, createOpenMountpoint and mountToRootfs of libcontainer/rootfs_linux.go; checked 2026-11-29"},
		{Name: "stop-signals", Check: stopSignals,
			Doc:    "docker refuses a container with a signal that it does not know",
			Source: "moby/moby, verifyContainerSettings in daemon/container.go"},
		{Name: "users", Check: users,
			Doc:    "docker refuses no user, so root is one that runAsNonRoot does not keep out",
			Source: "compose-spec, 05-services.md, user"},
		{Name: "capabilities", Check: capabilities,
			Doc:    "docker refuses a container with a capability that it does not know",
			Source: "moby/moby, NormalizeLegacyCapabilities in daemon/pkg/oci/caps/utils.go"},
	},
}
