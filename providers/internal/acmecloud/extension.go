package acmecloud

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
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

// extensions decodes both over their defaults.
var extensions = provider.Extensions[tenantExtension, workloadExtension]{
	Tenant:   plan.Extensions[tenantExtension]{Defaults: func() tenantExtension { return tenantExtension{Region: "north"} }},
	Workload: plan.Extensions[workloadExtension]{Defaults: func() workloadExtension { return workloadExtension{Priority: 50} }},
	Secrets:  func(x *tenantExtension) map[string]plan.Secret { return x.Secrets },
}

// tenant is a plan for Acmecloud, and workload one of its workloads.
type (
	tenant   = provider.DecodedTenant[tenantExtension, *workload]
	workload struct {
		provider.DecodedWorkload[workloadExtension]
	}
)

func decode(p *plan.Plan) (*tenant, error) {
	return provider.Decode(&extensions, p, func(w provider.DecodedWorkload[workloadExtension]) *workload { return &workload{w} })
}
