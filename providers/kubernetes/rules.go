package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// check is one tenant being validated, with its diagnostics.
type check struct {
	diag.List
	*tenant
}

type (
	tenantRule   = provider.Rule[func(*check)]
	workloadRule = provider.Rule[func(*check, *workload)]
)

// rules is everything that Kubernetes asks of a tenant and CUE does not say. Sources are of
// kubernetes/kubernetes where they name no other.
var rules = provider.Rules[*check, *workload]{
	Tenant: []tenantRule{
		{Name: "labels", Check: labels,
			Doc:    "labels have the same form on every object, and one of them tells workloads apart",
			Source: "IsLabelKey and IsLabelValue of k8s.io/apimachinery, pkg/api/validate/content"},
		{Name: "secrets", Check: secrets,
			Doc:    "a secret that a workload uses names a Secret and, but for an ingress' certificate, one of its keys; what nothing uses may have any form",
			Source: "IsConfigMapKey of k8s.io/apimachinery, pkg/util/validation"},
		{Name: "configs", Check: configs,
			Doc:    "a configuration is a ConfigMap, which bounds its size and the names of its files",
			Source: "ValidateConfigMap of pkg/apis/core/validation"},
		{Name: "shared-volumes", Check: sharedVolumes,
			Doc:    "a volume that workloads share is a claim of mode ReadWriteMany, which a StorageClass has to provide",
			Source: "ValidatePersistentVolumeClaimSpec of pkg/apis/core/validation; documentation, \"Persistent Volumes\", section \"Access Modes\"; checked 2026-11-29"},
		{Name: "collisions", Check: collisions,
			Doc:    "no two workloads of a tenant have objects of one name",
			Source: "documentation, \"Object Names and IDs\""},
	},
	Workload: []workloadRule{
		{Name: "patches", Check: patches,
			Doc:    "a patch is of an object that the workload has, in fields that the API has and nothing else here says",
			Source: "k8s.io/api v0.37.2; documentation, \"Update API Objects in Place Using kubectl patch\"; checked 2026-11-29"},
		{Name: "names", Check: names,
			Doc:    "the name of an object has as many characters as its kind and its controllers let it have",
			Source: "ValidateCronJobCreate of pkg/apis/batch/validation; ControllerRevisionName of pkg/controller/history; checked 2026-11-29"},
		{Name: "dependencies", Check: dependencies,
			Doc:    "init containers run one after another, restartable ones gate on their startup probe, and a pod's own containers start together",
			Source: "documentation, \"Init Containers\" and \"Sidecar Containers\""},
		{Name: "probes", Check: probes,
			Doc:    "a check is a probe, whose times have least values; an init container has none",
			Source: "validateProbe and validateInitContainers of pkg/apis/core/validation"},
		{Name: "stop-signals", Check: stopSignals,
			Doc:    "a container is stopped with its image's own signal: the field for one is alpha and off, and the server drops it",
			Source: "dropDisabledFields of pkg/api/pod; feature gate ContainerStopSignals of pkg/features"},
		{Name: "users", Check: users,
			Doc:    "users and groups are numbers on Linux, and root is not one who is not root",
			Source: "ValidateSecurityContext of pkg/apis/core/validation"},
		{Name: "windows-security", Check: windowsSecurity,
			Doc:    "a pod of Windows has no field that is about Linux",
			Source: "validateWindows of pkg/apis/core/validation"},
		{Name: "privileges", Check: privileges,
			Doc:    "a privileged container cannot forbid the escalation of privileges",
			Source: "ValidateSecurityContext of pkg/apis/core/validation"},
		{Name: "amounts", Check: amounts,
			Doc:    "an amount of memory or storage is less than 8 EiB",
			Source: "documentation, \"Quantity\""},
		{Name: "ports", Check: ports,
			Doc:    "the name of a port has a letter and no two hyphens in a row",
			Source: "IsValidPortName of k8s.io/apimachinery, pkg/util/validation"},
		{Name: "shared-numbers", Check: sharedNumbers,
			Doc:    "kubectl apply merges ports by number alone, and keeps one of two that differ in their protocol when it updates objects; the server merges them by number and protocol, and some load balancers take one protocol only",
			Source: "patchMergeKey of Container.ports and ServiceSpec.ports in k8s.io/api/core/v1; kubernetes#39188; documentation, \"Load balancers with mixed protocol types\"; checked 2026-11-29"},
		{Name: "ingresses", Check: ingresses,
			Doc:    "the host of an Ingress is a name, its path has no part that cannot be matched, and a host has one certificate, whatever the path",
			Source: "validateIngressRules and ValidateIngressCreate of pkg/apis/networking/validation"},
		{Name: "services", Check: services,
			Doc:    "a load balancer takes networks in the form of CIDR, without bits beyond their length",
			Source: "validateService of pkg/apis/core/validation; parseCIDR of k8s.io/apimachinery, pkg/util/validation"},
		{Name: "volumes", Check: volumes,
			Doc:    "an ephemeral volume is an emptyDir; a persistent one is a claim, one a copy in a StatefulSet, and one for all copies and runs of a job",
			Source: "documentation, \"StatefulSets\" and \"Persistent Volumes\""},
		{Name: "nested-mounts", Check: nestedMounts,
			Doc:    "a mount inside another needs a place that can be made there",
			Source: "opencontainers/runc, createOpenMountpoint and mountToRootfs of libcontainer/rootfs_linux.go; MakeNestedMountpoints of pkg/volume/util/nested_volumes.go; kubernetes#121294; checked 2026-11-29"},
		{Name: "owners", Check: owners,
			Doc:    "where only the image names a user, who may not be root, nobody knows here which group has to own the volume",
			Source: "documentation, \"Configure a Security Context for a Pod or Container\", fsGroup"},
		{Name: "placement", Check: placement,
			Doc:    "placement is a node selector, which the extension's cannot contradict",
			Source: "documentation, \"Well-Known Labels, Annotations and Taints\""},
		{Name: "tolerations", Check: tolerations,
			Doc:    "a toleration's fields go together",
			Source: "ValidateTolerations of pkg/apis/core/validation"},
		{Name: "spreads", Check: spreads,
			Doc:    "no two spread constraints have one key and one reaction",
			Source: "ValidateSpreadConstraintNotRepeat of pkg/apis/core/validation"},
		{Name: "restarts", Check: restarts,
			Doc:    "the pods of a service are always restarted, those of a job never after success; where a container of a service may be left as it ended, the pod has ended, and the controller makes another at once, without the kubelet's back-off",
			Source: "validateJobSpec of pkg/apis/batch/validation, ValidateDeploymentSpec and ValidateStatefulSetSpec of pkg/apis/apps/validation; feature gate ContainerRestartRules of pkg/features; IsPodActive of pkg/controller; checked 2026-11-29"},
		{Name: "clocks", Check: clocks,
			Doc:    "a run in an hour that is skipped is left out, one in an hour that is repeated starts twice",
			Source: "github.com/robfig/cron v3.0.1, doc.go and spec_test.go, by which pkg/controller/cronjob reads schedules; checked 2026-11-29"},
		{Name: "rollouts", Check: rollouts,
			Doc:    "a Deployment has maxSurge or maxUnavailable and a deadline, a StatefulSet neither the first nor the last, and no update is taken back",
			Source: "ValidateDeploymentSpec and validateRollingUpdateStatefulSet of pkg/apis/apps/validation"},
		{Name: "autoscaling", Check: autoscaling,
			Doc:    "autoscaling by cpu takes a request of every container that runs on; a limit will do, as the request is the limit where there is none",
			Source: "calculatePodRequestsFromContainers of pkg/controller/podautoscaler; SetDefaults_Pod of pkg/apis/core/v1"},
		{Name: "disruptions", Check: disruptions,
			Doc:    "the controller of budgets knows how many pods a Deployment or StatefulSet ought to have, but not a Job",
			Source: "getExpectedPodCount of pkg/controller/disruption"},
		{Name: "drains", Check: drains,
			Doc:    "a budget that lets no copy go keeps a node from being drained for ever; percentages are rounded up",
			Source: "documentation, \"Specifying a Disruption Budget for your Application\"; getExpectedPodCount of pkg/controller/disruption; checked 2026-11-29"},
		{Name: "annotations", Check: annotations,
			Doc:    "all annotations of an object have a size together, and one on pods is the hash of the configuration that they read",
			Source: "TotalAnnotationSizeLimitB of k8s.io/apimachinery, pkg/api/validation; checked 2026-11-29"},
		{Name: "extension-fields", Check: extensionFields,
			Doc:    "some fields are of objects that only some workloads have; elsewhere they are refused, or there is nowhere to put them",
			Source: "k8s.io/api, of which fields there are"},
	},
}
