package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// tenantRows say what a change of a tenant's field does; the first that begins the
// change's path holds. `*` is any name.
var tenantRows = []struct {
	path   string
	effect func(p *plan.Plan, at diag.Path) provider.Effect
}{
	{"labels", everyPod},
	{"secrets.*", secretUsers},
	{"config.*", configUsers},
	{"extension.secrets.*", func(p *plan.Plan, at diag.Path) provider.Effect { return secretUsers(p, at[1:]) }},
	{"extension.namespace", func(*plan.Plan, diag.Path) provider.Effect { return provider.Replacement }}, // objects do not move
	{"extension.ingressClass", func(*plan.Plan, diag.Path) provider.Effect { return provider.InPlace }},  // of the Ingresses
	{"extension", everyPod}, // imagePullSecrets, imagePullPolicy
}

// workloadRows say the same of a workload's field. What no row begins is of the pods.
var workloadRows = []struct {
	path   string
	effect func(w plan.Workload, c plan.Change) provider.Effect
}{
	{"accept", none},   // of the compiler alone
	{"kind", replaced}, // another kind of object
	{"replicas", scaled},
	{"autoscale", inPlace},   // the HorizontalPodAutoscaler
	{"schedule", inPlace},    // the CronJob, for its next run
	{"timezone", inPlace},    // likewise
	{"concurrency", inPlace}, // likewise
	{"ingress", inPlace},     // the Ingress
	{"rollout", inPlace},     // how the next update goes
	{"restart.attempts", retried},
	{"volumes.*.persistent", claimed},
	{"containers.*.ports.*.expose", inPlace},         // the Services
	{"extension.annotations", inPlace},               // the workload's own object, not its pods
	{"extension.serviceAccountAnnotations", inPlace}, // the ServiceAccount
	{"extension.serviceAnnotations", inPlace},        // the Services
	{"extension.ingressAnnotations", inPlace},        // the Ingress
	{"extension.disruptionBudget", inPlace},          // the PodDisruptionBudget
	{"extension.loadBalancerClass", replaced},        // immutable in a Service
	{"extension.loadBalancerSourceRanges", inPlace},  // the Services
	{"extension.externalTrafficPolicy", inPlace},     // the Services
	{"extension.minReadySeconds", inPlace},           // how the next update goes
	{"extension.revisionHistoryLimit", inPlace},      // what is kept
	{"extension.podManagementPolicy", replaced},      // immutable in a StatefulSet
	{"extension.activeDeadlineSeconds", inPlace},     // mutable in a Job
	{"extension.ttlSecondsAfterFinished", inPlace},
	{"extension.startingDeadlineSeconds", inPlace},
	{"extension.successfulJobsHistoryLimit", inPlace},
	{"extension.failedJobsHistoryLimit", inPlace},
}

func none(plan.Workload, plan.Change) provider.Effect     { return provider.EffectNone }
func inPlace(plan.Workload, plan.Change) provider.Effect  { return provider.InPlace }
func replaced(plan.Workload, plan.Change) provider.Effect { return provider.Replacement }

// scaled: a Job's completions are immutable (validateCompletions of
// pkg/apis/batch/validation), and an autoscaled workload's number is not ours.
func scaled(w plan.Workload, _ plan.Change) provider.Effect {
	switch {
	case w.Kind == plan.Job:
		return provider.Replacement
	case w.Autoscale != nil:
		return provider.EffectNone
	}
	return provider.InPlace
}

// retried: a Job's backoffLimit is mutable, its backoffLimitPerIndex is not, and whether
// there is one decides on more (ValidateJobSpecUpdate of pkg/apis/batch/validation).
func retried(w plan.Workload, c plan.Change) provider.Effect {
	if c.Kind == plan.Changed && w.Replicas <= 1 {
		return provider.InPlace
	}
	return podEffect(w)
}

// claimed: a StatefulSet's volumeClaimTemplates are immutable (ValidateStatefulSetUpdate
// of pkg/apis/apps/validation). A job's claim is an object of its own, of which only
// the size is mutable (ValidatePersistentVolumeClaimUpdate of pkg/apis/core/validation).
func claimed(w plan.Workload, c plan.Change) provider.Effect {
	switch {
	case w.Kind == plan.Service:
		return provider.Replacement
	case c.Kind != plan.Changed:
		return podEffect(w)
	case c.Path[len(c.Path)-1] == "sizeMiB":
		return provider.InPlace
	}
	return provider.Replacement
}

// podEffect is that of a change of the pods: a Deployment and a StatefulSet roll, a
// Job's template is immutable (validatePodTemplateUpdate of pkg/apis/batch/validation),
// a CronJob's is for its next run.
func podEffect(w plan.Workload) provider.Effect {
	switch w.Kind {
	case plan.Job:
		return provider.Replacement
	case plan.Cron:
		return provider.InPlace
	}
	return provider.Rolling
}

// everyPod is a change of the pods of all workloads.
func everyPod(p *plan.Plan, _ diag.Path) provider.Effect {
	e := provider.EffectNone
	for _, w := range p.Workloads {
		e = provider.Worse(e, podEffect(w))
	}
	return e
}

// secretUsers are pods that name a secret, and Ingresses that name its certificate.
func secretUsers(p *plan.Plan, at diag.Path) provider.Effect {
	e := provider.EffectNone
	for _, w := range p.Workloads {
		if w.Reads(func(v plan.EnvValue) bool { return v.Secret == at[1] }, func(m plan.Mount) bool { return m.Secret == at[1] }) {
			e = provider.Worse(e, podEffect(w))
		}
		for _, in := range w.Ingress {
			if in.TLSSecret == at[1] {
				e = provider.Worse(e, provider.InPlace)
			}
		}
	}
	return e
}

// configUsers are pods that read a configuration. Variables and single files do not
// follow a ConfigMap, so the pods are replaced as for a change of their own.
func configUsers(p *plan.Plan, at diag.Path) provider.Effect {
	e := provider.EffectNone
	for _, w := range p.Workloads {
		if w.Reads(func(v plan.EnvValue) bool { return v.Config == at[1] }, func(m plan.Mount) bool { return m.Config == at[1] }) {
			e = provider.Worse(e, podEffect(w))
		}
	}
	return e
}

// effect says what a change of the plan does to what runs.
func effect(_, to *plan.Plan, c plan.Change) provider.Effect {
	if len(c.Path) == 2 && c.Path[0] == "workloads" {
		switch c.Kind {
		case plan.Added:
			return provider.EffectCreate
		case plan.Removed:
			return provider.EffectDestroy
		}
	}
	var changed []diag.Path
	if c.Kind != plan.Added {
		changed = append(changed, leaves(c.Path, c.Old)...)
	}
	if c.Kind != plan.Removed {
		changed = append(changed, leaves(c.Path, c.New)...)
	}
	e := provider.EffectNone
	for _, at := range changed {
		if len(at) > 2 && at[0] == "workloads" {
			e = provider.Worse(e, workloadEffect(to.Workloads[at[1]], plan.Change{Path: at[2:], Kind: c.Kind}))
		} else {
			e = provider.Worse(e, tenantEffect(to, at))
		}
	}
	return e
}

func tenantEffect(p *plan.Plan, at diag.Path) provider.Effect {
	for _, row := range tenantRows {
		if at.Within(row.path) {
			return row.effect(p, at)
		}
	}
	return provider.EffectNone
}

func workloadEffect(w plan.Workload, c plan.Change) provider.Effect {
	for _, row := range workloadRows {
		if c.Path.Within(row.path) {
			return row.effect(w, c)
		}
	}
	return podEffect(w)
}

// leaves are the paths of the values within a value: its own, where it has no fields.
func leaves(at diag.Path, v any) []diag.Path {
	m, ok := v.(map[string]any)
	if !ok {
		return []diag.Path{at}
	}
	var paths []diag.Path
	for k, v := range plan.Sorted(m) {
		paths = append(paths, leaves(at.To(k), v)...)
	}
	return paths
}
