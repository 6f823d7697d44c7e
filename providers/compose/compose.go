// Package compose compiles tenants to Compose files, so that an author tries a tenant on
// a machine of one's own with docker compose up. It takes docker compose 2.23.1 or later,
// which makes files of texts in the Compose file (compose-spec, 08-configs.md).
package compose

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

// docs is where the pages of the Compose file's reference stand.
const docs = "https://docs.docker.com/reference/compose-file/"

// Provider compiles tenants to Compose projects: one service a container.
type Provider struct{ *provider.Recorder }

var _ provider.Provider = (*Provider)(nil)

// New makes the provider, with an empty memory.
func New() *Provider {
	return &Provider{provider.NewRecorder("compose", effect).WithDocuments(documents)}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info {
	return provider.Info{
		Name:    "compose",
		Doc:     "Docker Compose: services on one machine, to try a tenant on a laptop",
		URL:     "https://docs.docker.com/compose/",
		Support: support,
		Starter: starter,
		Schema: provider.Schema{
			ImportPath: "github.com/cuecompute/cuecompute/providers/compose",
			Files:      schemaFiles,
			Compiled:   precompiled,
		},
	}
}

// rules is everything that Compose asks of a workload and CUE does not say.
var rules = []func(*check, workload){
	schedule,
	restartPolicy,
	askedJobs,
	repeatedInits,
	restartedMachine,
	companions,
	copies,
	autoscale,
	rollout,
	placement,
	hostPorts,
	takenPorts,
	hiddenPorts,
	ingress,
	dependencies,
	timings,
	checks,
	amounts,
	volumes,
	emptiedVolumes,
	rootOwnedVolumes,
	writableRoots,
	emptyFiles,
	nestedMounts,
	stopSignals,
	users,
	capabilities,
}

// check gathers the diagnostics of one plan.
type check struct {
	diag.List
	plan *plan.Plan
	ext  tenantExtension

	// taken are the machine's ports that earlier workloads publish theirs at.
	taken map[hostPort]diag.Path
}

// workload is one workload, with its name, its extension and its place.
type workload struct {
	plan.Workload
	name string
	ext  *workloadExtension
	path diag.Path
}

// container returns the place of a container.
func (w workload) container(name string) diag.Path { return w.path.To("containers", name) }

// Validate returns what Compose would refuse or do otherwise than written; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	ext, workloads, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{plan: p, ext: ext, taken: map[hostPort]diag.Path{}}
	labels(c)
	secrets(c)
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
