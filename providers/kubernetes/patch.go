package kubernetes

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const patchDocs = "https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/"

// nativeOf returns the API's type of a kind of object. Lists are merged by the key that their
// types declare, as in a strategic merge patch; k8s.io/apimachinery, pkg/util/strategicpatch.
func nativeOf(kind string) *provider.Native {
	return &provider.Native{
		Name: kind,
		Field: func(f reflect.StructField) (string, bool) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case strings.Contains(options, "inline"), name == "" && f.Anonymous:
				return "", true
			case name == "-":
				return "", false
			}
			return name, false
		},
		Key: func(f reflect.StructField) string {
			if strategy, _, _ := strings.Cut(f.Tag.Get("patchStrategy"), ","); strategy != "merge" {
				return ""
			}
			return f.Tag.Get("patchMergeKey")
		},
		Words: wordsOf,
		Kept:  kept,
		Docs:  patchDocs,
	}
}

// What to do instead of a patch.
const (
	isName     = "names are made of the tenant's id and the workload's name"
	isSelector = "it is how objects find their pods"
	isSecret   = "declare it under secrets, and refer to it by env or mounts"
)

// kept are the fields that no patch may change.
var kept = map[string]string{
	"apiVersion":                      "each kind has one",
	"kind":                            "each kind is patched under its own name",
	"status":                          "the cluster writes it",
	"metadata.name":                   isName,
	"metadata.generateName":           isName,
	"metadata.namespace":              "set extensions.kubernetes.namespace of the tenant",
	"metadata.uid":                    "the cluster writes it",
	"spec.selector":                   isSelector,
	"spec.serviceName":                isName,
	"spec.scaleTargetRef":             isSelector,
	"**.labelSelector":                isSelector,
	"spec.replicas":                   "set replicas or autoscale of the workload",
	"spec.volumeClaimTemplates":       "declare a persistent volume, whose size and class are the workload's",
	"spec.resources.requests.storage": "set the size of the volume",
	"spec.storageClassName":           "set the class of the volume",
	"spec.volumeName":                 isName,
	"spec.template.metadata.name":     isName,

	"**.labels.app.kubernetes.io/instance":   isSelector,
	"**.labels.app.kubernetes.io/name":       isSelector,
	"**.labels.app.kubernetes.io/part-of":    isSelector,
	"**.labels.app.kubernetes.io/managed-by": isSelector,

	"**.containers.name":     isName,
	"**.initContainers.name": isName,
	"**.containers.+":        "declare it under the workload's containers",
	"**.initContainers.+":    "declare it under the workload's containers",
	"**.ephemeralContainers": "they are made while a pod runs",

	"**.containers.image":                          "set image of the container",
	"**.initContainers.image":                      "set image of the container",
	"**.securityContext.privileged":                "set security.privileged of the container",
	"**.securityContext.capabilities":              "set security.capabilities of the container",
	"**.securityContext.runAsNonRoot":              "set security.runAsNonRoot of the container",
	"**.securityContext.readOnlyRootFilesystem":    "set security.readOnlyRootFilesystem of the container",
	"**.securityContext.allowPrivilegeEscalation":  "set extensions.kubernetes.allowPrivilegeEscalation",
	"**.secretKeyRef":                              isSecret,
	"**.secretRef":                                 isSecret,
	"**.secretName":                                isSecret,
	"**.volumes.secret":                            isSecret,
	"**.projected.sources.secret":                  isSecret,
	"**.nodePublishSecretRef":                      isSecret,
	"**.imagePullSecrets":                          "set extensions.kubernetes.imagePullSecrets of the tenant",
	"secrets":                                      isSecret,
	"**.serviceAccountName":                        "set extensions.kubernetes.serviceAccount",
	"**.serviceAccount":                            "set extensions.kubernetes.serviceAccount",
	"**.volumes.persistentVolumeClaim":             "declare the volume under the workload's volumes",
	"**.restartPolicy":                             "set restart of the workload",
	"**.terminationGracePeriodSeconds":             "set stopGrace of the workload",
	"spec.template.spec.nodeName":                  "set extensions.kubernetes.nodeSelector",
	"spec.jobTemplate.spec.template.spec.nodeName": "set extensions.kubernetes.nodeSelector",
	"spec.schedule":                                "set schedule of the workload",
	"spec.completions":                             "set replicas of the workload",
	"spec.parallelism":                             "set replicas of the workload",
	"spec.jobTemplate.spec.completions":            "set replicas of the workload",
	"spec.jobTemplate.spec.parallelism":            "set replicas of the workload",
}

// patches checks a workload's patch against the rendered objects.
func patches(c *check, w *workload) {
	if len(w.Ext.Patch) == 0 {
		return
	}
	objects := map[string][]manifest{}
	for _, of := range ofWorkload {
		for _, m := range of(w) {
			kind := m.GetObjectKind().GroupVersionKind().Kind
			objects[kind] = append(objects[kind], m)
		}
	}
	for kind, patch := range plan.Sorted(w.Ext.Patch) {
		at := w.AtExtension("patch", kind)
		of := w.patched(objects[kind])
		if len(of) == 0 {
			d := c.Errorf(diag.UnknownName, at, "workload %q has no %s to patch", w.Name, kind)
			d.Help = "it has: " + strings.Join(slices.Sorted(maps.Keys(objects)), ", ")
			continue
		}
		before := len(c.List)
		nativeOf(kind).Check(&c.List, at, patch, of[0])
		if len(c.List) == before { // the objects are this check's own
			nativeOf(kind).Apply(of[0], patch)
			c.volumesOf(of[0], at)
			c.strategyOf(of[0], at)
		}
	}
}

// volumesOf: each mount of a pod is of one of its volumes (ValidateVolumeMounts of
// pkg/apis/core/validation), which a patch may have added or taken away.
func (c *check) volumesOf(m manifest, at diag.Path) {
	var pod *corev1.PodSpec
	names := map[string]bool{}
	switch m := m.(type) {
	case *appsv1.Deployment:
		pod = &m.Spec.Template.Spec
	case *appsv1.StatefulSet:
		pod = &m.Spec.Template.Spec
		for _, v := range m.Spec.VolumeClaimTemplates {
			names[v.Name] = true
		}
	case *appsv1.DaemonSet:
		pod = &m.Spec.Template.Spec
	case *batchv1.Job:
		pod = &m.Spec.Template.Spec
	case *batchv1.CronJob:
		pod = &m.Spec.JobTemplate.Spec.Template.Spec
	default:
		return
	}
	for _, v := range pod.Volumes {
		names[v.Name] = true
	}
	for _, ctr := range slices.Concat(pod.InitContainers, pod.Containers) {
		for _, v := range ctr.VolumeMounts {
			if !names[v.Name] {
				d := c.Errorf(diag.UnknownName, at, "container %q mounts volume %q, and the pods have none of that name", ctr.Name, v.Name)
				d.Help = "add it to volumes of the pod in the patch, or leave the mount out"
			}
		}
	}
}

// strategyOf checks that an object with another strategy has no rolling update, which a rollout
// sets (ValidateDeploymentStrategy and ValidateStatefulSetSpec of pkg/apis/apps/validation,
// checked 2026-11-29).
func (c *check) strategyOf(m manifest, at diag.Path) {
	var field, strategy string
	switch m := m.(type) {
	case *appsv1.Deployment:
		if s := m.Spec.Strategy; s.Type == appsv1.RecreateDeploymentStrategyType && s.RollingUpdate != nil {
			field, strategy = "strategy", string(s.Type)
		}
	case *appsv1.StatefulSet:
		if s := m.Spec.UpdateStrategy; s.Type == appsv1.OnDeleteStatefulSetStrategyType && s.RollingUpdate != nil {
			field, strategy = "updateStrategy", string(s.Type)
		}
	}
	if field != "" {
		d := c.Errorf(diag.Conflict, at.To("spec").To(field), "the strategy %s has no rolling update, which rollout sets", strategy)
		d.Help = "leave out rollout, or the strategy"
	}
}

// patched returns the workload's objects of one kind that a patch changes: the one with the
// workload's name, or all if there is none.
func (w *workload) patched(objects []manifest) []manifest {
	i := slices.IndexFunc(objects, func(m manifest) bool { return m.GetName() == w.native })
	if i >= 0 {
		return objects[i : i+1]
	}
	return objects
}

// patch applies the extension's patch to the objects of a workload. Validate has checked it.
func (w *workload) patch(objects []manifest) {
	if len(objects) == 0 || len(w.Ext.Patch) == 0 {
		return
	}
	kind := objects[0].GetObjectKind().GroupVersionKind().Kind
	if patch, ok := w.Ext.Patch[kind]; ok {
		for _, m := range w.patched(objects) {
			nativeOf(kind).Apply(m, patch)
		}
	}
}

// patchedEffects are those of native fields that change in place, by kind and path; a `*` stands
// for the kind of what makes pods. What is of a pod's template rolls, and all else takes another
// object: the server refuses a change of it.
//
// Source: ValidateDeploymentUpdate, ValidateStatefulSetUpdate and ValidateDaemonSetUpdate of
// pkg/apis/apps/validation; ValidateJobSpecUpdate and ValidateCronJobSpec of
// pkg/apis/batch/validation; ValidateServiceUpdate and ValidatePersistentVolumeClaimUpdate of
// pkg/apis/core/validation, checked 2026-11-29.
var patchedInPlace = []string{
	"*.metadata",
	"Deployment.spec.strategy", "Deployment.spec.minReadySeconds", "Deployment.spec.revisionHistoryLimit",
	"Deployment.spec.progressDeadlineSeconds", "Deployment.spec.paused",
	"StatefulSet.spec.updateStrategy", "StatefulSet.spec.minReadySeconds", "StatefulSet.spec.revisionHistoryLimit",
	"StatefulSet.spec.persistentVolumeClaimRetentionPolicy", "StatefulSet.spec.ordinals",
	"DaemonSet.spec.updateStrategy", "DaemonSet.spec.minReadySeconds", "DaemonSet.spec.revisionHistoryLimit",
	"Job.spec.suspend", "Job.spec.ttlSecondsAfterFinished", "Job.spec.activeDeadlineSeconds", "Job.spec.backoffLimit",
	"CronJob.spec",
	"Service.spec.type", "Service.spec.ports", "Service.spec.sessionAffinity", "Service.spec.sessionAffinityConfig",
	"Service.spec.externalTrafficPolicy", "Service.spec.internalTrafficPolicy", "Service.spec.externalIPs",
	"Service.spec.loadBalancerSourceRanges", "Service.spec.publishNotReadyAddresses",
	"Service.spec.trafficDistribution", "Service.spec.allocateLoadBalancerNodePorts",
	"Ingress.spec", "HorizontalPodAutoscaler.spec", "PodDisruptionBudget.spec",
	"ServiceAccount.automountServiceAccountToken",
}

// patchedEffect returns the effect of a change of a patch.
func patchedEffect(c provider.Changed) provider.Effect {
	path := c.Path[min(4, len(c.Path)):] // after workloads.NAME.extension.patch
	for _, pattern := range patchedInPlace {
		if path.Within(pattern) {
			return inPlace
		}
	}
	if path.Within("*.spec.template") {
		return provider.Rolling.EffectOf(c)
	}
	return replacement
}
