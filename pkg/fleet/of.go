package fleet

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Source is what facts are made of.
type Source struct {
	Plan   *plan.Plan
	Names  []Name         // of the plan's resources on the platform
	Place  provider.Place // the zero value where the provider does not say
	Locate func(diag.Path) diag.Range
}

// Name is a native name of a tenant, and where what it is made of is written.
type Name struct {
	provider.NativeName
	At       diag.Range
	Accepted bool // the workload accepts that another tenant has it
}

// Of returns the facts of a plan, which are not to be changed any more.
func Of(s Source) (Facts, error) {
	p := s.Plan
	f := Facts{ID: p.ID, Provider: p.Provider, At: Place(s.Locate(diag.At("id"))), Labels: p.Labels, Namespace: s.Place.Namespace}
	images := map[string]bool{}
	endpoints := map[string]bool{}
	for name, w := range plan.Sorted(p.Workloads) {
		a := amountsOf(p, name, &w)
		f.add(a)
		if pool := s.Place.NodePools[name]; pool != "" {
			if f.NodePools == nil {
				f.NodePools = map[string]Amounts{}
			}
			all := f.NodePools[pool]
			all.add(a)
			f.NodePools[pool] = all
		}
		for _, c := range w.Containers {
			images[c.Image] = true
			for _, e := range c.Sources() {
				if e.Endpoint != nil {
					endpoints[name+": "+e.Endpoint.Workload+"."+e.Endpoint.Port] = true
				}
			}
		}
	}
	for _, v := range p.Volumes {
		f.StorageMiB += v.SizeMiB
		f.Most.StorageMiB += v.SizeMiB
	}
	f.Images = slices.Sorted(maps.Keys(images))
	f.Endpoints = slices.Sorted(maps.Keys(endpoints))
	f.Claims = claimsOf(s)
	err := f.prepare() // here, since plans are judged side by side and collected one by one
	return f, err
}

// amountsOf sums up a workload. Init containers end before the others start, so that a copy
// asks for the more of the two (Kubernetes schedules so; ECS and Nomad place a task no better).
func amountsOf(p *plan.Plan, name string, w *plan.Workload) Amounts {
	a := Amounts{Workloads: 1, Hosts: int64(len(w.Ingress))}
	var cpu, memory, gpu, initCPU, initMemory int64
	for cname, c := range w.Containers {
		asks := c.Resources
		if asks.MemoryMiB == 0 {
			asks.MemoryMiB = asks.MemoryMaxMiB
		}
		if asks.MemoryMiB == 0 && len(p.Defaults) > 0 {
			asks.MemoryMiB = mebibytes(p.Defaults[diag.At("workloads", name, "containers", cname, "resources", "memory").String()])
		}
		gpu += int64(asks.GPU)
		if c.Role == plan.Init {
			initCPU, initMemory = max(initCPU, asks.CPUMillis), max(initMemory, asks.MemoryMiB)
		} else {
			cpu, memory = cpu+asks.CPUMillis, memory+asks.MemoryMiB
		}
		for _, port := range c.Ports {
			if port.Expose == "public" {
				a.PublicPorts++
			}
		}
	}
	cpu, memory = max(cpu, initCPU), max(memory, initMemory)
	var storage int64
	for _, v := range w.Volumes {
		if v.Persistent != nil {
			storage += v.Persistent.SizeMiB
		}
	}
	n := int64(w.Replicas)
	if w.Autoscale != nil {
		n = int64(w.Autoscale.Min)
	}
	most := max(int64(w.MostReplicas()), n)
	if w.Kind == plan.Daemon {
		n, most = 1, 1
	}
	a.Copies, a.CPUMillis, a.MemoryMiB, a.StorageMiB, a.GPU = n, n*cpu, n*memory, n*storage, n*gpu
	a.Most = Most{most, most * cpu, most * memory, most * storage, most * gpu}
	return a
}

// mebibytes reads an amount as [plan.Size] writes it; 0 for another text.
func mebibytes(text string) int64 {
	for unit, factor := range map[string]int64{"Mi": 1, "Gi": 1024} {
		if digits, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err == nil {
				return n * factor
			}
		}
	}
	return 0
}

// registryOf is the registry of an image's reference: its first part where that has a dot or a
// colon or is localhost, and Docker's own otherwise (distribution/reference v0.6,
// splitDockerDomain, checked 2026-11-29).
func registryOf(image string) string {
	first, _, ok := strings.Cut(image, "/")
	switch {
	case !ok || !strings.ContainsAny(first, ".:") && first != "localhost":
		return "docker.io"
	case first == "index.docker.io":
		return "docker.io"
	}
	return first
}
