// Package acmecloud compiles tenants to Acmecloud.
package acmecloud

import (
	"context"
	"embed"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

//go:embed *.cue
var schemaFiles embed.FS

// Provider compiles tenants to Acmecloud.
type Provider struct{ *provider.Recorder }

var _ provider.Provider = (*Provider)(nil)

// New makes the provider, with an empty memory.
func New() *Provider {
	return &Provider{provider.NewRecorder("acmecloud", table.Effect).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info { return info }

// info is made once: Info is called for each tenant.
var info = provider.Info{
	Name:    "acmecloud",
	Doc:     "Acmecloud: say here in one sentence what a tenant compiles to",
	URL:     "https://docs.example.com/acmecloud/",
	Support: table.Support(),
	Rules:   rules.List(),
	Schema: provider.Schema{
		ImportPath: "github.com/cuecompute/cuecompute/providers/internal/acmecloud",
		Files:      schemaFiles,
	},
}

// Validate returns what Acmecloud would refuse or do otherwise than written; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{tenant: t, List: t.DanglingSecrets()}
	err = rules.Validate(ctx, c, t.Workloads)
	return c.List, err
}
