package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// The node labels that placement selects by: pkg/apis/core/v1 well-known labels.
const (
	archLabel = "kubernetes.io/arch"
	osLabel   = "kubernetes.io/os"
)

func placement(c *check, w *workload) {
	if w.Placement == nil {
		return
	}
	for _, p := range []struct{ field, label, want string }{
		{"arch", archLabel, w.Placement.Arch},
		{"os", osLabel, w.Placement.OS},
	} {
		if got, ok := w.Ext.NodeSelector[p.label]; ok && p.want != "" && got != p.want {
			d := c.Errorf(diag.Conflict, w.AtExtension("nodeSelector", p.label), "node selector %s is %q, and placement.%s is %q", p.label, got, p.field, p.want)
			d.Help = "leave the node selector out"
		}
	}
}

func tolerations(c *check, w *workload) {
	for i, t := range w.Ext.Tolerations {
		if t.TolerationSeconds != nil && t.Effect != "NoExecute" {
			d := c.Errorf(diag.Conflict, w.AtExtension("tolerations", i, "tolerationSeconds"), "tolerationSeconds is only for the effect NoExecute")
			d.Help = "set effect to \"NoExecute\", or leave tolerationSeconds out"
			d.Docs = "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/"
		}
	}
}

func spreads(c *check, w *workload) {
	first := map[topologySpreadConstraint]int{}
	for i, s := range w.Ext.TopologySpreadConstraints {
		pair := topologySpreadConstraint{TopologyKey: s.TopologyKey, WhenUnsatisfiable: s.WhenUnsatisfiable}
		if j, ok := first[pair]; ok {
			at := w.AtExtension("topologySpreadConstraints")
			d := c.Errorf(diag.Duplicate, at.To(i), "constraint %d has the topologyKey and whenUnsatisfiable of constraint %d", i+1, j+1)
			d.Help = "leave one of them out"
			d.Docs = "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"
			continue
		}
		first[pair] = i
	}
}

func restarts(c *check, w *workload) {
	r := w.Restart
	if !w.Kind.Ends() {
		if r.Policy != plan.RestartAlways {
			d := c.Errorf(diag.Unsupported, w.At("restart", "policy"), "kubernetes makes another copy of a service whenever one ends, and restart is %q", r.Policy)
			d.Help = "leave restart out, or make the workload a job"
			d.Docs = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template"
		}
		if r.Attempts != nil {
			d := c.Errorf(diag.Unsupported, w.At("restart", "attempts"), "kubernetes restarts the containers of a service without limit, ever more slowly")
			d.Help = "leave attempts out"
			d.Docs = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy"
		}
		return
	}
	if r.Policy == plan.RestartAlways {
		d := c.Errorf(diag.Unsupported, w.At("restart", "policy"), "kubernetes does not start the containers of a %s again after success, and restart is %q", w.Kind, r.Policy)
		d.Help = "set restart to \"on-failure\" or \"never\", or make the workload a service"
		d.Docs = "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template"
	}
	if indexed(&w.Workload) && w.Replicas > maxIndexedCopies {
		d := c.Errorf(diag.OutOfBounds, w.At("replicas"), "kubernetes counts the retries of at most %d copies each for itself", maxIndexedCopies)
		d.Help = "run fewer copies, or leave restart to its default"
		d.Docs = "https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index"
	}
}

// restartRows are the rows of what happens when a container ends, or is ended.
var restartRows = provider.Table{
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "`restartPolicy` Always", Effect: provider.EffectFunc(retried)},
	{Field: "workloads.restart", When: "another policy, of a service", Level: unsupported, How: "another copy is made whenever one ends", Instead: "leave it out, or use kind job"},
	{Field: "workloads.restart", When: "on-failure, of a job or cron", Level: exact, How: "`restartPolicy` OnFailure; with attempts, Never and `backoffLimit`"},
	{Field: "workloads.restart", When: "never, of a job or cron", Level: exact, How: "`restartPolicy` Never and `backoffLimit` 0"},
	{Field: "workloads.restart", When: "always, of a job or cron", Level: unsupported, How: "a container that succeeded is not started again", Instead: "use on-failure or never, or kind service"},
	{Field: "workloads.restart.attempts", When: "of a job or cron", Level: exact, How: "`backoffLimit`; with several copies, `backoffLimitPerIndex`"},
	{Field: "workloads.restart.attempts", When: "of a service", Level: unsupported, How: "containers are started again without limit, ever more slowly", Instead: "leave it out"},
	{Field: "workloads.stopGrace", Level: exact, How: "`terminationGracePeriodSeconds`"},
}

// placementRows are the rows of where copies run.
var placementRows = provider.Table{
	{Field: "workloads.placement.arch", Level: exact, How: "`nodeSelector` by `kubernetes.io/arch`"},
	{Field: "workloads.placement.os", Level: exact, How: "`nodeSelector` by `kubernetes.io/os`, and the pod's `os`"},
	{Field: "workloads.placement.spread", Level: exact, How: "`topologySpreadConstraints` over nodes and zones, as far as there is room"},
}
