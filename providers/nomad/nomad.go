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

// docs is the address of Nomad's job specification.
const docs = "https://developer.hashicorp.com/nomad/docs/job-specification/"

// Provider compiles tenants to HashiCorp Nomad jobs: a job with one task group for each
// workload, and a task for each container.
type Provider struct{ *provider.Recorder }

var _ provider.Provider = (*Provider)(nil)
var _ provider.Defaulter = (*Provider)(nil)

// New makes the provider, with an empty memory.
func New() *Provider {
	return &Provider{provider.NewRecorder("nomad", table.Effect).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info { return info }

// info is made once, because Info is called for each tenant.
var info = provider.Info{
	Name:    "nomad",
	Doc:     "HashiCorp Nomad: service, batch and periodic jobs with the docker or podman driver",
	URL:     "https://developer.hashicorp.com/nomad/docs",
	Support: table.Support(),
	Rules:   rules.List(),
	Starter: starter,
	Schema: provider.Schema{
		ImportPath: "github.com/cuecompute/cuecompute/providers/nomad",
		Files:      schemaFiles,
		Compiled:   precompiled,
	},
}

// Validate returns what Nomad would refuse or do differently; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{tenant: t, List: t.DanglingSecrets()}
	err = rules.Validate(ctx, c, t.Workloads)
	return c.List, err
}
