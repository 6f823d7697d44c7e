// Package compose compiles tenants to Compose files, so that authors can try a tenant on their
// own machine with docker compose up. It needs docker compose 2.23.1 or later, which makes
// files from texts in the Compose file (compose-spec, 08-configs.md).
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

// docs is the address of the Compose file's reference.
const docs = "https://docs.docker.com/reference/compose-file/"

// Provider compiles tenants to Compose projects: one service a container.
type Provider struct{ *provider.Recorder }

var _ provider.Provider = (*Provider)(nil)

// New makes the provider, with an empty memory.
func New() *Provider {
	return &Provider{provider.NewRecorder("compose", table.Effect).WithDocuments(documents)}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info { return info }

// info is made once, because Info is called for each tenant.
var info = provider.Info{
	Name:    "compose",
	Doc:     "Docker Compose: services on one machine, to try a tenant on a laptop",
	URL:     "https://docs.docker.com/compose/",
	Support: table.Support(),
	Rules:   rules.List(),
	Starter: starter,
	Schema: provider.Schema{
		ImportPath: "github.com/cuecompute/cuecompute/providers/compose",
		Files:      schemaFiles,
		Compiled:   precompiled,
	},
}

// Validate returns what Compose would refuse or do differently; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{tenant: t, List: t.DanglingSecrets(), taken: map[hostPort]diag.Path{}}
	err = rules.Validate(ctx, c, t.Workloads)
	return c.List, err
}
