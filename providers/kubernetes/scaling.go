package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const deploymentDocs = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"

func rollouts(c *check, w *workload) {
	var r plan.Rollout
	if w.Rollout != nil {
		r = *w.Rollout
	}
	if r.Rollback {
		d := c.Errorf(diag.Unsupported, w.At("rollout", "rollback"), "kubernetes reports an update that fails, and does not return to the last version")
		d.Help = "leave rollback out, and run kubectl rollout undo where kubectl rollout status fails"
		d.Docs = deploymentDocs + "#failed-deployment"
	}
	switch w.object() {
	case deployment:
		deploymentRollout(c, w, r)
	case statefulSet:
		statefulSetRollout(c, w, r)
	}
}

func deploymentRollout(c *check, w *workload, r plan.Rollout) {
	deadline := r.HealthyDeadlineSeconds
	if deadline > 0 {
		c.seconds(w, deadline, 1, deploymentDocs+"#progress-deadline-seconds", "rollout", "healthyDeadline")
	} else {
		deadline = defaultProgressDeadlineSeconds
	}
	if ready := w.Ext.MinReadySeconds; ready != nil && deadline <= int64(*ready) {
		where := w.AtExtension("minReadySeconds")
		if r.HealthyDeadlineSeconds > 0 {
			where = w.At("rollout", "healthyDeadline")
		}
		d := c.Errorf(diag.Conflict, where, "a new copy has %d s to become healthy, and counts as healthy after minReadySeconds, %d s, at the earliest", deadline, *ready)
		d.Help = "set rollout.healthyDeadline to more than minReadySeconds"
		d.Docs = deploymentDocs + "#progress-deadline-seconds"
	}
}

func statefulSetRollout(c *check, w *workload, r plan.Rollout) {
	const docs = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies"
	if isZero(r.MaxUnavailable) {
		d := c.Errorf(diag.OutOfBounds, w.At("rollout", "maxUnavailable"), "maxUnavailable is 0, and a copy with a persistent volume ends before its successor starts")
		d.Help = "set it to 1 or more"
		d.Docs = docs
	}
	if r.MaxSurge != nil && !isZero(r.MaxSurge) {
		d := c.Errorf(diag.Unsupported, w.At("rollout", "maxSurge"), "kubernetes runs no extra copies of a workload with persistent volumes")
		d.Help = "leave maxSurge out"
		d.Docs = docs
	}
	if r.HealthyDeadlineSeconds > 0 {
		d := c.Errorf(diag.Unsupported, w.At("rollout", "healthyDeadline"), "kubernetes has no deadline for the update of a workload with persistent volumes")
		d.Help = "leave healthyDeadline out, and run kubectl rollout status with --timeout"
		d.Docs = docs
	}
}

func isZero(n *plan.Count) bool { return n != nil && n.N == 0 }

func autoscaling(c *check, w *workload) {
	if w.Autoscale == nil {
		return
	}
	for n, ctr := range w.all {
		if w.stage(n) == initStage {
			continue
		}
		for _, of := range []struct {
			resource string
			missing  bool
		}{
			{"cpu", w.Autoscale.CPUPercent > 0 && ctr.Resources.CPUMillis == 0 && ctr.Resources.CPUMaxMillis == 0},
			{"memory", w.Autoscale.MemoryPercent > 0 && ctr.Resources.MemoryMiB == 0 && ctr.Resources.MemoryMaxMiB == 0},
		} {
			if of.missing {
				d := c.Errorf(diag.MissingField, w.At("containers", n, "resources", of.resource), "autoscale needs the %s that every container asks for, and %q asks for none", of.resource, n)
				d.Help = "set resources." + of.resource
				d.Docs = "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/"
			}
		}
	}
}

func disruptions(c *check, w *workload) {
	b := w.Ext.DisruptionBudget
	if b == nil || w.Kind == plan.Service {
		return
	}
	refuse := func(field string) {
		d := c.Errorf(diag.Unsupported, w.AtExtension("disruptionBudget", field), "kubernetes takes a %s's disruption budget as a number of copies that keep running", w.Kind)
		d.Help = "set minAvailable to a number"
		d.Docs = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors"
	}
	switch {
	case b.MaxUnavailable != nil:
		refuse("maxUnavailable")
	case b.MinAvailable != nil && b.MinAvailable.Percent:
		refuse("minAvailable")
	}
}

// scalingRows are the rows of scaling.
var scalingRows = provider.Table{
	{Field: "workloads.autoscale", Level: exact, How: "a HorizontalPodAutoscaler", Effect: provider.EffectFunc(autoscaled)},
	{Field: "workloads.autoscale.min", Level: exact, How: "`minReplicas`"},
	{Field: "workloads.autoscale.max", Level: exact, How: "`maxReplicas`"},
	{Field: "workloads.autoscale.cpu", Level: exact, How: "`averageUtilization` of cpu"},
	{Field: "workloads.autoscale.memory", Level: exact, How: "`averageUtilization` of memory"},
}

// rolloutRows are the rows of how an update replaces copies.
var rolloutRows = provider.Table{
	{Field: "workloads.rollout", Effect: inPlace, Source: "how the next update goes"},
	{Field: "workloads.rollout.maxUnavailable", Level: exact, How: "`maxUnavailable` of a rolling update"},
	{Field: "workloads.rollout.maxSurge", Level: exact, How: "`maxSurge` of a rolling update"},
	{Field: "workloads.rollout.maxSurge", When: "with a persistent volume", Level: unsupported, How: "a StatefulSet runs no extra copies", Instead: "leave it out"},
	{Field: "workloads.rollout.healthyDeadline", Level: exact, How: "`progressDeadlineSeconds`"},
	{Field: "workloads.rollout.healthyDeadline", When: "with a persistent volume", Level: unsupported, How: "a StatefulSet's update has no deadline", Instead: "leave it out, and run kubectl rollout status with --timeout"},
	{Field: "workloads.rollout.rollback", Level: unsupported, How: "an update that fails is reported, and stays", Instead: "run kubectl rollout undo where kubectl rollout status fails"},
}
