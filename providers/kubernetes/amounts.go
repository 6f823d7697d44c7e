package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// mebibytes judges an amount.
func (c *check) mebibytes(n int64, at diag.Path) {
	if n > maxMiB {
		d := c.Errorf(diag.OutOfBounds, at, "%s is %d MiB, and kubernetes takes less than 8 EiB", at[len(at)-1], n)
		d.Help = "write a smaller amount"
		d.Docs = "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"
	}
}

func amounts(c *check, w *workload) {
	limit := func(n int64, at ...any) { c.mebibytes(n, w.At(at...)) }
	for n, ctr := range w.all {
		limit(ctr.Resources.MemoryMiB, "containers", n, "resources", "memory")
		limit(ctr.Resources.MemoryMaxMiB, "containers", n, "resources", "memoryMax")
	}
	for n, v := range plan.Sorted(w.Volumes) {
		switch {
		case v.Persistent != nil:
			limit(v.Persistent.SizeMiB, "volumes", n, "persistent", "size")
		case v.Ephemeral != nil:
			limit(v.Ephemeral.SizeMiB, "volumes", n, "ephemeral", "size")
		}
	}
}

// amountRows are the rows of resources.
var amountRows = provider.Table{
	{Field: "workloads.containers.resources.cpu", Level: exact, How: "a request, in millicores"},
	{Field: "workloads.containers.resources.cpuMax", Level: exact, How: "a limit, which is the request too where there is none"},
	{Field: "workloads.containers.resources.memory", Level: exact, How: "a request"},
	{Field: "workloads.containers.resources.memoryMax", Level: exact, How: "a limit, which is the request too where there is none"},
	{Field: "workloads.containers.resources.gpu", Level: exact, How: "a limit of `nvidia.com/gpu`, or of what extensions.kubernetes.gpuResource says"},
}
