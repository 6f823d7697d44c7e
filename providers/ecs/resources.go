package ecs

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// containerResources: cpu becomes cpu units, memory memoryReservation, memoryMax
// memory. Nothing but the task's own size bounds a container's processor time: on
// Linux its cpu is a share (API reference, ContainerDefinition: cpu).
func containerResources(c *check, w *workload) {
	task, fits := c.task(w)
	for cname, container := range plan.Sorted(w.Containers) {
		r := container.Resources
		at := func(field string) diag.Path { return w.container(cname, "resources", field) }

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

// unstatedMemory: on EC2 a container must reserve some, and gets a default. On Fargate
// the containers share the task's, which ends when they need more (API reference,
// ContainerDefinition: memory, memoryReservation). An init container has it to itself.
func unstatedMemory(c *check, w *workload) {
	task, fits := c.task(w)
	if w.ext.Memory != 0 || !fits {
		return
	}
	for cname, container := range plan.Sorted(w.Containers) {
		at := w.container(cname, "resources", "memory")
		switch {
		case reservedMiB(container.Resources) != 0:
		case !c.fargate():
			c.Notef("memory", at, "no memory is stated: ecs reserves %d MiB", defaultContainerMiB)
		case container.Role != plan.Init:
			c.approximate("memory", at, fargateDocs, "state resources.memory, or the task's extensions.ecs.memory",
				"no memory is stated: the containers share the task's %d MiB, and fargate kills one that needs more", task.memoryMiB)
			return // the others are of the same task
		}
	}
}

// gpus: Fargate has none (developer guide, "Amazon ECS task definition differences for
// Fargate").
func gpus(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Resources.GPU > 0 && c.fargate() {
			c.unsupported(w.container(cname, "resources", "gpu"), fargateDocs, `set extensions.ecs.launchType to "EC2"`, "fargate has no gpu")
		}
	}
}

// taskSize: Fargate takes fixed pairs of cpu and memory; on either launch type the
// containers must fit a size that is stated (API reference, RegisterTaskDefinition:
// cpu, memory; ContainerDefinition: cpu, memory).
func taskSize(c *check, w *workload) {
	if n := int64(w.ext.CPU); !c.fargate() && n != 0 && (n < minTaskUnits || n > maxTaskUnits) {
		c.report(diag.OutOfBounds, w.extAt("cpu"), taskDocs, "", "a task has from %d to %d cpu units, not %d", minTaskUnits, maxTaskUnits, n)
		return
	}
	if n := int64(w.ext.Memory); !c.fargate() && n != 0 && n < minContainerMiB {
		c.report(diag.OutOfBounds, w.extAt("memory"), taskDocs, "", "a task has at least %d MiB, not %d", minContainerMiB, n)
		return
	}
	if _, ok := c.task(w); ok {
		return
	}
	least, stated := c.least(w), size{int64(w.ext.CPU), int64(w.ext.Memory)}
	if c.fargate() {
		// What Fargate does not sell at all is told before what is too small.
		if _, sold := fargateSize(w.fargateRows(), size{}, stated); !sold {
			c.notSold(w, stated)
			return
		}
	}
	switch {
	case stated.cpu != 0 && stated.cpu < least.cpu:
		c.report(diag.OutOfBounds, w.extAt("cpu"), taskDocs, "", "the task has %d cpu units, its containers ask for %d", stated.cpu, least.cpu)
	case stated.memoryMiB != 0 && stated.memoryMiB < least.memoryMiB:
		c.report(diag.OutOfBounds, w.extAt("memory"), taskDocs, "", "the task has %d MiB, its containers ask for %d", stated.memoryMiB, least.memoryMiB)
	case stated.memoryMiB != 0:
		c.report(diag.OutOfBounds, w.extAt("memory"), taskDocs, "leave it out, and the smallest size that fits is taken",
			"fargate has no task of %d MiB with the %d cpu units that the containers ask for", stated.memoryMiB, least.cpu)
	case stated.cpu != 0:
		c.report(diag.OutOfBounds, w.extAt("cpu"), taskDocs, "leave it out, and the smallest size that fits is taken",
			"fargate has no task of %d cpu units with the %d MiB that the containers ask for", stated.cpu, least.memoryMiB)
	default:
		rows := w.fargateRows()
		last := rows[len(rows)-1]
		c.report(diag.OutOfBounds, w.at("containers"), taskDocs, "split the workload, or set extensions.ecs.launchType to \"EC2\"",
			"the containers ask for %d cpu units and %d MiB: fargate's largest task has %d and %d", least.cpu, least.memoryMiB, last.cpu, last.memory[len(last.memory)-1])
	}
}

// notSold reports a stated size that Fargate has no task of.
func (c *check) notSold(w *workload, stated size) {
	rows := w.fargateRows()
	for _, r := range rows {
		if r.cpu == stated.cpu {
			c.report(diag.OutOfBounds, w.extAt("memory"), taskDocs, r.help(), "fargate has no task of %d cpu units and %d MiB", stated.cpu, stated.memoryMiB)
			return
		}
	}
	if stated.cpu != 0 {
		c.report(diag.OutOfBounds, w.extAt("cpu"), taskDocs, fmt.Sprintf("cpu is a power of two from %d to %d", rows[0].cpu, rows[len(rows)-1].cpu),
			"fargate has no task of %d cpu units", stated.cpu)
		return
	}
	c.report(diag.OutOfBounds, w.extAt("memory"), taskDocs, "leave it out, and the smallest size that fits is taken", "fargate has no task of %d MiB", stated.memoryMiB)
}

func (r fargateRow) help() string {
	if len(r.memory) == 3 { // a list, of no even steps
		return fmt.Sprintf("with %d cpu units memory is %d, %d or %d MiB", r.cpu, r.memory[0], r.memory[1], r.memory[2])
	}
	first, last := r.memory[0], r.memory[len(r.memory)-1]
	return fmt.Sprintf("with %d cpu units memory is from %d to %d MiB, by %d", r.cpu, first, last, r.memory[1]-first)
}

// Defaults returns the memory that a container reserves on EC2, and the size of a task on
// Fargate, where no amount is stated; see [provider.Defaulter].
func (*Provider) Defaults(p *plan.Plan) (map[string]string, error) {
	t, _, err := newTenant(p)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, w := range t.workloads {
		task, fits := t.task(w)
		if !fits {
			continue
		}
		states := size{int64(w.ext.CPU), int64(w.ext.Memory)}
		for name, container := range w.Containers {
			states.cpu += container.Resources.CPUMillis
			states.memoryMiB += reservedMiB(container.Resources)
			if !t.fargate() && w.ext.Memory == 0 && reservedMiB(container.Resources) == 0 {
				all[w.container(name, "resources", "memory").String()] = plan.Size(defaultContainerMiB)
			}
		}
		if t.fargate() && states.cpu == 0 {
			all[w.at("extensions", providerName, "cpu").String()] = fmt.Sprint(task.cpu)
		}
		if t.fargate() && states.memoryMiB == 0 {
			all[w.at("extensions", providerName, "memory").String()] = fmt.Sprint(task.memoryMiB)
		}
	}
	return all, nil
}
