package acmecloud

import (
	"cmp"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// tenantExtension is acmecloud.cue's #TenantExtension.
type tenantExtension struct {
	Region  string                 `json:"region"`
	Secrets map[string]plan.Secret `json:"secrets"`
}

// workloadExtension is acmecloud.cue's #WorkloadExtension.
type workloadExtension struct {
	Priority int `json:"priority"`
}

// workload is one workload, with its name, its extension and its place.
type workload struct {
	plan.Workload
	name string
	ext  workloadExtension
	path diag.Path
}

// decode reads the plan's extensions with their defaults: the tenant's, and those of its
// workloads in order.
func decode(p *plan.Plan) (tenantExtension, []workload, error) {
	var ext tenantExtension
	if err := p.Extension.Decode(&ext); err != nil {
		return ext, nil, fmt.Errorf("extensions.acmecloud: %w", err)
	}
	ext.Region = cmp.Or(ext.Region, "north")
	var workloads []workload
	for name, w := range plan.Sorted(p.Workloads) {
		wl := workload{Workload: w, name: name, path: diag.At("workloads", name)}
		if err := w.Extension.Decode(&wl.ext); err != nil {
			return ext, nil, fmt.Errorf("extensions.acmecloud of workload %s: %w", name, err)
		}
		wl.ext.Priority = cmp.Or(wl.ext.Priority, 50)
		workloads = append(workloads, wl)
	}
	return ext, workloads, nil
}
