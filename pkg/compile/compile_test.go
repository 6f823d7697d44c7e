package compile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

func registry(t testing.TB) *provider.Registry {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// compileText compiles the text of one file.
func compileText(t testing.TB, name, text string) ([]*plan.Plan, diag.List) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	plans, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{}, compile.Input{Paths: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	return plans, diags
}

// TestShortForms: a short form means the long form with the schema's defaults.
func TestShortForms(t *testing.T) {
	const head = "id: acme\nprovider: kubernetes\n"
	tests := []struct{ reason, short, long string }{
		{"a port is a number, or a struct with one",
			`workloads: {web: {containers: {app: {image: "a:1", ports: {http: 8080}}}}}`,
			`workloads: {web: {containers: {app: {image: "a:1", ports: {http: {port: 8080}}}}}}`},
		{"restart is a policy, or a struct with one",
			`workloads: {web: {restart: always, containers: {app: {image: "a:1"}}}}`,
			`workloads: {web: {restart: {policy: always}, containers: {app: {image: "a:1"}}}}`},
		{"an amount of processor is millicores, a text or a number",
			`workloads: {web: {containers: {app: {image: "a:1", resources: {cpu: 0.25, cpuMax: 1.5}}}}}`,
			`workloads: {web: {containers: {app: {image: "a:1", resources: {cpu: "250m", cpuMax: "1.5"}}}}}`},
		{"what has a default is left out",
			`workloads: {web: {containers: {app: {image: "a:1"}}}}`,
			`workloads: {web: {kind: service, replicas: 1, restart: always, stopGrace: 30s, containers: {app: {image: "a:1", role: main}}}}`},
	}
	for _, tt := range tests {
		short, diags := compileText(t, "t.yaml", head+tt.short)
		if len(diags) > 0 {
			t.Errorf("%s: %v", tt.reason, diags)
		}
		long, diags := compileText(t, "t.yaml", head+tt.long)
		if len(diags) > 0 {
			t.Errorf("%s: %v", tt.reason, diags)
		}
		if diff := cmp.Diff(short, long, cmpopts.IgnoreFields(plan.Workload{}, "Written")); diff != "" {
			t.Errorf("%s (-short +long):\n%s", tt.reason, diff)
		}
	}
}

// TestLanguagesAgree compiles one tenant in each language.
func TestLanguagesAgree(t *testing.T) {
	yaml, diags := compileText(t, "t.yaml", `
id: acme
provider: kubernetes
workloads:
  nightly:
    kind: cron
    schedule: "0 3 * * *"
    containers: {run: {image: "ghcr.io/acme/run:1", args: ["$HOME", "{{x}}", "50%"], env: {N: 7, F: 1.50, B: true}}}
`)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	cue, diags := compileText(t, "t.cue", `
id:       "acme"
provider: "kubernetes"
workloads: nightly: {
	kind:     "cron"
	schedule: "0 3 * * *"
	containers: run: {
		image: "ghcr.io/acme/run:\(len([1]))"
		args: ["$HOME", "{{x}}", "50%"]
		env: {N: 7, F: 1.50, B: true}
	}
}
`)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	json, diags := compileText(t, "t.json", `{"id": "acme", "provider": "kubernetes", "workloads": {"nightly": {"kind": "cron", "schedule": "0 3 * * *",
"containers": {"run": {"image": "ghcr.io/acme/run:1", "args": ["$HOME", "{{x}}", "50%"], "env": {"N": 7, "F": 1.50, "B": true}}}}}}`)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if diff := cmp.Diff(yaml, cue); diff != "" {
		t.Errorf("(-yaml +cue):\n%s", diff)
	}
	if diff := cmp.Diff(yaml, json); diff != "" {
		t.Errorf("(-yaml +json):\n%s", diff)
	}
}

// TestJobsDoNotShow compiles all real tenants one at a time and many at once.
func TestJobsDoNotShow(t *testing.T) {
	compileAll := func(jobs int) []*plan.Plan {
		in := compile.Input{Paths: []string{"../../testdata/tenants/..."}, Jobs: jobs}
		plans, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{}, in)
		if err != nil || diags.HasErrors() {
			t.Fatal(err, diags)
		}
		return plans
	}
	if diff := cmp.Diff(compileAll(1), compileAll(7)); diff != "" {
		t.Errorf("(-one +many):\n%s", diff)
	}
}

func TestCompileEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := compile.Compile(ctx, registry(t), compile.Options{}, compile.Input{Paths: []string{"../../testdata/tenants/..."}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
