package acmecloud

import (
	"flag"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

var rewrite = flag.Bool("update", false, "rewrite the rendered files of testdata/render")

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"))
}

func TestSupport(t *testing.T) {
	providertest.Support(t, New(), "testdata", "workloads.schedule", "workloads.timezone", "workloads.concurrency")
}

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

func TestRender(t *testing.T) { providertest.Render(t, New(), "testdata/render", *rewrite) }

func TestCheckSchema(t *testing.T) {
	if err := compile.CheckSchema(New()); err != nil {
		t.Error(err)
	}
}

// TestEffect: copies are added while others run, and replaced for a new image.
func TestEffect(t *testing.T) {
	plans := map[string]*plan.Plan{}
	for name, workload := range map[string]plan.Workload{
		"from": {Replicas: 1, Containers: map[string]plan.Container{"app": {Image: "nginx:1.28"}}},
		"to":   {Replicas: 2, Containers: map[string]plan.Container{"app": {Image: "nginx:1.29"}}},
	} {
		plans[name] = &plan.Plan{ID: "acme", Provider: "acmecloud", Workloads: map[string]plan.Workload{"web": workload}}
	}
	changes, err := New().Changes(plans["from"], plans["to"])
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]provider.Effect{}
	for _, c := range changes {
		got[c.Path.String()] = c.Effect
	}
	want := map[string]provider.Effect{
		"workloads.web.replicas":             provider.InPlace,
		"workloads.web.containers.app.image": provider.Rolling,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
