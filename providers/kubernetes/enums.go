package kubernetes

import (
	"reflect"
	"strings"
	"sync"
)

// wordsOf returns the values of an API type, nil if it is not an enum.
func wordsOf(t reflect.Type) []string {
	return enums()[strings.TrimPrefix(t.PkgPath(), "k8s.io/api/")+"."+t.Name()]
}

// enums are those of the types that are marked as an enum, of the objects that are rendered.
//
// Source: k8s.io/api v0.37.2, +enum and the constants in types.go of core/v1, apps/v1, batch/v1
// and policy/v1, checked 2026-11-29.
var enums = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"core/v1.AppArmorProfileType":                  {"Unconfined", "RuntimeDefault", "Localhost"},
		"core/v1.DNSPolicy":                            {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"},
		"core/v1.GRPCProbeMode":                        {"Plaintext", "TLS"},
		"core/v1.HostPathType":                         {"", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"},
		"core/v1.IPFamily":                             {"IPv4", "IPv6", ""},
		"core/v1.IPFamilyPolicy":                       {"SingleStack", "PreferDualStack", "RequireDualStack"},
		"core/v1.MountPropagationMode":                 {"None", "HostToContainer", "Bidirectional"},
		"core/v1.NodeInclusionPolicy":                  {"Ignore", "Honor"},
		"core/v1.NodeSelectorOperator":                 {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"},
		"core/v1.PersistentVolumeAccessMode":           {"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"},
		"core/v1.PersistentVolumeMode":                 {"Block", "Filesystem"},
		"core/v1.PodFSGroupChangePolicy":               {"OnRootMismatch", "Always"},
		"core/v1.ProcMountType":                        {"Default", "Unmasked"},
		"core/v1.Protocol":                             {"TCP", "UDP", "SCTP"},
		"core/v1.PullPolicy":                           {"Always", "Never", "IfNotPresent"},
		"core/v1.RestartPolicy":                        {"Always", "OnFailure", "Never"},
		"core/v1.SeccompProfileType":                   {"Unconfined", "RuntimeDefault", "Localhost"},
		"core/v1.ServiceAffinity":                      {"ClientIP", "None"},
		"core/v1.ServiceExternalTrafficPolicy":         {"Cluster", "Local"},
		"core/v1.ServiceInternalTrafficPolicy":         {"Cluster", "Local"},
		"core/v1.ServiceType":                          {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"},
		"core/v1.SupplementalGroupsPolicy":             {"Merge", "Strict"},
		"core/v1.TaintEffect":                          {"NoSchedule", "PreferNoSchedule", "NoExecute"},
		"core/v1.TerminationMessagePolicy":             {"File", "FallbackToLogsOnError"},
		"core/v1.TolerationOperator":                   {"Exists", "Equal", "Lt", "Gt"},
		"core/v1.URIScheme":                            {"HTTP", "HTTPS"},
		"core/v1.UnsatisfiableConstraintAction":        {"DoNotSchedule", "ScheduleAnyway"},
		"apps/v1.DaemonSetUpdateStrategyType":          {"RollingUpdate", "OnDelete"},
		"apps/v1.DeploymentStrategyType":               {"Recreate", "RollingUpdate"},
		"apps/v1.PodManagementPolicyType":              {"OrderedReady", "Parallel"},
		"apps/v1.StatefulSetUpdateStrategyType":        {"RollingUpdate", "OnDelete", "Recreate"},
		"batch/v1.CompletionMode":                      {"NonIndexed", "Indexed"},
		"batch/v1.ConcurrencyPolicy":                   {"Allow", "Forbid", "Replace"},
		"batch/v1.PodFailurePolicyAction":              {"FailJob", "FailIndex", "Ignore", "Count"},
		"batch/v1.PodFailurePolicyOnExitCodesOperator": {"In", "NotIn"},
		"batch/v1.PodReplacementPolicy":                {"TerminatingOrFailed", "Failed"},
		"policy/v1.UnhealthyPodEvictionPolicyType":     {"IfHealthyBudget", "AlwaysAllow"},
	}
})
