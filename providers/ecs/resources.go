package ecs

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func containerResources(c *check, w *workload) {
	task, fits := c.task(w)
	for cname, container := range plan.Sorted(w.Containers) {
		r := container.Resources
		at := func(field string) diag.Path { return w.AtContainer(cname, "resources", field) }

		if units, exact := cpuUnits(r.CPUMillis); !exact {
			c.Notef("cpu", at("cpu"), "%dm is %d cpu units of ecs, 1024 a vCPU", r.CPUMillis, units)
		}
		if ceiling, _ := cpuUnits(r.CPUMaxMillis); fits && r.CPUMaxMillis != 0 && (task.cpu == 0 || task.cpu > ceiling) {
			bound := "the container may use whatever its machine has free"
			if task.cpu != 0 {
				bound = fmt.Sprintf("the container may use the task's whole %d cpu units", task.cpu)
			}
			c.approximate("cpu", at("cpuMax"), containerDocs, "", "ecs has no cpuMax for one container: %s", bound)
		}
		for _, m := range []struct {
			field     string
			mebibytes int64
		}{{"memory", r.MemoryMiB}, {"memoryMax", r.MemoryMaxMiB}} {
			if m.mebibytes != 0 && m.mebibytes < minContainerMiB || m.mebibytes > maxInteger {
				c.report(diag.OutOfBounds, at(m.field), containerDocs, "", "a container has from %d to %d MiB, not %d", minContainerMiB, maxInteger, m.mebibytes)
				break
			}
		}
	}
}

func unstatedMemory(c *check, w *workload) {
	task, fits := c.task(w)
	if w.Ext.Memory != 0 || !fits {
		return
	}
	for cname, container := range plan.Sorted(w.Containers) {
		at := w.AtContainer(cname, "resources", "memory")
		switch {
		case reservedMiB(container.Resources) != 0:
		case !c.fargate():
			c.Notef("memory", at, "no memory is stated: ecs reserves %d MiB", defaultContainerMiB)
		case container.Role != plan.Init:
			c.approximate("memory", at, fargateDocs, "state resources.memory, or the task's extensions.ecs.memory",
				"no memory is stated: the containers share the task's %d MiB, and fargate kills one that needs more", task.memoryMiB)
			return // the others belong to the same task
		}
	}
}

func gpus(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Resources.GPU > 0 && c.fargate() {
			c.unsupported(w.AtContainer(cname, "resources", "gpu"), fargateDocs, `set extensions.ecs.launchType to "EC2"`, "fargate has no gpu")
		}
	}
}

func taskSize(c *check, w *workload) {
	if n := int64(w.Ext.CPU); !c.fargate() && n != 0 && (n < minTaskUnits || n > maxTaskUnits) {
		c.report(diag.OutOfBounds, w.AtExtension("cpu"), taskDocs, "", "a task has from %d to %d cpu units, not %d", minTaskUnits, maxTaskUnits, n)
		return
	}
	if n := int64(w.Ext.Memory); !c.fargate() && n != 0 && n < minContainerMiB {
		c.report(diag.OutOfBounds, w.AtExtension("memory"), taskDocs, "", "a task has at least %d MiB, not %d", minContainerMiB, n)
		return
	}
	if _, ok := c.task(w); ok {
		return
	}
	minimum, stated := c.minimum(w), size{int64(w.Ext.CPU), int64(w.Ext.Memory)}
	if c.fargate() {
		// Sizes that Fargate does not have are reported before sizes that are too small.
		if _, sold := fargateSize(w.fargateRows(), size{}, stated); !sold {
			c.notSold(w, stated)
			return
		}
	}
	switch {
	case stated.cpu != 0 && stated.cpu < minimum.cpu:
		c.report(diag.OutOfBounds, w.AtExtension("cpu"), taskDocs, "", "the task has %d cpu units, its containers ask for %d", stated.cpu, minimum.cpu)
	case stated.memoryMiB != 0 && stated.memoryMiB < minimum.memoryMiB:
		c.report(diag.OutOfBounds, w.AtExtension("memory"), taskDocs, "", "the task has %d MiB, its containers ask for %d", stated.memoryMiB, minimum.memoryMiB)
	case stated.memoryMiB != 0:
		c.report(diag.OutOfBounds, w.AtExtension("memory"), taskDocs, "leave it out, and the smallest size that fits is taken",
			"fargate has no task of %d MiB with the %d cpu units that the containers ask for", stated.memoryMiB, minimum.cpu)
	case stated.cpu != 0:
		c.report(diag.OutOfBounds, w.AtExtension("cpu"), taskDocs, "leave it out, and the smallest size that fits is taken",
			"fargate has no task of %d cpu units with the %d MiB that the containers ask for", stated.cpu, minimum.memoryMiB)
	default:
		rows := w.fargateRows()
		last := rows[len(rows)-1]
		c.report(diag.OutOfBounds, w.At("containers"), taskDocs, "split the workload, or set extensions.ecs.launchType to \"EC2\"",
			"the containers ask for %d cpu units and %d MiB: fargate's largest task has %d and %d", minimum.cpu, minimum.memoryMiB, last.cpu, last.memory[len(last.memory)-1])
	}
}

// notSold reports a size that no Fargate task has.
func (c *check) notSold(w *workload, stated size) {
	rows := w.fargateRows()
	for _, r := range rows {
		if r.cpu == stated.cpu {
			c.report(diag.OutOfBounds, w.AtExtension("memory"), taskDocs, r.help(), "fargate has no task of %d cpu units and %d MiB", stated.cpu, stated.memoryMiB)
			return
		}
	}
	if stated.cpu != 0 {
		c.report(diag.OutOfBounds, w.AtExtension("cpu"), taskDocs, fmt.Sprintf("cpu is a power of two from %d to %d", rows[0].cpu, rows[len(rows)-1].cpu),
			"fargate has no task of %d cpu units", stated.cpu)
		return
	}
	c.report(diag.OutOfBounds, w.AtExtension("memory"), taskDocs, "leave it out, and the smallest size that fits is taken", "fargate has no task of %d MiB", stated.memoryMiB)
}

func (r fargateRow) help() string {
	if len(r.memory) == 3 { // a list without even steps
		return fmt.Sprintf("with %d cpu units memory is %d, %d or %d MiB", r.cpu, r.memory[0], r.memory[1], r.memory[2])
	}
	first, last := r.memory[0], r.memory[len(r.memory)-1]
	return fmt.Sprintf("with %d cpu units memory is from %d to %d MiB, by %d", r.cpu, first, last, r.memory[1]-first)
}

// Defaults returns the memory that a container reserves on EC2, and the size of a task on
// Fargate, where no amount is stated; see [provider.Defaulter].
func (*Provider) Defaults(p *plan.Plan) (map[string]string, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, w := range t.Workloads {
		task, fits := t.task(w)
		if !fits {
			continue
		}
		states := size{int64(w.Ext.CPU), int64(w.Ext.Memory)}
		for name, container := range w.Containers {
			states.cpu += container.Resources.CPUMillis
			states.memoryMiB += reservedMiB(container.Resources)
			if !t.fargate() && w.Ext.Memory == 0 && reservedMiB(container.Resources) == 0 {
				all[w.AtContainer(name, "resources", "memory").String()] = plan.Size(defaultContainerMiB)
			}
		}
		if t.fargate() && states.cpu == 0 {
			all[w.At("extensions", providerName, "cpu").String()] = fmt.Sprint(task.cpu)
		}
		if t.fargate() && states.memoryMiB == 0 {
			all[w.At("extensions", providerName, "memory").String()] = fmt.Sprint(task.memoryMiB)
		}
	}
	return all, nil
}

// resourceRows are the rows of resources.
var resourceRows = provider.Table{
	{Field: "workloads.containers.resources", When: "not stated", Level: exact, How: "the smallest task that Fargate has"},
	{Field: "workloads.containers.resources.cpu", Level: exact, How: "`cpu`, 1024 units a vCPU; the task has the smallest size of Fargate's that fits"},
	{Field: "workloads.containers.resources.cpu", When: "no whole number of units", Level: approximated, How: "rounded down to cpu units"},
	{Field: "workloads.containers.resources.cpuMax", When: "no less than the task's cpu", Level: exact, How: "the task's own bound"},
	{Field: "workloads.containers.resources.cpuMax", Level: approximated, How: "a container may use what its task has"},
	{Field: "workloads.containers.resources.memory", Level: exact, How: "`memoryReservation`"},
	{Field: "workloads.containers.resources.memory", When: "not stated", Level: approximated, How: "on Fargate the containers share the task's memory, which is a hard limit; on EC2 512 MiB are reserved", Instead: "state it, or extensions.ecs.memory"},
	{Field: "workloads.containers.resources.memoryMax", Level: exact, How: "`memory`"},
	{Field: "workloads.containers.resources.gpu", When: "on EC2", Level: exact, How: "`resourceRequirements`"},
	{Field: "workloads.containers.resources.gpu", When: "on Fargate", Level: unsupported, How: "Fargate has no gpu", Instead: `set extensions.ecs.launchType to "EC2"`},
}
