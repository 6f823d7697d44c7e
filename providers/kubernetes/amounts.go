package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// maxMiB is the largest amount of memory or storage: ParseQuantity of
// k8s.io/apimachinery, pkg/api/resource, cuts what is more than 63 bits of bytes.
const maxMiB = 1<<43 - 1

func amounts(c *check, w workload) {
	atMost := func(at diag.Path, n int64) {
		if n > maxMiB {
			d := c.Errorf(diag.OutOfBounds, at, "%s is %d MiB, and kubernetes takes less than 8 EiB", at[len(at)-1], n)
			d.Help = "write a smaller amount"
			d.Docs = "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"
		}
	}
	for n, ctr := range plan.Sorted(w.Containers) {
		at := w.at("containers", n, "resources")
		atMost(at.To("memory"), ctr.Resources.MemoryMiB)
		atMost(at.To("memoryMax"), ctr.Resources.MemoryMaxMiB)
	}
	for n, v := range plan.Sorted(w.Volumes) {
		switch at := w.at("volumes", n); {
		case v.Persistent != nil:
			atMost(at.To("persistent", "size"), v.Persistent.SizeMiB)
		case v.Ephemeral != nil:
			atMost(at.To("ephemeral", "size"), v.Ephemeral.SizeMiB)
		}
	}
}
