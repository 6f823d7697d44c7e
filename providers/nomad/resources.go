package nomad

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// mhz converts an amount of processor time to Nomad's unit, rounded up. If it is not set, it is
// Nomad's own default.
func mhz(cpuMillis, perCore int64) int64 {
	if cpuMillis == 0 {
		return defaultMHz
	}
	return max(minMHz, (cpuMillis*perCore+999)/1000)
}

// setAside returns the reserved processor time of a container. Nomad limits a task only to what
// it reserves (cpu_hard_limit), so a limit is reserved too.
func setAside(r plan.Resources) int64 { return max(r.CPUMillis, r.CPUMaxMillis) }

// memoryOf returns a container's reserved and maximum memory. A limit alone is reserved in
// full; if neither is set, both are Nomad's own default.
func memoryOf(r plan.Resources) (mib, maxMiB int64) {
	mib = r.MemoryMiB
	switch {
	case mib > 0:
	case r.MemoryMaxMiB > 0:
		mib = max(r.MemoryMaxMiB, minMemoryMiB)
	default:
		mib = defaultMemoryMiB
	}
	return mib, max(r.MemoryMaxMiB, mib)
}

// processors formats thousandths as an author would.
func processors(cpuMillis int64) string {
	if cpuMillis%1000 == 0 {
		return fmt.Sprint(cpuMillis / 1000)
	}
	return fmt.Sprintf("%dm", cpuMillis)
}

// cpu: MHz in place of processors, or whole cores (the resources block); a limit is reserved
// (drivers/docker.Driver.createContainerConfig).
func cpu(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		r := container.Resources
		path := w.AtContainer(name, "resources")
		millis := setAside(r)
		switch {
		case millis == 0:
			d := c.Notef("cpu", path.To("cpu"), "container %q states no cpu: nomad sets its own default of %d MHz aside", name, defaultMHz)
			d.Docs = docs + "resources#cpu"
			continue
		case w.Ext.ReserveCores:
			reservedCores(c, path, r)
			continue
		}
		d := c.Notef("cpu", path, "cpu %s is %d MHz, at %d MHz a core", processors(millis), mhz(millis, c.Ext.MHzPerCore), c.Ext.MHzPerCore)
		d.Help = "state the clock rate of the machines in extensions.nomad.mhzPerCore"
		d.Docs = docs + "resources#cpu"
		if r.CPUMillis > 0 && r.CPUMaxMillis > r.CPUMillis {
			d := c.Approximate("cpu", path.To("cpuMax"), "nomad caps cpu at what it sets aside, so it sets aside %s and not %s", processors(setAside(r)), processors(r.CPUMillis))
			d.Help = "let cpu and cpuMax be the same, or leave cpuMax out"
			d.Docs = dockerDriver + "#cpu_hard_limit"
		}
	}
}

// reserved returns the processor time of a container with its own cores: the request, or only a
// limit.
func reserved(r plan.Resources) int64 {
	if r.CPUMillis > 0 {
		return r.CPUMillis
	}
	return r.CPUMaxMillis
}

// reservedCores: cores are whole, and the container may use no more.
func reservedCores(c *check, path diag.Path, r plan.Resources) {
	field := "cpu"
	if r.CPUMillis == 0 {
		field = "cpuMax"
	}
	millis := reserved(r)
	switch {
	case millis%1000 != 0:
		d := c.Errorf(diag.OutOfBounds, path.To(field), "reserveCores sets whole cores aside, and this is %s", processors(millis))
		d.Help = "ask for whole processors, or leave out extensions.nomad.reserveCores"
		d.Docs = docs + "resources#cores"
	case r.CPUMaxMillis > millis:
		d := c.Approximate("cpu", path.To("cpuMax"), "reserveCores holds the container to the %s that it sets aside", processors(millis))
		d.Help = "let cpu and cpuMax be the same, or leave out extensions.nomad.reserveCores"
		d.Docs = docs + "resources#cores"
	}
}

// memory: the least (structs.Resources.MeetsMinResources); what is set aside is the most
// too (memoryLimits in drivers/docker/driver.go), but by the cluster's leave
// (memoryOversubscriptionValidate in nomad/job_endpoint_hooks.go).
func memory(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		r := container.Resources
		path := w.AtContainer(name, "resources")
		mib, maxMiB := memoryOf(r)
		switch {
		case r.MemoryMiB == 0 && r.MemoryMaxMiB == 0:
			d := c.Approximate("memory", path.To("memory"), "container %q states no memory: nomad sets its own default of %dMi aside, and kills the process beyond that", name, mib)
			d.Help = "set resources.memory to the most that the process needs"
			d.Docs = docs + "resources#memory"
		case r.MemoryMiB > 0 && r.MemoryMiB < minMemoryMiB:
			d := c.Errorf(diag.OutOfBounds, path.To("memory"), "nomad gives a container at least %dMi, not %dMi", minMemoryMiB, r.MemoryMiB)
			d.Docs = docs + "resources#memory"
		case r.MemoryMaxMiB > 0 && r.MemoryMaxMiB < mib:
			d := c.Errorf(diag.OutOfBounds, path.To("memoryMax"), "nomad gives a container at least %dMi, not %dMi", minMemoryMiB, r.MemoryMaxMiB)
			d.Docs = docs + "resources#memory"
		case maxMiB > mib && !c.Ext.MemoryOversubscription:
			d := c.Approximate("memory", path.To("memoryMax"), "without memory oversubscription nomad kills the process beyond %dMi", mib)
			d.Help = "where the cluster allows it, say so in extensions.nomad.memoryOversubscription; or let memory and memoryMax be the same"
			d.Docs = docs + "resources#memory-oversubscription"
		case r.MemoryMiB > 0 && r.MemoryMaxMiB == 0:
			d := c.Notef("memory", path.To("memory"), "nomad kills the process beyond %dMi, as if memoryMax said so", mib)
			d.Docs = docs + "resources#memory"
		}
	}
}

// Defaults returns Nomad's reservations for amounts that are not set; see [provider.Defaulter].
func (*Provider) Defaults(p *plan.Plan) (map[string]string, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, w := range t.Workloads {
		for name, container := range w.Containers {
			r, path := container.Resources, w.AtContainer(name, "resources")
			if setAside(r) == 0 {
				all[path.To("cpu").String()] = fmt.Sprintf("%d MHz", defaultMHz)
			}
			if r.MemoryMiB == 0 && r.MemoryMaxMiB == 0 {
				all[path.To("memory").String()] = plan.Size(defaultMemoryMiB)
			}
		}
	}
	return all, nil
}

// resourceRows are the rows of resources.
var resourceRows = provider.Table{
	{Field: "workloads.containers.resources", Level: approximated, How: "`resources`; processors are MHz, at the rate that the extension states; 100 MHz and 300 MB where none are stated", Instead: "state the machines' rate in extensions.nomad.mhzPerCore"},
	{Field: "workloads.containers.resources.cpu", Level: approximated, How: "`cpu`, in MHz", Instead: "state the machines' rate in extensions.nomad.mhzPerCore"},
	{Field: "workloads.containers.resources.cpu", When: "with reserveCores", Level: exact, How: "`cores`"},
	{Field: "workloads.containers.resources.cpuMax", When: "alone, or the same as cpu", Level: approximated, How: "`cpu_hard_limit` at `cpu`, in MHz", Instead: "state the machines' rate in extensions.nomad.mhzPerCore"},
	{Field: "workloads.containers.resources.cpuMax", When: "above cpu", Level: approximated, How: "as much is set aside, since that is what caps", Instead: "let cpu and cpuMax be the same, or leave cpuMax out"},
	{Field: "workloads.containers.resources.memory", Level: approximated, How: "`memory`; the process is killed beyond it, where memoryMax does not say otherwise", Instead: "state memoryMax"},
	{Field: "workloads.containers.resources.memory", When: "left out", Level: approximated, How: "Nomad's own 300 MB; the process is killed beyond it", Instead: "state memory"},
	{Field: "workloads.containers.resources.memoryMax", When: "the cluster allows memory oversubscription", Level: exact, How: "`memory_max`"},
	{Field: "workloads.containers.resources.memoryMax", When: "elsewhere", Level: approximated, How: "the process is killed beyond memory", Instead: "say so in extensions.nomad.memoryOversubscription where the cluster allows it"},
	{Field: "workloads.containers.resources.gpu", Level: exact, How: "a `device`, of the type that the extension states"},
}
