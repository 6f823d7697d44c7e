// Package kubernetes compiles tenants to Kubernetes 1.37, as its API server takes
// them with the feature gates at their defaults.
package kubernetes

import (
	"context"
	"embed"
	"fmt"

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
	return &Provider{provider.NewRecorder(name, effect, advise).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider.
func (*Provider) Info() provider.Info {
	return provider.Info{
		Name: name,
		Doc:  "Kubernetes 1.37: Deployments, StatefulSets, Jobs and CronJobs, with the Services, Ingresses and ConfigMaps that they need",
		URL:  "https://kubernetes.io/docs/",
		Schema: provider.Schema{
			ImportPath: "github.com/cuecompute/cuecompute/providers/kubernetes",
			Files:      schema,
			Compiled:   precompiled,
		},
		Support: support,
	}
}

// tenantRules are the rules on what the workloads share.
var tenantRules = []func(*check){
	labels,
	secrets,
	configs,
	collisions,
}

// workloadRules are the rules on one workload.
var workloadRules = []func(*check, *workload){
	names,
	dependencies,
	probes,
	stopSignals,
	users,
	windowsSecurity,
	privileges,
	amounts,
	ports,
	sharedNumbers,
	ingresses,
	services,
	volumes,
	nestedMounts,
	owners,
	placement,
	tolerations,
	spreads,
	restarts,
	clocks,
	rollouts,
	autoscaling,
	disruptions,
	drains,
	annotations,
	extensionFields,
}

// Validate returns what Kubernetes would refuse or do otherwise than written.
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t, diags, err := newTenant(p)
	if err != nil {
		return nil, err
	}
	c := &check{List: diags, tenant: t}
	for _, rule := range tenantRules {
		rule(c)
	}
	for _, w := range t.workloads {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, rule := range workloadRules {
			rule(c, w)
		}
	}
	return c.List, nil
}

// check is one tenant under validation, and what was found.
type check struct {
	diag.List
	*tenant
}

// tenant is a plan, with what every rule and every object asks of it.
type tenant struct {
	plan      *plan.Plan
	ext       *tenantExtension
	secrets   map[string]plan.Secret // with this provider's overrides
	workloads []*workload            // by name
}

// newTenant reads a plan; the diagnostics are of overrides for no secret.
func newTenant(p *plan.Plan) (*tenant, diag.List, error) {
	t := &tenant{plan: p, workloads: make([]*workload, 0, len(p.Workloads))}
	var err error
	if t.ext, err = tenantExtensions.Decode(p.Extension); err != nil {
		return nil, nil, fmt.Errorf("extensions.%s of %s: %w", name, p.ID, err)
	}
	for n, w := range plan.Sorted(p.Workloads) {
		v := &workload{Workload: w, tenant: t, name: n, native: nativeName(p.ID, n), path: diag.At("workloads", n)}
		if v.ext, err = workloadExtensions.Decode(w.Extension); err != nil {
			return nil, nil, fmt.Errorf("workload %s of %s: %w", n, p.ID, err)
		}
		t.workloads = append(t.workloads, v)
	}
	var diags diag.List
	t.secrets, diags = provider.Secrets(p, t.ext.Secrets)
	return t, diags, nil
}

// workload is a workload of the plan, with what every rule and every object asks of it.
type workload struct {
	plan.Workload
	tenant *tenant
	name   string
	native string // the name of its objects
	path   diag.Path
	ext    *workloadExtension

	// What is worked out when it is first asked for.
	stages     map[string]stage // by container
	containers []container      // by name
}

type container struct {
	name string
	plan.Container
}

// all walks the containers by name.
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

// at is the path of a field of the workload.
func (w *workload) at(elems ...any) diag.Path { return w.path.To(elems...) }

// atExtension is the path of a field of the workload's extension.
func (w *workload) atExtension(elems ...any) diag.Path {
	return w.at("extensions", name).To(elems...)
}
