package ecs

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestTenants renders the real-looking tenants that ECS takes, twice to the same bytes.
func TestTenants(t *testing.T) {
	p := New()
	reg, err := provider.NewRegistry(p)
	if err != nil {
		t.Fatal(err)
	}
	plans, _, err := compile.Compile(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{Paths: []string{"../../testdata/tenants/ecs"}})
	if err != nil || len(plans) == 0 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	for _, pl := range plans {
		files, err := p.Render(t.Context(), pl)
		if err != nil {
			t.Errorf("%s: %v", pl.ID, err)
		}
		again, _ := p.Render(t.Context(), pl)
		for i, f := range files {
			if !json.Valid(f.Data) || !bytes.HasSuffix(f.Data, []byte("}\n")) || bytes.Contains(f.Data, []byte(": null")) {
				t.Errorf("%s: %s is no document", pl.ID, f.Name)
			}
			if f.Name != again[i].Name || !bytes.Equal(f.Data, again[i].Data) {
				t.Errorf("%s: %s is another at the second time", pl.ID, f.Name)
			}
		}
	}
}

func TestNames(t *testing.T) {
	names := func(id, wname string, extension plan.Extension) []string {
		all, err := New().Names(&plan.Plan{ID: id, Extension: extension, Workloads: map[string]plan.Workload{wname: {Kind: plan.Service}}})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, n := range all {
			list = append(list, n.Scope+": "+n.Name+" of "+n.Path.String())
		}
		return list
	}
	for _, tt := range []struct {
		why       string
		extension plan.Extension
		want      []string
	}{
		{"of the default cluster", "", []string{
			"task definition: acme-web-api of workloads.web-api",
			"service of cluster default: acme-web-api of workloads.web-api"}},
		{"of a cluster whose place is known", `{"cluster":"arn:aws:ecs:eu-central-1:123456789012:cluster/main"}`, []string{
			"task definition of 123456789012 in eu-central-1: acme-web-api of workloads.web-api",
			"service of cluster main of 123456789012 in eu-central-1: acme-web-api of workloads.web-api"}},
	} {
		if got := names("acme", "web-api", tt.extension); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q", tt.why, got)
		}
		one, other := names("acme", "web-api", tt.extension), names("acme-web", "api", tt.extension)
		for i := range one {
			if a, _, _ := strings.Cut(one[i], " of workloads"); !strings.HasPrefix(other[i], a) {
				t.Errorf("%s: %s and %s do not meet", tt.why, one[i], other[i])
			}
		}
	}
}

func TestShellQuote(t *testing.T) {
	for word, want := range map[string]string{
		"/config_1/app.toml": "/config_1/app.toml",
		"/a b":               "'/a b'",
		"/it's $HOME":        `'/it'"'"'s $HOME'`,
		"/é\n":               "'/é\n'",
	} {
		if got := shellQuote(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
