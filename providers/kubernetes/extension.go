package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// extensions decodes both: a missing field is its zero value.
var extensions = provider.Extensions[tenantExtension, workloadExtension]{
	Secrets: func(x *tenantExtension) map[string]plan.Secret { return x.Secrets },
}

// tenantExtension is extensions.kubernetes of a tenant; workload.cue and
// kubernetes.cue say what the fields mean.
type tenantExtension struct {
	Namespace        string                 `json:"namespace"`
	ImagePullSecrets []string               `json:"imagePullSecrets"`
	ImagePullPolicy  string                 `json:"imagePullPolicy"`
	IngressClass     string                 `json:"ingressClass"`
	Secrets          map[string]plan.Secret `json:"secrets"`
}

// workloadExtension is extensions.kubernetes of a workload.
type workloadExtension struct {
	ServiceAccount               string                     `json:"serviceAccount"`
	CreateServiceAccount         bool                       `json:"createServiceAccount"`
	ServiceAccountAnnotations    map[string]string          `json:"serviceAccountAnnotations"`
	AutomountServiceAccountToken *bool                      `json:"automountServiceAccountToken"`
	PriorityClass                string                     `json:"priorityClass"`
	RuntimeClass                 string                     `json:"runtimeClass"`
	NodeSelector                 map[string]string          `json:"nodeSelector"`
	Tolerations                  []toleration               `json:"tolerations"`
	TopologySpreadConstraints    []topologySpreadConstraint `json:"topologySpreadConstraints"`

	Annotations        map[string]string `json:"annotations"`
	PodAnnotations     map[string]string `json:"podAnnotations"`
	ServiceAnnotations map[string]string `json:"serviceAnnotations"`
	IngressAnnotations map[string]string `json:"ingressAnnotations"`

	DisruptionBudget         *disruptionBudget `json:"disruptionBudget"`
	FSGroup                  *int64            `json:"fsGroup"`
	AllowPrivilegeEscalation *bool             `json:"allowPrivilegeEscalation"`
	SeccompProfile           string            `json:"seccompProfile"`
	GPUResource              string            `json:"gpuResource"`

	LoadBalancerClass        string   `json:"loadBalancerClass"`
	LoadBalancerSourceRanges []string `json:"loadBalancerSourceRanges"`
	ExternalTrafficPolicy    string   `json:"externalTrafficPolicy"`

	MinReadySeconds            *int32 `json:"minReadySeconds"`
	RevisionHistoryLimit       *int32 `json:"revisionHistoryLimit"`
	PodManagementPolicy        string `json:"podManagementPolicy"`
	ActiveDeadlineSeconds      *int32 `json:"activeDeadlineSeconds"`
	TTLSecondsAfterFinished    *int32 `json:"ttlSecondsAfterFinished"`
	StartingDeadlineSeconds    *int32 `json:"startingDeadlineSeconds"`
	SuccessfulJobsHistoryLimit *int32 `json:"successfulJobsHistoryLimit"`
	FailedJobsHistoryLimit     *int32 `json:"failedJobsHistoryLimit"`

	Patch map[string]provider.Patch `json:"patch"` // by kind
}

type toleration struct {
	Key               string `json:"key"`
	Operator          string `json:"operator"`
	Value             string `json:"value"`
	Effect            string `json:"effect"`
	TolerationSeconds *int64 `json:"tolerationSeconds"`
}

type topologySpreadConstraint struct {
	TopologyKey       string `json:"topologyKey"`
	MaxSkew           int32  `json:"maxSkew"`
	WhenUnsatisfiable string `json:"whenUnsatisfiable"`
}

// disruptionBudget has exactly one of MinAvailable and MaxUnavailable.
type disruptionBudget struct {
	MinAvailable               *plan.Count `json:"minAvailable"`
	MaxUnavailable             *plan.Count `json:"maxUnavailable"`
	UnhealthyPodEvictionPolicy string      `json:"unhealthyPodEvictionPolicy"`
}

// extensionRows are the rows of the extensions' fields.
var extensionRows = provider.Table{
	{Field: "extensions.kubernetes", Effect: pods}, // imagePullSecrets, imagePullPolicy
	{Field: "extensions.kubernetes.secrets", Effect: provider.EffectFunc(secretUsers)},
	{Field: "extensions.kubernetes.namespace", Effect: provider.EffectFunc(moved)},
	{Field: "extensions.kubernetes.ingressClass", Effect: inPlace, Source: "the Ingresses"},

	{Field: "workloads.extensions.kubernetes", Effect: pods},
	{Field: "workloads.extensions.kubernetes.patch", Effect: provider.EffectFunc(patchedEffect), Source: "patchedInPlace"},
	{Field: "workloads.extensions.kubernetes.annotations", Effect: inPlace, Source: "the workload's own object, not its pods"},
	{Field: "workloads.extensions.kubernetes.serviceAccountAnnotations", Effect: inPlace, Source: "the ServiceAccount"},
	{Field: "workloads.extensions.kubernetes.serviceAnnotations", Effect: inPlace, Source: "the Services"},
	{Field: "workloads.extensions.kubernetes.ingressAnnotations", Effect: inPlace, Source: "the Ingress"},
	{Field: "workloads.extensions.kubernetes.disruptionBudget", Effect: inPlace, Source: "the PodDisruptionBudget"},
	{Field: "workloads.extensions.kubernetes.loadBalancerClass", Effect: replacement, Source: "immutable in a Service"},
	{Field: "workloads.extensions.kubernetes.loadBalancerSourceRanges", Effect: inPlace, Source: "the Services"},
	{Field: "workloads.extensions.kubernetes.externalTrafficPolicy", Effect: inPlace, Source: "the Services"},
	{Field: "workloads.extensions.kubernetes.minReadySeconds", Effect: inPlace, Source: "how the next update goes"},
	{Field: "workloads.extensions.kubernetes.revisionHistoryLimit", Effect: inPlace, Source: "what is kept"},
	{Field: "workloads.extensions.kubernetes.podManagementPolicy", Effect: replacement, Source: "immutable in a StatefulSet, whose claims stay"},
	{Field: "workloads.extensions.kubernetes.activeDeadlineSeconds", Effect: inPlace, Source: "mutable in a Job"},
	{Field: "workloads.extensions.kubernetes.ttlSecondsAfterFinished", Effect: inPlace},
	{Field: "workloads.extensions.kubernetes.startingDeadlineSeconds", Effect: inPlace},
	{Field: "workloads.extensions.kubernetes.successfulJobsHistoryLimit", Effect: inPlace},
	{Field: "workloads.extensions.kubernetes.failedJobsHistoryLimit", Effect: inPlace},
}
