package kubernetes

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// adviseApplying is for changes whose objects kubectl apply accepts, with another result than
// their author means.
func adviseApplying(from, to *plan.Plan, c provider.Change) string {
	if len(c.Path) < 3 || c.Path[0] != "workloads" {
		return ""
	}
	name, k := c.Path[1], kubectl{to}
	was, is := from.Workloads[name], to.Workloads[name]
	switch {
	case c.Path.Within("workloads.*.autoscale") && c.Effect.AtLeast(provider.Replacement):
		// Kubernetes documentation, "Horizontal Pod Autoscaling", section "Migrating Deployments
		// and StatefulSets to horizontal autoscaling", checked 2026-11-29.
		return fmt.Sprintf("applying leaves one copy until the autoscaler acts: %s and take spec.replicas out first",
			k.run("apply edit-last-applied %s/%s", kindOf(was), nativeName(to.ID, name)))
	case len(c.Also) > 0:
		var jobs []string
		for _, reader := range c.Also {
			if from.Workloads[reader].Kind == plan.Job && to.Workloads[reader].Kind == plan.Job {
				jobs = append(jobs, nativeName(to.ID, reader))
			}
		}
		if len(jobs) > 0 {
			return k.again(jobs...)
		}
	case c.Path.Within("workloads.*.containers.*.ports") && (sharesNumbers(was) || sharesNumbers(is)):
		return "use kubectl apply --server-side: kubectl's own merge keeps one of two ports of a number"
	}
	return ""
}

// sharesNumbers reports whether two ports of a workload have the same number.
func sharesNumbers(w plan.Workload) bool {
	seen := map[int]bool{}
	for _, p := range w.Ports() {
		if seen[p.Number] {
			return true
		}
		seen[p.Number] = true
	}
	return false
}
