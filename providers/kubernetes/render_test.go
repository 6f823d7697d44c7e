package kubernetes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestRender(t *testing.T) { providertest.Render(t, New(), "testdata/render", *update) }

// realPlans returns the plans of this provider's tenants.
func realPlans(t testing.TB) []*plan.Plan {
	t.Helper()
	reg, err := provider.NewRegistry(New())
	if err != nil {
		t.Fatal(err)
	}
	plans, _, err := compile.Compile(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{Paths: []string{"../../testdata/tenants/..."}, Providers: reg.Names()})
	if err != nil || len(plans) == 0 {
		t.Fatal("no plans", err)
	}
	return plans
}

// TestNames: two tenants that would share an object, or a Service's pods, share a name.
func TestNames(t *testing.T) {
	plain := func(id string, workloads ...string) *plan.Plan {
		p := &plan.Plan{ID: id, Workloads: map[string]plan.Workload{}}
		for _, w := range workloads {
			p.Workloads[w] = plan.Workload{Kind: plan.Service}
		}
		return p
	}
	stateful := func(p *plan.Plan, volume string) *plan.Plan {
		for n, w := range p.Workloads {
			w.Volumes = map[string]plan.Volume{volume: {Persistent: &plan.Persistent{SizeMiB: 1}}}
			p.Workloads[n] = w
		}
		return p
	}
	job := plain("acme-web", "api")
	job.Workloads["api"] = plan.Workload{Kind: plan.Job}
	config := func(id, name string) *plan.Plan {
		return &plan.Plan{ID: id, Config: map[string]map[string]string{name: nil}}
	}
	elsewhere := plain("acme-web", "api")
	elsewhere.Extension = `{"namespace":"other"}`
	tests := []struct {
		name string
		a, b *plan.Plan
		want string
	}{
		{"one native name", plain("acme", "web-api"), plain("acme-web", "api"), "workloads.web-api service acme-web-api"},
		{"whatever the kind", plain("acme", "web-api"), job, "workloads.web-api service acme-web-api"},
		{"not in another namespace", plain("acme", "web-api"), elsewhere, ""},
		{"different names", plain("acme", "web"), plain("globex", "web"), ""},
		{"a name of the provider's", stateful(plain("acme", "db"), "data"), plain("acme-db", "headless"), "workloads.db service acme-db-headless"},
		{"claims of a StatefulSet", stateful(plain("acme", "x-b-db"), "data"), stateful(plain("b", "db"), "data-acme-x"), "workloads.x-b-db.volumes.data persistent volume claim data-acme-x-b-db"},
		{"configurations", config("acme", "web-app"), config("acme-web", "app"), "config.web-app config map acme-web-app"},
		{"a configuration and a workload", config("acme", "web"), plain("acme", "web"), ""},
	}
	for _, test := range tests {
		taken := map[[2]string]bool{}
		for _, n := range namesOf(t, test.b) {
			taken[[2]string{n.Scope, n.Name}] = true
		}
		var shared []string
		for _, n := range namesOf(t, test.a) {
			if taken[[2]string{n.Scope, n.Name}] {
				kind, _, _ := strings.Cut(n.Scope, " of ")
				shared = append(shared, n.Path.String()+" "+kind+" "+n.Name)
			}
		}
		if diff := cmp.Diff(test.want, strings.Join(shared, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func namesOf(t *testing.T, p *plan.Plan) []provider.NativeName {
	t.Helper()
	names, err := New().Names(p)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestEscape: the admission tests compare the same with the kubelet's own expander.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"":             "",
		"$":            "$",
		"$HOME ${A} $": "$HOME ${A} $",
		"$(A)":         "$$(A)",
		"$$":           "$$$",
		"$$(A)":        "$$$$(A)",
		"$$$":          "$$$$$",
		"(A)$é$(":      "(A)$é$$(",
	} {
		if got := escape(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}
