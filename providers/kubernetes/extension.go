package kubernetes

import "github.com/cuecompute/cuecompute/pkg/plan"

// What decodes extensions.
var (
	tenantExtensions   plan.Extensions[tenantExtension]
	workloadExtensions plan.Extensions[workloadExtension]
)

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
