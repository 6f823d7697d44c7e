package providertest_test

import (
	"context"
	"encoding/json"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// sound keeps every promise. Faulty providers are sound but for one thing.
type sound struct{ *provider.Recorder }

var _ provider.Renderer = sound{}

func newSound() sound {
	return sound{provider.NewRecorder("sound", func(_, _ *plan.Plan, _ plan.Change) provider.Effect { return provider.Rolling })}
}

const soundSchema = `package sound

import "github.com/cuecompute/cuecompute/schema"

#Tenant: schema.#Tenant & {
	provider!: "sound"
	extensions?: sound?: #TenantExtension
	workloads!: [string]: extensions?: sound?: #WorkloadExtension
}

// #TenantExtension is what the platform alone knows about a tenant.
#TenantExtension: {
	// area is where the tenant runs. Example: "north".
	area?: string
}

// #WorkloadExtension is what the platform alone knows about a workload.
#WorkloadExtension: {
	// notes are for people. Example: "owner: "payments"".
	notes?: [string]: string
}
`

func (sound) Info() provider.Info {
	return provider.Info{
		Name:   "sound",
		Doc:    "a platform that takes nearly everything",
		URL:    "https://example.com/sound",
		Schema: provider.Schema{ImportPath: "example.com/sound", Files: cueFile(soundSchema)},
		Support: []provider.Support{
			{Field: "workloads", Level: provider.Exact, How: "a thing"},
			{Field: "workloads.kind", When: "cron", Level: provider.Unsupported, How: "nothing starts on a schedule", Instead: "use a job"},
		},
		Rules: []provider.RuleInfo{{Name: "areas", Doc: "an area is a name", Source: "sound docs"}},
	}
}

func cueFile(text string) fstest.MapFS {
	return fstest.MapFS{"sound.cue": {Data: []byte(text)}}
}

func (sound) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	var diags diag.List
	for name, w := range plan.Sorted(p.Workloads) {
		at := diag.At("workloads", name)
		if w.Kind == plan.Cron {
			diags.Errorf(diag.Unsupported, at.To("kind"), "nothing starts on a schedule")
		}
		if len(w.Containers) > 0 && w.Replicas > 1 {
			diags.Approximate("replicas", at.To("replicas"), "copies share one machine")
		}
	}
	return diags, ctx.Err()
}

func (sound) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	var files []provider.File
	for name, w := range plan.Sorted(p.Workloads) {
		text, err := json.Marshal(w)
		if err != nil {
			return nil, err
		}
		files = append(files, provider.File{Name: name + ".json", Data: append(text, '\n')})
	}
	return files, ctx.Err()
}

func (sound) Names(p *plan.Plan) ([]provider.NativeName, error) {
	var names []provider.NativeName
	for name := range plan.Sorted(p.Workloads) {
		names = append(names, provider.NativeName{Scope: "thing", Name: p.ID + "-" + name, Path: diag.At("workloads", name)})
	}
	return names, nil
}
