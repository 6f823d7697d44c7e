package ecs

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// size is a task's processor time in cpu units and memory in MiB. 0: not set.
type size struct{ cpu, memoryMiB int64 }

// fargateRow is the amounts of memory in MiB, ascending, that Fargate has for a number of cpu
// units.
type fargateRow struct {
	cpu    int64
	memory []int64
}

// steps returns the numbers from the first to the last, by step.
func steps(first, last, step int64) []int64 {
	var all []int64
	for n := first; n <= last; n += step {
		all = append(all, n)
	}
	return all
}

// atLeast returns the row's smallest memory that is at least need.
func (r fargateRow) atLeast(need int64) (memoryMiB int64, ok bool) {
	i, _ := slices.BinarySearch(r.memory, need)
	if i == len(r.memory) {
		return 0, false
	}
	return r.memory[i], true
}

// fargateSize returns the smallest size of rows that is at least what is needed, and equal to
// what is set.
func fargateSize(rows []fargateRow, need, stated size) (size, bool) {
	for _, r := range rows {
		if r.cpu < need.cpu || stated.cpu != 0 && r.cpu != stated.cpu {
			continue
		}
		memory, ok := r.atLeast(max(need.memoryMiB, stated.memoryMiB))
		if ok && (stated.memoryMiB == 0 || memory == stated.memoryMiB) {
			return size{r.cpu, memory}, true
		}
	}
	return size{}, false
}

// cpuUnits turns thousandths of a processor into cpu units, and says whether nothing
// is lost. Less than a unit is rounded down, so that containers which fit a task by
// the author's numbers fit it in units as well.
func cpuUnits(millis int64) (units int64, exact bool) {
	return millis * unitsPerCPU / 1000, millis*unitsPerCPU%1000 == 0
}

// need returns the minimum size of a task with these containers: ECS adds up the reservations
// of all of them, whenever they run, and no container may have more memory than the task.
func need(containers map[string]plan.Container) size {
	var millis, reserved, largest int64
	for _, c := range containers {
		millis += c.Resources.CPUMillis
		reserved += reservedMiB(c.Resources)
		largest = max(largest, c.Resources.MemoryMaxMiB)
	}
	return size{(millis*unitsPerCPU + 999) / 1000, max(reserved, largest)}
}

// reservedMiB is what a container counts against its task: memoryReservation where it
// is stated, else memory (API reference, ContainerDefinition).
func reservedMiB(r plan.Resources) int64 {
	if r.MemoryMiB != 0 {
		return r.MemoryMiB
	}
	return r.MemoryMaxMiB
}

// least is what the workload's task must have: what its containers need, and, where the size
// is not stated, what the proxy of Service Connect is to have beside them.
func (t *tenant) minimum(w *workload) size {
	minimum := need(w.Containers)
	if !t.connects(w) {
		return minimum
	}
	if w.Ext.CPU == 0 {
		minimum.cpu += connectUnits
	}
	if w.Ext.Memory == 0 {
		minimum.memoryMiB += connectMiB
	}
	return minimum
}

// task returns the size of the workload's task; ok is false if none fits. On EC2 an unset value
// stays 0: the task has no limit.
func (t *tenant) task(w *workload) (task size, ok bool) {
	minimum, stated := t.minimum(w), size{int64(w.Ext.CPU), int64(w.Ext.Memory)}
	if !t.fargate() {
		fits := (stated.cpu == 0 || stated.cpu >= minimum.cpu) && (stated.memoryMiB == 0 || stated.memoryMiB >= minimum.memoryMiB)
		return stated, fits
	}
	return fargateSize(w.fargateRows(), minimum, stated)
}

func (w *workload) fargateRows() []fargateRow {
	if w.windows() {
		return windowsSizes
	}
	return fargateSizes
}
