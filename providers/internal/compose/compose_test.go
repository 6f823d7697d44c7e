package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

// TestEffect updates a tenant and reads what its changes mean.
func TestEffect(t *testing.T) {
	was := compiled(t, `{id: acme, provider: compose, workloads: {web: {containers: {app: {image: "nginx:1.28"}}}}}`)
	is := compiled(t, `{id: acme, provider: compose, workloads: {
		web: {replicas: 2, containers: {app: {image: "nginx:1.29"}}}, api: {containers: {app: {image: "ghcr.io/acme/api:2"}}}}}`)
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
		"workloads.api":                      provider.EffectCreate,
		"workloads.web.replicas":             provider.InPlace,
		"workloads.web.containers.app.image": provider.Replacement,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func compiled(t *testing.T, spec string) *plan.Plan {
	t.Helper()
	reg, err := provider.NewRegistry(New())
	if err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(spec), Lang: "yaml"}
	plans, diags, err := compile.Compile(t.Context(), reg, in)
	if err != nil || len(diags) > 0 || len(plans) != 1 {
		t.Fatal(plans, diags, err)
	}
	return plans[0]
}
