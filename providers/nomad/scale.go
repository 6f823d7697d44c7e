package nomad

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// copies: the server counts a job's copies when it is registered (jobValidate in
// nomad/job_endpoint_hooks.go).
func copies(c *check, w *workload) {
	path := w.At("replicas")
	if w.Autoscale != nil {
		path = w.At("autoscale", "max")
	}
	if n := w.MostReplicas(); n > maxCopies {
		d := c.Errorf(diag.OutOfBounds, path, "%d copies are more than the %d that nomad takes in a job", n, maxCopies)
		d.Docs = "https://developer.hashicorp.com/nomad/docs/configuration/server#job_max_count"
	}
}

// autoscale: a scaling block is a policy that the Nomad Autoscaler, a program of its own, reads. It measures a group
// as a whole, in percent of the cpu that all of its tasks ask for (queryMetricCPUAllocated in
// plugins/builtin/apm/nomad/plugin/job.go of github.com/hashicorp/nomad-autoscaler; checked 2026-11-28). A job that
// is registered again starts with its own count, unless the command is told to keep the one that runs
// (https://developer.hashicorp.com/nomad/commands/job/run#preserve-counts; checked 2026-11-28).
func autoscale(c *check, w *workload) {
	if w.Autoscale == nil {
		return
	}
	path := w.At("autoscale")
	d := c.Notef("autoscale", path, "the number of copies stays what it is unless the cluster runs the nomad autoscaler")
	d.Docs = docs + "scaling"
	d = c.Approximate("autoscale", path, "each nomad job run of this job sets the number of copies back to %d", w.Autoscale.Min)
	d.Help = "apply it with nomad job run -preserve-counts -json, which keeps the copies that run, and accept autoscale"
	d.Docs = "https://developer.hashicorp.com/nomad/commands/job/run#preserve-counts"
	for name, container := range plan.Sorted(w.Containers) {
		r := container.Resources
		if w.Autoscale.MemoryPercent > 0 && container.Role != plan.Init && r.MemoryMiB == 0 && r.MemoryMaxMiB == 0 {
			d := c.Approximate("autoscale", w.AtContainer(name, "resources", "memory"), "container %q states no memory, so copies are added at %d%% of nomad's own default of %d MB", name, w.Autoscale.MemoryPercent, defaultMemoryMiB)
			d.Help = "set resources.memory"
		}
		switch {
		case w.Autoscale.CPUPercent == 0:
		case container.Role == plan.Init && setAside(r) > 0:
			c.Notef("autoscale", w.AtContainer(name, "resources", "cpu"), "the cpu of container %q counts although it has ended, so copies are added at a higher use than %d%%", name, w.Autoscale.CPUPercent)
		case container.Role != plan.Init && setAside(r) == 0:
			d := c.Approximate("autoscale", w.AtContainer(name, "resources", "cpu"), "container %q states no cpu, so copies are added at %d%% of nomad's own default of %d MHz", name, w.Autoscale.CPUPercent, defaultMHz)
			d.Help = "set resources.cpu"
		}
	}
}

// scaleTarget is a metric of the Autoscaler, with its target value.
type scaleTarget struct {
	name, query string
	target      int64
}

// scaleTargets returns the targets of cpu and memory; the one that needs more copies counts
// (https://developer.hashicorp.com/nomad/tools/autoscaling/concepts/policy-eval; checked
// 2026-11-29).
func scaleTargets(w *workload) []scaleTarget {
	var all []scaleTarget
	if w.Autoscale.CPUPercent > 0 {
		all = append(all, cpuTarget(w))
	}
	if w.Autoscale.MemoryPercent > 0 {
		all = append(all, scaleTarget{"memory", "avg_memory-allocated", int64(w.Autoscale.MemoryPercent)})
	}
	return all
}

// cpuTarget is of the cpu that a group asks for. Tasks that have whole cores of
// their own have no cpu in MHz, so their use is measured in percent of one core (CpuStats.Percent, likewise).
func cpuTarget(w *workload) scaleTarget {
	cores := int64(0)
	if w.Ext.ReserveCores {
		for _, container := range w.Containers {
			cores += reserved(container.Resources) / 1000
		}
	}
	if cores > 0 {
		return scaleTarget{"cpu", "avg_cpu", int64(w.Autoscale.CPUPercent) * cores}
	}
	return scaleTarget{"cpu", "avg_cpu-allocated", int64(w.Autoscale.CPUPercent)}
}

// scaleRows are the rows of the number of copies.
var scaleRows = provider.Table{
	{Field: "workloads.replicas", Level: exact, How: "`count`"},
	{Field: "workloads.autoscale", When: "every container asks for cpu", Level: approximated, How: "a `scaling` block, which does nothing unless the cluster runs the Nomad Autoscaler; each registration of the job starts from min", Instead: "run the Nomad Autoscaler, and apply with -preserve-counts"},
	{Field: "workloads.autoscale", When: "a container asks for no cpu", Level: approximated, How: "its use counts against Nomad's own default of 100 MHz", Instead: "set resources.cpu"},
	{Field: "workloads.autoscale.min", Level: exact, How: "`min`"},
	{Field: "workloads.autoscale.max", Level: exact, How: "`max`"},
	{Field: "workloads.autoscale.cpu", Level: exact, How: "a target of `avg_cpu-allocated`"},
	{Field: "workloads.autoscale.memory", Level: exact, How: "a target of `avg_memory-allocated`"},
	{Field: "workloads.autoscale.cpu", When: "with reserveCores", Level: exact, How: "a target of `avg_cpu`, in percent of one core"},
}
