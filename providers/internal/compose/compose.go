// Package compose is the walk of providers/README.md: a provider for Docker Compose, as
// small as one can be. It is not registered, since a whole one has a rule for each field
// that Compose lacks.
package compose

import (
	"context"
	"embed"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

//go:embed *.cue
var schemaFiles embed.FS

// Provider compiles tenants to Compose projects: one service a workload.
type Provider struct{ *provider.Recorder }

var _ provider.Provider = (*Provider)(nil)

// New makes the provider, with an empty memory.
func New() *Provider {
	return &Provider{provider.NewRecorder("compose", effect)}
}

// Info describes the provider; see [provider.Provider].
func (*Provider) Info() provider.Info {
	return provider.Info{
		Name: "compose",
		Doc:  "Docker Compose: a service for each workload, on one machine",
		URL:  "https://docs.docker.com/compose/",
		Schema: provider.Schema{
			ImportPath: "github.com/cuecompute/cuecompute/providers/internal/compose",
			Files:      schemaFiles,
		},
	}
}

// rules is everything that Compose asks of a workload and CUE does not say.
var rules = []func(*diag.List, workload){schedule, spread, hostPorts}

// workload is one workload under check, with its extension and its place.
type workload struct {
	plan.Workload
	ext  extension
	path diag.Path
}

// extension is compose.cue's #WorkloadExtension.
type extension struct {
	HostPorts map[string]int `json:"hostPorts"`
}

// Validate returns what Compose would refuse or do otherwise than written; see [provider.Provider].
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	var diags diag.List
	for name, w := range plan.Sorted(p.Workloads) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		wl := workload{Workload: w, path: diag.At("workloads", name)}
		if err := w.Extension.Decode(&wl.ext); err != nil {
			return nil, fmt.Errorf("extensions.compose of workload %s: %w", name, err)
		}
		for _, rule := range rules {
			rule(&diags, wl)
		}
	}
	return diags, nil
}

// schedule: the Compose file has no field for one (compose-spec, 05-services.md).
func schedule(diags *diag.List, w workload) {
	if w.Kind == plan.Cron {
		d := diags.Errorf(diag.Unsupported, w.path.To("kind"), "compose starts nothing on a schedule")
		d.Help = `use kind "job", and have the machine's own cron start it`
	}
}

// spread: all copies run on the one machine that the engine runs on.
func spread(diags *diag.List, w workload) {
	if w.Placement != nil && w.Placement.Spread {
		d := diags.Approximate("placement", w.path.To("placement", "spread"), "compose runs all copies on one machine")
		d.Help = "leave spread out, or list placement in the workload's accept"
	}
}

// hostPorts: what is placed has to be there, and to be public.
func hostPorts(diags *diag.List, w workload) {
	ports := w.Ports()
	for name, number := range plan.Sorted(w.ext.HostPorts) {
		at := w.path.To("extensions", "compose", "hostPorts", name)
		switch port, ok := ports[name]; {
		case !ok:
			diags.Errorf(diag.UnknownName, at, "no port %q", name)
		case port.Expose != "public":
			d := diags.Errorf(diag.Conflict, at, "port %q is %s, and cannot stand at the machine's port %d", name, port.Expose, number)
			d.Help = `set the port's expose to "public", or take it out of hostPorts`
		}
	}
}

// effect says what a change of the plan means to Compose, which makes a container anew
// where the hash of its service changes (docker/compose, ServiceHash in pkg/compose/hash.go).
func effect(_, _ *plan.Plan, c plan.Change) provider.Effect {
	one := c.Path.Within("workloads") && len(c.Path) == 2
	switch {
	case one && c.Kind == plan.Added:
		return provider.EffectCreate
	case one && c.Kind == plan.Removed:
		return provider.EffectDestroy
	case c.Path.Within("workloads.*.accept"):
		return provider.EffectNone
	case c.Path.Within("workloads.*.replicas"):
		return provider.InPlace // not in the hash
	}
	return provider.Replacement
}
