package kubernetes

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// controller returns the workload's own object, which makes its pods.
func (w *workload) controller() []manifest {
	typed := func(apiVersion string) metav1.TypeMeta {
		return metav1.TypeMeta{APIVersion: apiVersion, Kind: string(w.object())}
	}
	meta := w.meta(w.native, w.Ext.Annotations)
	switch w.object() {
	case deployment:
		return []manifest{&appsv1.Deployment{TypeMeta: typed("apps/v1"), ObjectMeta: meta, Spec: w.deployment()}}
	case statefulSet:
		return []manifest{&appsv1.StatefulSet{TypeMeta: typed("apps/v1"), ObjectMeta: meta, Spec: w.statefulSet()}}
	case daemonSet:
		return []manifest{&appsv1.DaemonSet{TypeMeta: typed("apps/v1"), ObjectMeta: meta, Spec: w.daemonSet()}}
	case job:
		return []manifest{&batchv1.Job{TypeMeta: typed("batch/v1"), ObjectMeta: meta, Spec: w.job()}}
	default:
		return []manifest{&batchv1.CronJob{TypeMeta: typed("batch/v1"), ObjectMeta: meta, Spec: w.cronJob()}}
	}
}

func (w *workload) deployment() appsv1.DeploymentSpec {
	spec := appsv1.DeploymentSpec{
		Replicas:             w.copies(),
		Selector:             w.selector(),
		Template:             w.podTemplate(),
		MinReadySeconds:      zeroOr(w.Ext.MinReadySeconds),
		RevisionHistoryLimit: w.Ext.RevisionHistoryLimit,
	}
	r := w.Rollout
	if r == nil {
		return spec
	}
	if r.MaxUnavailable != nil || r.MaxSurge != nil {
		spec.Strategy = appsv1.DeploymentStrategy{
			Type: appsv1.RollingUpdateDeploymentStrategyType,
			RollingUpdate: &appsv1.RollingUpdateDeployment{
				MaxUnavailable: intOrPercent(r.MaxUnavailable),
				MaxSurge:       intOrPercent(r.MaxSurge),
			},
		}
	}
	if r.HealthyDeadlineSeconds > 0 {
		spec.ProgressDeadlineSeconds = new(int32(r.HealthyDeadlineSeconds))
	}
	return spec
}

func (w *workload) statefulSet() appsv1.StatefulSetSpec {
	spec := appsv1.StatefulSetSpec{
		Replicas:             w.copies(),
		Selector:             w.selector(),
		Template:             w.podTemplate(),
		ServiceName:          headlessName(w.native),
		PodManagementPolicy:  appsv1.PodManagementPolicyType(w.Ext.PodManagementPolicy),
		RevisionHistoryLimit: w.Ext.RevisionHistoryLimit,
		MinReadySeconds:      zeroOr(w.Ext.MinReadySeconds),
	}
	// Its labels are immutable, so they are none of those that may change; the controller
	// adds the selector's (getPersistentVolumeClaims of pkg/controller/statefulset).
	for n, v := range plan.Sorted(w.Volumes) {
		if v.Persistent != nil {
			spec.VolumeClaimTemplates = append(spec.VolumeClaimTemplates, corev1.PersistentVolumeClaim{
				ObjectMeta: metav1.ObjectMeta{Name: n},
				Spec:       claim(v.Persistent, corev1.ReadWriteOnce),
			})
		}
	}
	if w.Rollout != nil && w.Rollout.MaxUnavailable != nil {
		spec.UpdateStrategy = appsv1.StatefulSetUpdateStrategy{
			Type:          appsv1.RollingUpdateStatefulSetStrategyType,
			RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{MaxUnavailable: intOrPercent(w.Rollout.MaxUnavailable)},
		}
	}
	return spec
}

func (w *workload) daemonSet() appsv1.DaemonSetSpec {
	return appsv1.DaemonSetSpec{
		Selector:             w.selector(),
		Template:             w.podTemplate(),
		MinReadySeconds:      zeroOr(w.Ext.MinReadySeconds),
		RevisionHistoryLimit: w.Ext.RevisionHistoryLimit,
	}
}

// copies returns the number of pods, nil if the autoscaler sets it, because an update would
// undo that.
// https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
func (w *workload) copies() *int32 {
	if w.Autoscale != nil {
		return nil
	}
	return new(int32(w.Replicas))
}

func (w *workload) job() batchv1.JobSpec {
	spec := batchv1.JobSpec{
		Parallelism:             new(int32(w.Replicas)),
		Completions:             new(int32(w.Replicas)),
		ActiveDeadlineSeconds:   w.deadline(),
		Template:                w.podTemplate(),
		TTLSecondsAfterFinished: w.Ext.TTLSecondsAfterFinished,
	}
	switch retries, limited := retries(&w.Workload); {
	case indexed(&w.Workload):
		spec.CompletionMode = new(batchv1.IndexedCompletion)
		spec.BackoffLimitPerIndex = &retries
	case limited:
		spec.BackoffLimit = &retries
	}
	return spec
}

// deadline returns the time limit of all tries of a job together, nil for none.
func (w *workload) deadline() *int64 {
	if w.TimeoutSeconds > 0 {
		return &w.TimeoutSeconds
	}
	return seconds64(w.Ext.ActiveDeadlineSeconds)
}

// retries returns the number of retries of a job's copy; ok is false for the platform's
// default.
func retries(w *plan.Workload) (n int32, ok bool) {
	switch {
	case w.Restart.Attempts != nil:
		return int32(*w.Restart.Attempts), true
	case w.Restart.Policy == plan.RestartNever:
		return 0, true
	}
	return 0, false
}

// indexed reports whether each copy of a job counts its own retries. Without an index, those of
// all copies are counted together, and the first beyond the limit ends them all.
// https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index
func indexed(w *plan.Workload) bool {
	_, limited := retries(w)
	return w.Kind.Ends() && limited && w.Replicas > 1
}

// restartPolicy returns the policy of a job's pods: a failed container is restarted in its pod
// or, if the number of retries is limited, in another. In the same pod, a retry would count as
// soon as it starts, and the last one would be stopped (pastBackoffLimitOnFailure of
// pkg/controller/job).
func (w *workload) restartPolicy() corev1.RestartPolicy {
	_, limited := retries(&w.Workload)
	switch {
	case !w.Kind.Ends():
		return corev1.RestartPolicyAlways
	case limited:
		return corev1.RestartPolicyNever
	}
	return corev1.RestartPolicyOnFailure
}

var concurrencyPolicies = map[string]batchv1.ConcurrencyPolicy{
	"allow":   batchv1.AllowConcurrent,
	"forbid":  batchv1.ForbidConcurrent,
	"replace": batchv1.ReplaceConcurrent,
}

func (w *workload) cronJob() batchv1.CronJobSpec {
	return batchv1.CronJobSpec{
		Schedule:                   w.Schedule,
		TimeZone:                   &w.Timezone,
		StartingDeadlineSeconds:    seconds64(w.Ext.StartingDeadlineSeconds),
		ConcurrencyPolicy:          concurrencyPolicies[w.Concurrency],
		JobTemplate:                batchv1.JobTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: w.labels()}, Spec: w.job()},
		SuccessfulJobsHistoryLimit: w.Ext.SuccessfulJobsHistoryLimit,
		FailedJobsHistoryLimit:     w.Ext.FailedJobsHistoryLimit,
	}
}

// zeroOr returns the number if it is set; Kubernetes' default of all such fields is 0.
func zeroOr(n *int32) int32 {
	if n == nil {
		return 0
	}
	return *n
}

func seconds64(n *int32) *int64 {
	if n == nil {
		return nil
	}
	return new(int64(*n))
}

// objectRows are the rows of objects, and the number of their pods.
var objectRows = provider.Table{
	{Field: "workloads", Level: exact, How: "objects called TENANT-WORKLOAD", Effect: pods},
	{Field: "workloads.kind", When: "service", Level: exact, How: "a Deployment", Effect: provider.EffectFunc(changedKind)},
	{Field: "workloads.kind", When: "service, with a persistent volume", Level: exact, How: "a StatefulSet"},
	{Field: "workloads.kind", When: "job", Level: exact, How: "a Job"},
	{Field: "workloads.kind", When: "cron", Level: exact, How: "a CronJob"},
	{Field: "workloads.kind", When: "daemon", Level: exact, How: "a DaemonSet"},
	{Field: "workloads.replicas", When: "of a service", Level: exact, How: "`replicas`", Effect: provider.EffectFunc(scaled)},
	{Field: "workloads.replicas", When: "of a job or cron", Level: exact, How: "`completions` and `parallelism`"},
	{Field: "workloads.timeout", Level: exact, How: "`activeDeadlineSeconds`, of all tries together", Effect: inPlace, Source: "mutable in a Job, and in a CronJob for its next run"},
	{Field: "workloads.accept", Effect: none},
}
