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
	return &Provider{provider.NewRecorder("acmecloud", effect).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info {
	return provider.Info{
		Name:    "acmecloud",
		Doc:     "Acmecloud: say here in one sentence what a tenant compiles to",
		URL:     "https://docs.example.com/acmecloud/",
		Support: support,
		Schema: provider.Schema{
			ImportPath: "github.com/cuecompute/cuecompute/providers/internal/acmecloud",
			Files:      schemaFiles,
		},
	}
}

// rules is everything that Acmecloud asks of a workload and CUE does not say.
var rules = []func(*check, workload){schedule}

// check gathers the diagnostics of one plan.
type check struct {
	diag.List
	plan *plan.Plan
	ext  tenantExtension
}

// Validate returns what Acmecloud would refuse or do otherwise than written; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	ext, workloads, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{plan: p, ext: ext}
	_, c.List = provider.Secrets(p, ext.Secrets)
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

// schedule: name the page of the platform's documentation, or the file of its code, that
// says so.
func schedule(c *check, w workload) {
	if w.Kind == plan.Cron {
		d := c.Errorf(diag.Unsupported, w.path.To("kind"), "acmecloud starts nothing on a schedule")
		d.Help = `use kind "job", and start it from elsewhere`
	}
}
