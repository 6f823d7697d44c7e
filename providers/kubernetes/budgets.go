package kubernetes

import "github.com/cuecompute/cuecompute/pkg/plan"

// drains: a budget that lets no copy go keeps a node from being drained for ever (Kubernetes
// documentation, "Specifying a Disruption Budget for your Application": "If you set
// maxUnavailable to 0% or 0, or you set minAvailable to 100% or the number of replicas, you
// are requiring zero voluntary evictions"). Percentages are rounded up (getExpectedPodCount of
// pkg/controller/disruption). Checked 2026-11-29.
func drains(c *check, w *workload) {
	b, copies := w.ext.DisruptionBudget, w.Replicas
	if w.Autoscale != nil {
		copies = w.Autoscale.Min
	}
	if b == nil || copies == 0 || w.Kind != plan.Service { // a job ends, and its node is drained then
		return
	}
	field, blocks := "maxUnavailable", isZero(b.MaxUnavailable)
	if b.MinAvailable != nil {
		field, blocks = "minAvailable", portion(*b.MinAvailable, copies) >= copies
	}
	if !blocks {
		return
	}
	d := c.Approximate("replicas", w.atExtension("disruptionBudget", field), "the budget lets no copy of %d go, and a node that runs one is never drained", copies)
	d.Help = "run one copy more than has to stay, or set maxUnavailable to 1"
	d.Docs = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget"
}

// portion is a count, or a percentage of copies rounded up.
func portion(n plan.Count, copies int) int {
	if !n.Percent {
		return int(n.N)
	}
	return (int(n.N)*copies + 99) / 100
}

// sharedNumbers are ports of one number, which differ in their protocol. kubectl apply merges
// ports by number alone, and keeps one of the two when it updates objects (patchMergeKey of
// Container.ports and ServiceSpec.ports in k8s.io/api/core/v1; kubernetes#39188); the server
// merges them by number and protocol. Some load balancers take one protocol only (Kubernetes
// documentation, "Service", "Load balancers with mixed protocol types"). Checked 2026-11-29.
func sharedNumbers(c *check, w *workload) {
	const docs = "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancers-with-mixed-protocol-types"
	type place struct{ container, port string }
	first := map[int]place{}
	protocols := map[string]string{} // of public ports: the first of each
	for n, ctr := range w.all {
		for port, p := range plan.Sorted(ctr.Ports) {
			at := w.at("containers", n, "ports", port)
			if other, ok := first[p.Number]; ok && (other.container == n || p.Expose != "none") {
				d := c.Approximate("expose", at, "kubectl apply merges ports by number, and keeps one of %q and %q when it updates them", other.port, port)
				d.Help = "apply with kubectl apply --server-side, and list expose in the workload's accept"
				d.Docs = "https://kubernetes.io/docs/reference/using-api/server-side-apply/"
			} else {
				first[p.Number] = place{n, port}
			}
			if p.Expose != "public" {
				continue
			}
			if _, ok := protocols[p.Protocol]; !ok {
				protocols[p.Protocol] = port
				if len(protocols) == 2 {
					d := c.Approximate("expose", at, "one load balancer serves public ports of tcp and udp, which some clouds refuse")
					d.Help = "give one of them a workload of its own, or list expose in the workload's accept where the cloud takes both"
					d.Docs = docs
				}
			}
		}
	}
}
