package kubernetes

import "github.com/cuecompute/cuecompute/pkg/plan"

func drains(c *check, w *workload) {
	b, copies := w.Ext.DisruptionBudget, w.Replicas
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
	d := c.Approximate("replicas", w.AtExtension("disruptionBudget", field), "the budget lets no copy of %d go, and a node that runs one is never drained", copies)
	d.Help = "run one copy more than has to stay, or set maxUnavailable to 1"
	d.Docs = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget"
}

// portion returns a count, or a percentage of copies rounded up.
func portion(n plan.Count, copies int) int {
	if !n.Percent {
		return int(n.N)
	}
	return (int(n.N)*copies + 99) / 100
}

func sharedNumbers(c *check, w *workload) {
	const docs = "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancers-with-mixed-protocol-types"
	type place struct{ container, port string }
	first := map[int]place{}
	protocols := map[string]string{} // of public ports: the first of each
	for n, ctr := range w.all {
		for port, p := range plan.Sorted(ctr.Ports) {
			at := w.At("containers", n, "ports", port)
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
