package plan

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/data"
)

// The fields with a default whose default a provider tells from what an author wrote, by
// their names in the spec, sorted.
var (
	writtenOfWorkload = []string{"concurrency", "replicas", "restart", "stopGrace", "timezone"}
	writtenOfCheck    = []string{"interval", "retries", "startDelay", "timeout"}
)

// Wrote reports whether an author or a policy wrote a field of the workload, which has its
// default otherwise: concurrency, replicas, restart, stopGrace or timezone.
func (w *Workload) Wrote(field string) bool { return slices.Contains(w.Written, field) }

// Wrote reports the same of a field of a check: interval, retries, startDelay or timeout.
func (c *Check) Wrote(field string) bool { return slices.Contains(c.Written, field) }

// MarkWritten notes in a new plan which fields are in the tenant's data, before defaults were
// filled in.
func (p *Plan) MarkWritten(tenant *data.Node) {
	for name, w := range p.Workloads {
		n := tenant.Get("workloads", name)
		w.Written = present(n, writtenOfWorkload)
		p.Workloads[name] = w
		for cname, c := range w.Containers {
			for field, check := range c.Checks() {
				check.Written = present(n.Get("containers", cname, field), writtenOfCheck)
			}
		}
	}
}

func present(n *data.Node, fields []string) []string {
	var all []string
	for _, f := range fields {
		if n.Get(f) != nil {
			all = append(all, f)
		}
	}
	return all
}

// withoutDerived takes out of a plan's JSON what says where values come from, and is no
// difference of two plans.
func withoutDerived(v any) {
	root, _ := v.(map[string]any)
	delete(root, "defaults")
	workloads, _ := root["workloads"].(map[string]any)
	for _, w := range workloads {
		workload, _ := w.(map[string]any)
		delete(workload, "written")
		containers, _ := workload["containers"].(map[string]any)
		for _, c := range containers {
			container, _ := c.(map[string]any)
			for _, field := range []string{"health", "ready", "startup"} {
				check, _ := container[field].(map[string]any)
				delete(check, "written")
			}
		}
	}
}
