package providertest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var describing = []fault{
	{"no provider", "info", "nil", func() provider.Provider { return nil }},
	{"a name that authors cannot write", "info", "Sound 2", info(func(i *provider.Info) { i.Name = "Sound 2" })},
	{"no documentation", "info", "no Doc", info(func(i *provider.Info) { i.Doc = "" })},
	{"a URL that is none", "info", "URL", info(func(i *provider.Info) { i.URL = "sound docs" })},
	{"a clock in Info", "info", "not the same", info(func(i *provider.Info) { i.Doc += fmt.Sprint(ticks.Add(1)) })},
	{"no table", "support", "empty", info(func(i *provider.Info) { i.Support = nil })},
	{"a field that the spec does not have", "support", "replicsa", row(provider.Support{Field: "workloads.replicsa", Level: provider.Exact, How: "so"})},
	{"a row twice", "support", "twice", row(provider.Support{Field: "workloads", Level: provider.Exact, How: "another thing"})},
	{"a level that is none", "support", "no level", row(provider.Support{Field: "id", Level: "maybe", How: "so"})},
	{"a row with a full stop", "support", "full stop", row(provider.Support{Field: "id", Level: provider.Exact, How: "So."})},
	{"a rule without a doc", "rules", "hosts: has no Doc", rule(provider.RuleInfo{Name: "hosts", Source: "sound docs"})},
	{"a rule without a source", "rules", "hosts: has no Source", rule(provider.RuleInfo{Name: "hosts", Doc: "hosts are names"})},
	{"a rule without a name", "rules", "no name of a rule", rule(provider.RuleInfo{Name: "Hosts", Doc: "hosts are names", Source: "sound docs"})},
	{"two rules of one name", "rules", "areas: stands twice", rule(provider.RuleInfo{Name: "areas", Doc: "areas are names", Source: "sound docs"})},
	{"a starter that is no YAML", "info", "the starter of sound", info(func(i *provider.Info) { i.Starter = []byte("web: {") })},
	{"a schema that CUE cannot read", "schema", "", schema("#Tenant: schema", "#Tenant: schema schema")},
	{"a schema without a Tenant", "schema", "", schema("#Tenant:", "#Spec:")},
	{"a schema that refuses what is portable", "schema", "several.yaml is refused", schema(`provider!: "sound"`, `provider!: "sound", workloads!: [string]: replicas: 1`)},
	{"a schema that refuses extensions of others", "schema", "another provider are refused", schema("#Tenant & {", "#Tenant & {extensions?: elsewhere?: area!: string} & {")},
	{"an extension that is open", "extension", "of a tenant is taken", schema("extensions?: sound?: #TenantExtension", "extensions?: sound?: {area?: string}")},
	{"no extension of workloads", "extension", "of a workload is taken", schema("workloads!: [string]: extensions?: sound?: #WorkloadExtension", "")},
}

var judging = []fault{
	{"Validate panics on an odd plan", "calls", "panicked", but(func(f *faulty) {
		f.validate = func(ctx context.Context, p *plan.Plan) (diag.List, error) {
			for _, w := range p.Workloads {
				for _, c := range w.Containers {
					_ = c.Args[:min(1, len(c.Args))][0][:0]
					return f.sound.Validate(ctx, p)
				}
			}
			return nil, nil
		}
	})},
	{"Validate blocks", "calls", "did not return", but(func(f *faulty) {
		f.validate = func(context.Context, *plan.Plan) (diag.List, error) { select {} }
	})},
	{"Validate fails where the spec is at fault", "calls", "on a schedule", but(func(f *faulty) {
		f.validate = func(ctx context.Context, p *plan.Plan) (diag.List, error) {
			for name, w := range p.Workloads {
				if w.Kind == plan.Cron {
					return nil, fmt.Errorf("workload %s is on a schedule", name)
				}
			}
			return f.sound.Validate(ctx, p)
		}
	})},
	{"Validate refuses everything", "minimal", "refuses", saying(func(diags *diag.List, p *plan.Plan) {
		for name := range plan.Sorted(p.Workloads) {
			diags.Errorf(diag.Unsupported, diag.At("workloads", name), "no workloads here")
		}
	})},
	{"Validate does not look at its context", "context", "Validate", but(func(f *faulty) {
		f.validate = func(_ context.Context, p *plan.Plan) (diag.List, error) {
			return f.sound.Validate(context.Background(), p)
		}
	})},
	{"Destroy tries again for as long as it fails", "context", "did not return", but(func(f *faulty) {
		f.destroy = func(ctx context.Context, id string) (provider.Result, error) {
			for {
				if res, err := f.sound.Destroy(ctx, id); err == nil {
					return res, nil
				}
				time.Sleep(time.Millisecond)
			}
		}
	})},
	{"Validate fills in a default", "pure", "Validate changes", but(func(f *faulty) {
		f.validate = func(ctx context.Context, p *plan.Plan) (diag.List, error) {
			for name, w := range p.Workloads {
				w.Timezone = "UTC"
				p.Workloads[name] = w
			}
			return f.sound.Validate(ctx, p)
		}
	})},
	{"Render changes a nested map", "pure", "Render changes", rendering(func(p *plan.Plan, files []provider.File) []provider.File {
		for _, w := range p.Workloads {
			for _, c := range w.Containers {
				if c.Env != nil {
					c.Env["TENANT"] = plan.EnvValue{Value: &p.ID}
				}
			}
		}
		return files
	})},
	{"a path of the plan", "diagnostics", "no path of the spec", saying(func(diags *diag.List, p *plan.Plan) {
		for name := range plan.Sorted(p.Workloads) {
			diags.Approximate("stopGrace", diag.At("workloads", name, "stopGraceSeconds"), "the grace is another")
		}
	})},
	{"a path of an extension that has no such field", "diagnostics", "no path of the spec", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Approximate("labels", diag.At("extensions", "sound", "aera"), "the area is another")
	})},
	{"a path to a workload that is not there", "diagnostics", "does not have", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Approximate("replicas", diag.At("workloads", "nobody", "replicas"), "one copy")
	})},
	{"no path", "diagnostics", "no path", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Approximate("labels", nil, "no labels")
	})},
	{"a code of its own", "diagnostics", "SND001", saying(func(diags *diag.List, p *plan.Plan) {
		if len(p.Labels) > 0 {
			diags.Errorf("SND001", diag.At("labels"), "no labels")
		}
	})},
	{"a concept of its own", "diagnostics", "no concept", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Approximate("sound", diag.At("id"), "the id is loud")
	})},
	{"a warning that nobody can accept", "diagnostics", "is a warning", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Errorf(diag.Unsupported, diag.At("id"), "ids are ignored").Severity = diag.Warning
	})},
	{"a severity of its own", "diagnostics", "severity", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Errorf(diag.Unsupported, diag.At("id"), "ids are ignored").Severity = "hint"
	})},
	{"a message with a full stop", "diagnostics", "full stop", saying(func(diags *diag.List, p *plan.Plan) {
		diags.Approximate("labels", diag.At("id"), "Labels are ignored.")
	})},
	{"the order of a map", "deterministic", "at another", saying(func(diags *diag.List, p *plan.Plan) {
		for name := range p.Workloads {
			diags.Approximate("replicas", diag.At("workloads", name), "one machine for all")
		}
	})},
}
