// Package kubernetes compiles tenants to Kubernetes 1.37, for an API server with the default
// feature gates.
package kubernetes

import (
	"context"
	"embed"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const name = "kubernetes"

//go:embed *.cue
var schema embed.FS

//go:embed tenant.shape
var precompiled string

// Provider is the Kubernetes provider.
type Provider struct{ *provider.Recorder }

var _ provider.Renderer = (*Provider)(nil)

// New returns the provider, with nothing recorded.
func New() *Provider {
	return &Provider{provider.NewRecorder(name, table.Effect, advise).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider.
func (*Provider) Info() provider.Info { return info }

// info is made once, because Info is called for each tenant.
var info = provider.Info{
	Name: name,
	Doc:  "Kubernetes 1.37: Deployments, StatefulSets, Jobs and CronJobs, with the Services, Ingresses and ConfigMaps that they need",
	URL:  "https://kubernetes.io/docs/",
	Schema: provider.Schema{
		ImportPath: "github.com/cuecompute/cuecompute/providers/kubernetes",
		Files:      schema,
		Compiled:   precompiled,
	},
	Support: table.Support(),
	Rules:   rules.List(),
}

// Validate returns what Kubernetes would refuse or do otherwise than written.
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{tenant: t, List: t.DanglingSecrets()}
	err = rules.Validate(ctx, c, t.Workloads)
	return c.List, err
}

// tenant is a plan for Kubernetes.
type tenant struct {
	*provider.DecodedTenant[tenantExtension, *workload]
}

// workload is a workload of the plan, with what all rules and objects need.
type workload struct {
	provider.DecodedWorkload[workloadExtension]
	tenant *tenant
	native string // the name of its objects

	// Computed on demand.
	stages     map[string]stage // by container
	containers []container      // by name
}

func decode(p *plan.Plan) (*tenant, error) {
	t := &tenant{}
	var err error
	t.DecodedTenant, err = provider.Decode(&extensions, p, func(w provider.DecodedWorkload[workloadExtension]) *workload {
		return &workload{DecodedWorkload: w, tenant: t, native: nativeName(p.ID, w.Name)}
	})
	return t, err
}

type container struct {
	name string
	plan.Container
}

// all yields the containers by name.
func (w *workload) all(yield func(string, *plan.Container) bool) {
	if w.containers == nil {
		w.containers = make([]container, 0, len(w.Containers))
		for n, ctr := range plan.Sorted(w.Containers) {
			w.containers = append(w.containers, container{n, ctr})
		}
	}
	for i := range w.containers {
		if ctr := &w.containers[i]; !yield(ctr.name, &ctr.Container) {
			return
		}
	}
}
