package compose

import (
	"cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// tenantExtension is compose.cue's #TenantExtension.
type tenantExtension struct {
	Project    string                 `json:"project"`
	Address    string                 `json:"address"`
	PauseImage string                 `json:"pauseImage"`
	Secrets    map[string]plan.Secret `json:"secrets"`
	Patch      provider.Patch         `json:"patch"`
}

// workloadExtension is compose.cue's #WorkloadExtension.
type workloadExtension struct {
	HostPorts map[string]int `json:"hostPorts"`
	Patch     *patch         `json:"patch"`
}

// extensions decodes both with their defaults.
var extensions = provider.Extensions[tenantExtension, workloadExtension]{
	Tenant: plan.Extensions[tenantExtension]{Defaults: func() tenantExtension {
		return tenantExtension{Address: "127.0.0.1", PauseImage: "registry.k8s.io/pause:3.10.2"}
	}},
	Secrets: func(x *tenantExtension) map[string]plan.Secret { return x.Secrets },
}

// tenant is a plan for Compose, and workload one of its workloads.
type (
	tenant   = provider.DecodedTenant[tenantExtension, *workload]
	workload struct {
		provider.DecodedWorkload[workloadExtension]
	}
)

func decode(p *plan.Plan) (*tenant, error) {
	return provider.Decode(&extensions, p, func(w provider.DecodedWorkload[workloadExtension]) *workload { return &workload{w} })
}

// projectOf returns the name of a tenant's project.
func projectOf(t *tenant) string { return cmp.Or(t.Ext.Project, t.Plan.ID) }

// extensionRows are the rows of the extensions' fields. Another project has its own volumes,
// and leaves those of the old one behind.
var extensionRows = provider.Table{
	{Field: "extensions.compose", Effect: replacement},
	{Field: "extensions.compose.project", Effect: provider.EffectFunc(func(c provider.Changed) provider.Effect {
		if was := c.Was(); was.Persists() || was.Shares("") {
			return provider.DataLoss
		}
		return replacement
	})},
	{Field: "extensions.compose.patch", Effect: provider.EffectFunc(patchedFile)},
	{Field: "workloads.extensions.compose.patch", Effect: replacement, Source: "docker/compose, ServiceHash in pkg/compose/hash.go"},
	{Field: "extensions.compose.secrets", Effect: provider.OnReaders(replacement)},
}
