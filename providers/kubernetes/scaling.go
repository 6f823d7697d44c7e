package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

const deploymentDocs = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"

// rollouts: ValidateDeploymentSpec and validateRollingUpdateStatefulSet of
// pkg/apis/apps/validation.
func rollouts(c *check, w *workload) {
	var r plan.Rollout
	if w.Rollout != nil {
		r = *w.Rollout
	}
	if r.Rollback {
		d := c.Errorf(diag.Unsupported, w.at("rollout", "rollback"), "kubernetes reports an update that fails, and does not return to the last version")
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
	if ready := w.ext.MinReadySeconds; ready != nil && deadline <= int64(*ready) {
		where := w.atExtension("minReadySeconds")
		if r.HealthyDeadlineSeconds > 0 {
			where = w.at("rollout", "healthyDeadline")
		}
		d := c.Errorf(diag.Conflict, where, "a new copy has %d s to become healthy, and counts as healthy after minReadySeconds, %d s, at the earliest", deadline, *ready)
		d.Help = "set rollout.healthyDeadline to more than minReadySeconds"
		d.Docs = deploymentDocs + "#progress-deadline-seconds"
	}
}

func statefulSetRollout(c *check, w *workload, r plan.Rollout) {
	const docs = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies"
	if isZero(r.MaxUnavailable) {
		d := c.Errorf(diag.OutOfBounds, w.at("rollout", "maxUnavailable"), "maxUnavailable is 0, and a copy with a persistent volume ends before its successor starts")
		d.Help = "set it to 1 or more"
		d.Docs = docs
	}
	if r.MaxSurge != nil && !isZero(r.MaxSurge) {
		d := c.Errorf(diag.Unsupported, w.at("rollout", "maxSurge"), "kubernetes runs no extra copies of a workload with persistent volumes")
		d.Help = "leave maxSurge out"
		d.Docs = docs
	}
	if r.HealthyDeadlineSeconds > 0 {
		d := c.Errorf(diag.Unsupported, w.at("rollout", "healthyDeadline"), "kubernetes has no deadline for the update of a workload with persistent volumes")
		d.Help = "leave healthyDeadline out, and run kubectl rollout status with --timeout"
		d.Docs = docs
	}
}

func isZero(n *plan.Count) bool { return n != nil && n.N == 0 }

// autoscaling by cpu takes a request of every container that runs on:
// calculatePodRequestsFromContainers of pkg/controller/podautoscaler. A limit will
// do, as the request is the limit where there is none (SetDefaults_Pod of
// pkg/apis/core/v1).
func autoscaling(c *check, w *workload) {
	if w.Autoscale == nil {
		return
	}
	for n, ctr := range w.all {
		if w.stage(n) != initStage && ctr.Resources.CPUMillis == 0 && ctr.Resources.CPUMaxMillis == 0 {
			d := c.Errorf(diag.MissingField, w.at("containers", n, "resources", "cpu"), "autoscale needs the cpu that every container asks for, and %q asks for none", n)
			d.Help = "set resources.cpu"
			d.Docs = "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/"
		}
	}
}

// disruptions: getExpectedPodCount of pkg/controller/disruption knows how many pods
// a Deployment or StatefulSet ought to have, but not a Job.
func disruptions(c *check, w *workload) {
	b := w.ext.DisruptionBudget
	if b == nil || w.Kind == plan.Service {
		return
	}
	refuse := func(field string) {
		d := c.Errorf(diag.Unsupported, w.atExtension("disruptionBudget", field), "kubernetes takes a %s's disruption budget as a number of copies that keep running", w.Kind)
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
