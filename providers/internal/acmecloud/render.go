package acmecloud

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Renderer = (*Provider)(nil)

// app is what Acmecloud runs. Let the platform's own Go types stand in its place, or
// structs of the fields that are written: here a workload stands as the plan has it.
type app struct {
	Name     string                       `json:"name"`
	Region   string                       `json:"region"`
	Priority int                          `json:"priority"`
	Labels   map[string]string            `json:"labels,omitempty"`
	Secrets  map[string]plan.Secret       `json:"secrets,omitempty"`
	Config   map[string]map[string]string `json:"config,omitempty"`
	Volumes  map[string]plan.Persistent   `json:"volumes,omitempty"`
	Runs     plan.Workload                `json:"runs"`
}

// Render returns a document for each workload; see [provider.Renderer].
func (*Provider) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	var files []provider.File
	for _, w := range t.Workloads {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := app{nativeName(p.ID, w.Name), t.Ext.Region, w.Ext.Priority, p.Labels, t.Secrets, p.Config, p.Volumes, runs(w.Workload)}
		data, err := json.MarshalIndent(a, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("workload %s: %w", w.Name, err)
		}
		files = append(files, provider.File{Name: w.Name + ".app.json", Data: append(data, '\n'), Workload: w.Name})
	}
	return files, nil
}

// runs is a workload without what it says of fields that the author left to their defaults:
// the platform does the same either way.
func runs(w plan.Workload) plan.Workload {
	w.Written = nil
	w.Containers = maps.Clone(w.Containers)
	for name, c := range w.Containers {
		for _, check := range []**plan.Check{&c.Health, &c.Ready, &c.Startup} {
			if *check != nil {
				alike := **check
				alike.Written = nil
				*check = &alike
			}
		}
		w.Containers[name] = c
	}
	return w
}

// Names returns the names of the plan's apps; see [provider.Renderer].
func (*Provider) Names(p *plan.Plan) ([]provider.NativeName, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	var names []provider.NativeName
	for _, w := range t.Workloads {
		names = append(names, provider.NativeName{Scope: "app of region " + t.Ext.Region, Name: nativeName(p.ID, w.Name), Path: w.Path})
	}
	return names, nil
}

// nativeName is what a workload is called on the platform. Tenants a and a-b may have
// workloads b-c and c: Names lets the core tell.
func nativeName(tenant, workload string) string { return tenant + "-" + workload }
