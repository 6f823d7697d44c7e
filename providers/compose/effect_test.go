package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestEffect updates a tenant and checks the effects of the changes.
func TestEffect(t *testing.T) {
	was := compiled(t, `
id: acme
provider: compose
secrets: {db: {path: DB}, idle: {path: IDLE}}
config: {app: {app.toml: "a = 1"}, idle: {x: "1"}}
workloads:
  web:
    volumes: {data: {persistent: {size: 1Gi}}}
    containers:
      app: {image: "nginx:1.28", env: {DB: {secret: db}}, mounts: {/etc/app: {config: app}, /data: {volume: data}}}
`)
	is := compiled(t, `
id: acme
provider: compose
secrets: {db: {path: DATABASE}, idle: {path: STILL_IDLE}}
config: {app: {app.toml: "a = 2"}, idle: {x: "2"}}
extensions: {compose: {address: 0.0.0.0, project: other}}
workloads:
  web:
    replicas: 0
    accept: [volumes]
    rollout: {maxSurge: 1}
    volumes: {data: {persistent: {size: 2Gi}}}
    containers:
      app: {image: "nginx:1.29", env: {DB: {secret: db}}, mounts: {/etc/app: {config: app}, /data: {volume: data}}, dependsOn: {first: completed}}
      first: {image: "busybox:1.37", role: init}
  api: {containers: {app: {image: "ghcr.io/acme/api:2"}}}
`)
	p := New()
	if _, err := p.Provision(t.Context(), was); err != nil {
		t.Fatal(err)
	}
	res, err := p.Update(t.Context(), is)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]provider.Effect{}
	for _, c := range res.Changes {
		got[c.Path.String()] = c.Effect
	}
	want := map[string]provider.Effect{
		"config.app.\"app.toml\"":                       provider.Replacement,
		"config.idle.x":                                 provider.EffectNone,
		"extension":                                     provider.DataLoss,
		"secrets.db.path":                               provider.Replacement,
		"secrets.idle.path":                             provider.EffectNone,
		"workloads.api":                                 provider.EffectCreate,
		"workloads.web.accept":                          provider.EffectNone,
		"workloads.web.containers.app.dependsOn":        provider.InPlace,
		"workloads.web.containers.app.image":            provider.Replacement,
		"workloads.web.containers.first":                provider.Replacement,
		"workloads.web.replicas":                        provider.InPlace,
		"workloads.web.rollout":                         provider.EffectNone,
		"workloads.web.volumes.data.persistent.sizeMiB": provider.EffectNone,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestNames: a project is named after its tenant, unless the extension names it.
func TestNames(t *testing.T) {
	for spec, want := range map[string]provider.NativeName{
		`{id: acme, provider: compose, workloads: {web: {containers: {app: {image: "nginx:1.29"}}}}}`: {
			Scope: "compose project", Name: "acme", Path: []string{"id"}},
		`{id: acme, provider: compose, extensions: {compose: {project: eu}}, workloads: {web: {containers: {app: {image: "nginx:1.29"}}}}}`: {
			Scope: "compose project", Name: "eu", Path: []string{"extensions", "compose", "project"}},
	} {
		got, err := New().Names(compiled(t, spec))
		if diff := cmp.Diff([]provider.NativeName{want}, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
}

// TestCheckSchema: the schema can be compiled.
func TestCheckSchema(t *testing.T) {
	if err := compile.CheckSchema(New()); err != nil {
		t.Error(err)
	}
}

func compiled(t *testing.T, spec string) *plan.Plan {
	t.Helper()
	reg, err := provider.NewRegistry(New())
	if err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(spec), Lang: "yaml"}
	plans, diags, err := compile.Compile(t.Context(), reg, compile.Options{}, in)
	if err != nil || diags.HasErrors() || len(plans) != 1 {
		t.Fatal(plans, diags, err)
	}
	return plans[0]
}
