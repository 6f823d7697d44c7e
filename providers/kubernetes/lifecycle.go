package kubernetes

import (
	"bytes"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// tenantRows say what a change of a tenant's field does; the first that begins the
// change's path holds. `*` is any name.
var tenantRows = []struct {
	path   string
	effect func(from, to *plan.Plan, at diag.Path) provider.Effect
}{
	{"labels", everyPod}, // not of claims, whose template is immutable
	{"secrets.*", secretUsers},
	{"config.*", configUsers},
	{"extension.secrets.*", func(from, to *plan.Plan, at diag.Path) provider.Effect { return secretUsers(from, to, at[1:]) }},
	{"extension.namespace", moved},
	{"extension.ingressClass", func(_, _ *plan.Plan, _ diag.Path) provider.Effect { return provider.InPlace }}, // of the Ingresses
	{"extension", everyPod}, // imagePullSecrets, imagePullPolicy
}

// workloadRows say the same of a workload's field. What no row begins is of the pods.
var workloadRows = []struct {
	path   string
	effect func(c change) provider.Effect
}{
	{"accept", none}, // of the compiler alone
	{"containers.*.accept", none},
	{"kind", changedKind},
	{"replicas", scaled},
	{"autoscale", autoscaled},
	{"schedule", inPlace},    // the CronJob, for its next run
	{"timezone", inPlace},    // likewise
	{"concurrency", inPlace}, // likewise
	{"ingress", inPlace},     // the Ingress
	{"rollout", inPlace},     // how the next update goes
	{"restart", retried},
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
	{"extension.podManagementPolicy", replaced},      // immutable in a StatefulSet, whose claims stay
	{"extension.activeDeadlineSeconds", inPlace},     // mutable in a Job
	{"extension.ttlSecondsAfterFinished", inPlace},
	{"extension.startingDeadlineSeconds", inPlace},
	{"extension.successfulJobsHistoryLimit", inPlace},
	{"extension.failedJobsHistoryLimit", inPlace},
}

// change is one of a value in a workload; its path begins there.
type change struct {
	plan.Change
	from, to *plan.Plan
	name     string
	was, is  plan.Workload
}

// pods is the effect of a change of the workload's pods.
func (c change) pods() provider.Effect { return podEffect(c.from, c.to, c.name) }

func none(change) provider.Effect     { return provider.EffectNone }
func inPlace(change) provider.Effect  { return provider.InPlace }
func replaced(change) provider.Effect { return provider.Replacement }

// scaled: a Job's completions are immutable, but those of an indexed one may change together
// with its parallelism, as ours do (validateCompletions of pkg/apis/batch/validation, checked
// 2026-11-29). An autoscaled workload's number is not ours.
func scaled(c change) provider.Effect {
	was, is := workload{Workload: c.was}, workload{Workload: c.is}
	switch {
	case is.Kind == plan.Job && !(was.indexed() && is.indexed()):
		return provider.Replacement
	case c.is.Autoscale != nil:
		return provider.EffectNone
	}
	return provider.InPlace
}

// autoscaled: a Deployment that is applied without its number of copies has one, until the
// HorizontalPodAutoscaler asks for more (SetDefaults_Deployment of pkg/apis/apps/v1;
// documentation, "Horizontal Pod Autoscaling", "Migrating Deployments and StatefulSets
// to horizontal autoscaling"). Checked 2026-11-29.
func autoscaled(c change) provider.Effect {
	if c.was.Autoscale == nil && c.is.Autoscale != nil && c.was.Replicas > 1 {
		return provider.Replacement
	}
	return provider.InPlace // the HorizontalPodAutoscaler
}

// retried: a Job's backoffLimit is mutable, its backoffLimitPerIndex is not, and whether
// there is one decides on more (ValidateJobSpecUpdate of pkg/apis/batch/validation).
func retried(c change) provider.Effect {
	indexed := func(p plan.Workload) bool { return (&workload{Workload: p}).indexed() }
	if c.is.Kind == plan.Job && (indexed(c.was) || indexed(c.is)) {
		return provider.Replacement
	}
	return c.pods()
}

// changedKind: another kind of object, and for a service, a claim of another name.
func changedKind(c change) provider.Effect {
	if c.was.Persists() && (c.was.Kind == plan.Service || c.is.Kind == plan.Service) {
		return provider.DataLoss
	}
	return provider.Replacement
}

// claimed: a StatefulSet's volumeClaimTemplates are immutable (ValidateStatefulSetUpdate
// of pkg/apis/apps/validation): it is recreated, and finds the claims that it made, which keep
// their class and size, by their names (getPersistentVolumeClaims of pkg/controller/statefulset).
// Of a claim of its own only the size is mutable, and only grows
// (ValidatePersistentVolumeClaimUpdate of pkg/apis/core/validation): anything else takes
// another claim, which is empty. Checked 2026-11-29.
func claimed(c change) provider.Effect {
	name := c.Path[1]
	was, is := c.was.Volumes[name].Persistent, c.is.Volumes[name].Persistent
	here := was != nil && is != nil
	switch {
	case c.is.Kind == plan.Service:
		return provider.Replacement
	case here && (was.Class != is.Class || was.SizeMiB > is.SizeMiB):
		return provider.DataLoss
	case here:
		return provider.InPlace
	}
	return c.pods()
}

// podEffect is that of a change of a workload's pods: a Deployment and a StatefulSet roll, a
// Job's template is immutable (validatePodTemplateUpdate of pkg/apis/batch/validation), a
// CronJob's is for its next run. Where the pods are rendered alike, it is of an object around
// them, if of any.
func podEffect(from, to *plan.Plan, name string) provider.Effect {
	w := to.Workloads[name]
	switch {
	case samePods(from, to, name), w.Kind == plan.Cron:
		return provider.InPlace
	case w.Kind == plan.Job:
		return provider.Replacement
	}
	return provider.Rolling
}

// samePods reports whether a workload's pods are rendered alike in two plans.
func samePods(from, to *plan.Plan, name string) bool {
	pods := func(p *plan.Plan) []byte {
		if t, _, err := newTenant(p); err == nil {
			for _, w := range t.workloads {
				if w.name == name {
					template := w.podTemplate()
					return yamlOf(&template)
				}
			}
		}
		return nil
	}
	before, after := pods(from), pods(to)
	return before != nil && bytes.Equal(before, after)
}

// everyPod is a change of the pods of all workloads.
func everyPod(from, to *plan.Plan, _ diag.Path) provider.Effect {
	e := provider.EffectNone
	for name := range to.Workloads {
		e = provider.Worse(e, podEffect(from, to, name))
	}
	return e
}

// secretUsers are pods that name a secret, and Ingresses that name its certificate.
func secretUsers(from, to *plan.Plan, at diag.Path) provider.Effect {
	e := provider.EffectNone
	for name, w := range to.Workloads {
		if w.Reads(func(v plan.EnvValue) bool { return v.Secret == at[1] }, func(m plan.Mount) bool { return m.Secret == at[1] }) {
			e = provider.Worse(e, podEffect(from, to, name))
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
func configUsers(from, to *plan.Plan, at diag.Path) provider.Effect {
	e := provider.EffectNone
	for name, w := range to.Workloads {
		if w.Reads(func(v plan.EnvValue) bool { return v.Config == at[1] }, func(m plan.Mount) bool { return m.Config == at[1] }) {
			e = provider.Worse(e, podEffect(from, to, name))
		}
	}
	return e
}

// moved: objects do not move to another namespace, and what claims hold neither.
func moved(from, _ *plan.Plan, _ diag.Path) provider.Effect {
	for _, w := range from.Workloads {
		if w.Persists() {
			return provider.DataLoss
		}
	}
	return provider.Replacement
}

// effect says what a change of the plan does to what runs.
func effect(from, to *plan.Plan, c plan.Change) provider.Effect {
	e := provider.EffectNone
	for _, leaf := range c.Leaves() {
		if at := leaf.Path; len(at) > 2 && at[0] == "workloads" {
			leaf.Path = at[2:]
			e = provider.Worse(e, workloadEffect(change{leaf, from, to, at[1], from.Workloads[at[1]], to.Workloads[at[1]]}))
		} else {
			e = provider.Worse(e, tenantEffect(from, to, at))
		}
	}
	return e
}

func tenantEffect(from, to *plan.Plan, at diag.Path) provider.Effect {
	for _, row := range tenantRows {
		if at.Within(row.path) {
			return row.effect(from, to, at)
		}
	}
	return provider.EffectNone
}

func workloadEffect(c change) provider.Effect {
	for _, row := range workloadRows {
		if c.Path.Within(row.path) {
			return row.effect(c)
		}
	}
	return c.pods()
}
