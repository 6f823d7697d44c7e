package compose

import (
	"cmp"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// tenantExtension is compose.cue's #TenantExtension.
type tenantExtension struct {
	Project    string                 `json:"project"`
	Address    string                 `json:"address"`
	PauseImage string                 `json:"pauseImage"`
	Secrets    map[string]plan.Secret `json:"secrets"`
}

// workloadExtension is compose.cue's #WorkloadExtension.
type workloadExtension struct {
	HostPorts map[string]int `json:"hostPorts"`
}

// What decodes extensions.
var (
	tenantExtensions   plan.Extensions[tenantExtension]
	workloadExtensions plan.Extensions[workloadExtension]
)

// decode reads the plan's extensions with their defaults: the tenant's, and those of its
// workloads in order.
func decode(p *plan.Plan) (tenantExtension, []workload, error) {
	shared, err := tenantExtensions.Decode(p.Extension)
	if err != nil {
		return tenantExtension{}, nil, fmt.Errorf("extensions.compose: %w", err)
	}
	ext := *shared
	ext.Project = cmp.Or(ext.Project, p.ID)
	ext.Address = cmp.Or(ext.Address, "127.0.0.1")
	ext.PauseImage = cmp.Or(ext.PauseImage, "registry.k8s.io/pause:3.10.2")
	var workloads []workload
	for name, w := range plan.Sorted(p.Workloads) {
		wl := workload{Workload: w, name: name, path: diag.At("workloads", name)}
		if wl.ext, err = workloadExtensions.Decode(w.Extension); err != nil {
			return ext, nil, fmt.Errorf("extensions.compose of workload %s: %w", name, err)
		}
		workloads = append(workloads, wl)
	}
	return ext, workloads, nil
}
