package compose

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func amounts(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		r := container.Resources
		path := w.AtContainer(name, "resources")
		for field, mib := range plan.Sorted(map[string]int64{"memory": r.MemoryMiB, "memoryMax": r.MemoryMaxMiB}) {
			if mib > 0 && mib < leastMemoryMiB {
				d := c.Errorf(diag.OutOfBounds, path.To(field), "the least %s that docker takes is %dMi", field, leastMemoryMiB)
				d.Docs = docs + "deploy/#memory"
			}
		}
		if r.CPUMaxMillis > 0 && r.CPUMaxMillis < leastCPUMaxMillis {
			d := c.Errorf(diag.OutOfBounds, path.To("cpuMax"), "the least cpuMax that docker takes is %dm", leastCPUMaxMillis)
			d.Docs = docs + "deploy/#cpus"
		}
		if r.CPUMillis > 0 {
			d := c.Notef("cpu", path.To("cpu"), "compose sets no processor aside: %d thousandths of one are a weight against other containers", r.CPUMillis)
			d.Docs = docs + "services/#cpu_shares"
		}
	}
}

// cpuShares is a weight in proportion to the requested processor time, 1024 for a whole
// processor, within the kernel's limits.
func cpuShares(millis int64) int64 {
	if millis == 0 {
		return 0
	}
	return min(max(millis*1024/1000, leastCPUShares), mostCPUShares)
}

// amountRows are the rows of resources.
var amountRows = provider.Table{
	{Field: "workloads.containers.resources.cpu", Level: approximated, How: "`cpu_shares`: a weight, and nothing set aside"},
	{Field: "workloads.containers.resources.cpuMax", Level: exact, How: "the limit `cpus`"},
	{Field: "workloads.containers.resources.memory", Level: exact, How: "the reservation `memory`"},
	{Field: "workloads.containers.resources.memoryMax", Level: exact, How: "the limit `memory`, and `memswap_limit` of the same: no swap"},
	{Field: "workloads.containers.resources.gpu", Level: exact, How: "a reservation of `devices`, of the driver nvidia"},
}
