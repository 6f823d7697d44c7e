package nomad

import (
	"context"
	"embed"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

//go:embed *.cue
var schemaFiles embed.FS

//go:embed tenant.shape
var precompiled string

//go:embed starter.yaml
var starter []byte

// docs is where the pages of Nomad's job specification stand.
const docs = "https://developer.hashicorp.com/nomad/docs/job-specification/"

// Provider compiles tenants to HashiCorp Nomad jobs: one job a workload, one task
// group a job, one task a container.
type Provider struct{ *provider.Recorder }

var _ provider.Provider = (*Provider)(nil)
var _ provider.Defaulter = (*Provider)(nil)

// New makes the provider, with an empty memory.
func New() *Provider {
	return &Provider{provider.NewRecorder("nomad", effect).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info {
	return provider.Info{
		Name:    "nomad",
		Doc:     "HashiCorp Nomad: service, batch and periodic jobs with the docker or podman driver",
		URL:     "https://developer.hashicorp.com/nomad/docs",
		Support: support,
		Starter: starter,
		Schema: provider.Schema{
			ImportPath: "github.com/cuecompute/cuecompute/providers/nomad",
			Files:      schemaFiles,
			Compiled:   precompiled,
		},
	}
}

// rules is everything that Nomad asks of a workload and CUE does not say.
var rules = []func(*check, workload){
	copies,
	taskNames,
	startOrder,
	schedule,
	clocks,
	concurrency,
	restartPolicy,
	rollout,
	autoscale,
	killTimeout,
	imagePull,
	cpu,
	memory,
	checkRoles,
	checkTimings,
	checkKinds,
	checkPaths,
	redirects,
	readiness,
	startup,
	publicPorts,
	ingress,
	endpoints,
	rotation,
	groupChecks,
	envNames,
	composedTexts,
	interpolatedTexts,
	longTexts,
	stopSignals,
	mountPaths,
	nestedMounts,
	ephemeralVolumes,
	diskOwners,
	persistentVolumes,
	userNotRoot,
	capabilities,
	windows,
	constraints,
	spreads,
	extensionNames,
}

// check gathers the diagnostics of one plan.
type check struct {
	diag.List
	plan *plan.Plan
	ext  tenantExtension
}

// workload is one workload, with its name, its extension and its place.
type workload struct {
	plan.Workload
	name string
	ext  workloadExtension
	path diag.Path
}

// container returns the place of a container.
func (w workload) container(name string) diag.Path { return w.path.To("containers", name) }

// extension returns the place of what the workload says for Nomad alone.
func (w workload) extension(elems ...any) diag.Path {
	return w.path.To("extensions", "nomad").To(elems...)
}

// decode reads the plan's extensions: the tenant's, and those of its workloads in order.
func decode(p *plan.Plan) (tenantExtension, []workload, error) {
	tenant, err := tenantExtensionOf(p)
	if err != nil {
		return tenant, nil, err
	}
	var workloads []workload
	for name, w := range plan.Sorted(p.Workloads) {
		ext, err := workloadExtensionOf(name, w)
		if err != nil {
			return tenant, nil, err
		}
		workloads = append(workloads, workload{Workload: w, name: name, ext: ext, path: diag.At("workloads", name)})
	}
	return tenant, workloads, nil
}

// Validate returns what Nomad would refuse or do otherwise than written; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	ext, workloads, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{plan: p, ext: ext}
	secrets(c)
	registries(c)
	for _, w := range workloads {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, rule := range rules {
			rule(c, w)
		}
	}
	return c.List, nil
}
