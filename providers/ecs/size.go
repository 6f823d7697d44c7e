package ecs

import "github.com/cuecompute/cuecompute/pkg/plan"

// unitsPerCPU is how many cpu units make a vCPU.
const unitsPerCPU = 1024

// taskMemoryForConnect is what a task keeps free for the Service Connect proxy that
// ECS adds to it (developer guide, "Amazon ECS Service Connect": at least 64 MiB).
const taskMemoryForConnect = 64

// size is a task's processor time in cpu units and memory in MiB. 0: not stated.
type size struct{ cpu, memoryMiB int64 }

// fargateRow is the memory that Fargate sells with an amount of processor time.
type fargateRow struct{ cpu, min, max, step int64 }

// fargateSizes are the tasks that Fargate takes, smallest first (developer guide,
// "Task definition parameters", task size). The first row has 0.5, 1 and 2 GiB.
var fargateSizes = []fargateRow{
	{256, 512, 2048, 0},
	{512, 1024, 4096, 1024},
	{1024, 2048, 8192, 1024},
	{2048, 4096, 16384, 1024},
	{4096, 8192, 30720, 1024},
	{8192, 16384, 61440, 4096},
	{16384, 32768, 122880, 8192},
}

// windowsSizes are those that Fargate takes for Windows: 1 to 4 vCPU (developer guide,
// "Troubleshoot Amazon ECS task definition invalid CPU or memory errors").
var windowsSizes = fargateSizes[2:5]

// atLeast returns the row's smallest memory that is no less than need.
func (r fargateRow) atLeast(need int64) (memoryMiB int64, ok bool) {
	if r.step == 0 {
		for m := r.min; m <= r.max; m *= 2 {
			if m >= need {
				return m, true
			}
		}
		return 0, false
	}
	m := r.min
	if need > m {
		m += (need - r.min + r.step - 1) / r.step * r.step
	}
	return m, m <= r.max
}

// fargateSize returns the smallest size of rows that has what is needed and is what is
// stated, as far as it is.
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

// need is the least that a task of these containers must have: ECS adds up what all of
// them reserve, whenever they run, and lets no container have more memory than the task.
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

// task is the size of the workload's task; ok is false where there is none that fits.
// On EC2 what is not stated stays 0: the task has no bound of its own.
func (t *tenant) task(w *workload) (task size, ok bool) {
	least, stated := need(w.Containers), size{int64(w.ext.CPU), int64(w.ext.Memory)}
	if !t.fargate() {
		fits := (stated.cpu == 0 || stated.cpu >= least.cpu) && (stated.memoryMiB == 0 || stated.memoryMiB >= least.memoryMiB)
		return stated, fits
	}
	if stated.memoryMiB == 0 && t.connects(w) {
		least.memoryMiB += taskMemoryForConnect
	}
	return fargateSize(w.fargateRows(), least, stated)
}

func (w *workload) fargateRows() []fargateRow {
	if w.windows() {
		return windowsSizes
	}
	return fargateSizes
}
