package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// The node labels that placement selects by: pkg/apis/core/v1 well-known labels.
const (
	archLabel = "kubernetes.io/arch"
	osLabel   = "kubernetes.io/os"
)

// placement is a node selector, which the extension's cannot contradict.
func placement(c *check, w *workload) {
	if w.Placement == nil {
		return
	}
	for _, p := range []struct{ field, label, want string }{
		{"arch", archLabel, w.Placement.Arch},
		{"os", osLabel, w.Placement.OS},
	} {
		if got, ok := w.ext.NodeSelector[p.label]; ok && p.want != "" && got != p.want {
			d := c.Errorf(diag.Conflict, w.atExtension("nodeSelector", p.label), "node selector %s is %q, and placement.%s is %q", p.label, got, p.field, p.want)
			d.Help = "leave the node selector out"
		}
	}
}

// tolerations: ValidateTolerations of pkg/apis/core/validation, of which the schema
// asks the rest.
func tolerations(c *check, w *workload) {
	for i, t := range w.ext.Tolerations {
		if t.TolerationSeconds != nil && t.Effect != "NoExecute" {
			d := c.Errorf(diag.Conflict, w.atExtension("tolerations", i, "tolerationSeconds"), "tolerationSeconds is only for the effect NoExecute")
			d.Help = "set effect to \"NoExecute\", or leave tolerationSeconds out"
			d.Docs = "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/"
		}
	}
}

// spreads: ValidateSpreadConstraintNotRepeat of pkg/apis/core/validation.
func spreads(c *check, w *workload) {
	first := map[topologySpreadConstraint]int{}
	for i, s := range w.ext.TopologySpreadConstraints {
		pair := topologySpreadConstraint{TopologyKey: s.TopologyKey, WhenUnsatisfiable: s.WhenUnsatisfiable}
		if j, ok := first[pair]; ok {
			at := w.atExtension("topologySpreadConstraints")
			d := c.Errorf(diag.Duplicate, at.To(i), "constraint %d has the topologyKey and whenUnsatisfiable of constraint %d", i+1, j+1)
			d.Help = "leave one of them out"
			d.Docs = "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"
			continue
		}
		first[pair] = i
	}
}

// restarts: validateJobSpec of pkg/apis/batch/validation, ValidateDeploymentSpec and
// ValidateStatefulSetSpec of pkg/apis/apps/validation. From 1.35 a container of a service may
// have a restart policy of its own (feature gate ContainerRestartRules of pkg/features), but
// where none of a pod's is started again, the pod has ended, and the controller makes another
// at once, without the kubelet's back-off (IsPodActive of pkg/controller). Checked 2026-11-29.
func restarts(c *check, w *workload) {
	r := w.Restart
	if w.Kind == plan.Service {
		if r.Policy != plan.RestartAlways {
			d := c.Errorf(diag.Unsupported, w.at("restart", "policy"), "kubernetes makes another copy of a service whenever one ends, and restart is %q", r.Policy)
			d.Help = "leave restart out, or make the workload a job"
			d.Docs = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template"
		}
		if r.Attempts != nil {
			d := c.Errorf(diag.Unsupported, w.at("restart", "attempts"), "kubernetes restarts the containers of a service without limit, ever more slowly")
			d.Help = "leave attempts out"
			d.Docs = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy"
		}
		return
	}
	if r.Policy == plan.RestartAlways {
		d := c.Errorf(diag.Unsupported, w.at("restart", "policy"), "kubernetes does not start the containers of a %s again after success, and restart is %q", w.Kind, r.Policy)
		d.Help = "set restart to \"on-failure\" or \"never\", or make the workload a service"
		d.Docs = "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template"
	}
	if w.indexed() && w.Replicas > maxIndexedCopies {
		d := c.Errorf(diag.OutOfBounds, w.at("replicas"), "kubernetes counts the retries of at most %d copies each for itself", maxIndexedCopies)
		d.Help = "run fewer copies, or leave restart to its default"
		d.Docs = "https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index"
	}
}
