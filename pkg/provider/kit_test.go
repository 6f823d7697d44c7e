package provider_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

type (
	area struct {
		Area    string                 `json:"area"`
		Secrets map[string]plan.Secret `json:"secrets"`
	}
	notes struct {
		Note string `json:"note"`
	}
	unit struct {
		provider.DecodedWorkload[notes]
	}
)

var areas = provider.Extensions[area, notes]{
	Tenant:  plan.Extensions[area]{Defaults: func() area { return area{Area: "north"} }},
	Secrets: func(a *area) map[string]plan.Secret { return a.Secrets },
}

func decode(p *plan.Plan) (*provider.DecodedTenant[area, *unit], error) {
	return provider.Decode(&areas, p, func(w provider.DecodedWorkload[notes]) *unit { return &unit{w} })
}

// kitPlan has a service, a job and a cron; the service and the job read a secret and a file.
func kitPlan() *plan.Plan {
	reader := map[string]plan.Container{"app": {
		Env:    map[string]plan.EnvValue{"DB": {Secret: "db"}, "FILE": {Config: "app", File: "a"}},
		Mounts: map[string]plan.Mount{"/etc/app": {Config: "dir"}},
	}}
	return &plan.Plan{
		ID: "acme", Provider: "sound", Secrets: map[string]plan.Secret{"db": {Path: "there", Key: "k"}},
		Workloads: map[string]plan.Workload{
			"web":     {Kind: plan.Service, Containers: reader, Extension: `{"note":"hello"}`},
			"import":  {Kind: plan.Job, Containers: reader},
			"nightly": {Kind: plan.Cron},
		},
	}
}

func TestDecode(t *testing.T) {
	p := kitPlan()
	p.Extension = `{"secrets":{"db":{"path":"elsewhere"},"none":{"path":"x"}}}`
	tenant, err := decode(p)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range tenant.Workloads {
		got = append(got, w.Name+" "+string(w.Kind)+" "+w.Ext.Note+" "+w.At("kind").String())
	}
	want := []string{"import job  workloads.import.kind", "nightly cron  workloads.nightly.kind", "web service hello workloads.web.kind"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	web, ok := tenant.Find("web")
	if _, other := tenant.Find("wob"); !ok || other || web.Name != "web" {
		t.Errorf("web is %v, wob is found: %v", web, other)
	}
	if tenant.Ext.Area != "north" || tenant.Secrets["db"] != (plan.Secret{Path: "elsewhere", Key: "k"}) {
		t.Errorf("extension %+v, secrets %v", tenant.Ext, tenant.Secrets)
	}
	if d := tenant.DanglingSecrets(); len(d) != 1 || d[0].Path.String() != "extensions.sound.secrets.none" {
		t.Errorf("dangling: %v", d)
	}
	for path, want := range map[string]diag.Path{
		"extensions.sound.area":                tenant.AtExtension("area"),
		"workloads.web.extensions.sound.note":  web.AtExtension("note"),
		"workloads.web.containers.app.env.DB":  web.AtContainer("app", "env", "DB"),
		"workloads.web.containers.app":         web.AtContainer("app"),
		"extensions.sound.secrets.db":          tenant.AtExtension("secrets", "db"),
		"workloads.web.extensions.sound.a.b.c": web.AtExtension("a", "b", "c"),
	} {
		if want.String() != path {
			t.Errorf("%s, not %s", want, path)
		}
	}
	for _, broken := range []func(*plan.Plan){
		func(p *plan.Plan) { p.Extension = `{"erea":"x"}` },
		func(p *plan.Plan) { p.Workloads["nightly"] = plan.Workload{Extension: `{"note":1}`} },
	} {
		p := kitPlan()
		broken(p)
		if _, err := decode(p); err == nil || !strings.Contains(err.Error(), "extensions.sound") {
			t.Errorf("what the schema does not admit: %v", err)
		}
	}
}

func TestRules(t *testing.T) {
	var ran []string
	ctx, cancel := context.WithCancel(t.Context())
	rules := provider.Rules[*[]string, *unit]{
		Tenant: []provider.Rule[func(*[]string)]{{Name: "whole", Doc: "a", Source: "b", Check: func(c *[]string) { *c = append(*c, "whole") }}},
		Workload: []provider.Rule[func(*[]string, *unit)]{{Name: "each", Doc: "c", Source: "d", Check: func(c *[]string, w *unit) {
			if *c = append(*c, w.Name); w.Name == "nightly" {
				cancel()
			}
		}}},
	}
	tenant, err := decode(kitPlan())
	if err != nil {
		t.Fatal(err)
	}
	if err := rules.Validate(ctx, &ran, tenant.Workloads); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is done while rules run: %v", err)
	}
	if diff := cmp.Diff([]string{"whole", "import", "nightly"}, ran); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]provider.RuleInfo{{Name: "whole", Doc: "a", Source: "b"}, {Name: "each", Doc: "c", Source: "d"}}, rules.List()); diff != "" {
		t.Error(diff)
	}
}

var kitTable = provider.Table{
	{Field: "secrets", Level: provider.Exact, How: "so", Effect: provider.OnReaders(provider.Rolling)},
	{Field: "config", Effect: provider.OnReaders(provider.InPlace)},
	{Field: "workloads", Level: provider.Exact, How: "so", Effect: provider.Rolling},
	{Field: "workloads.kind", When: "cron", Level: provider.Unsupported, How: "not so"},
	{Field: "workloads.replicas", Effect: provider.InPlace},
	{Field: "workloads.volumes.persistent.size", Effect: provider.EffectFunc(func(c provider.Changed) provider.Effect {
		if c.Workload == "web" && c.Path[3] == "data" && c.Kind == plan.Added {
			return provider.DataLoss
		}
		return provider.EffectNone
	})},
	{Field: "extensions.sound", Effect: provider.ByKind{Service: provider.InPlace, Job: provider.EffectNone, Cron: provider.EffectNone}},
	{Field: "extensions.sound.secrets", Effect: provider.OnReaders(provider.Replacement)},
}

// TestTableEffect: the nearest row with an effect, at or above a field, applies, and a change
// of the tenant has the worst of its effects on workloads.
func TestTableEffect(t *testing.T) {
	to := kitPlan()
	to.Workloads["new"] = plan.Workload{Kind: plan.Service, Containers: map[string]plan.Container{"app": {Env: map[string]plan.EnvValue{"X": {Secret: "new"}}}}}
	for path, want := range map[string]provider.Effect{
		"workloads.web.containers.app.image":                  provider.Rolling,
		"workloads.import.containers.app.image":               provider.Replacement,
		"workloads.nightly.containers.app.image":              provider.InPlace,
		"workloads.nightly.kind":                              provider.InPlace,
		"workloads.web.replicas":                              provider.InPlace,
		"workloads.web.volumes.data.persistent.sizeMiB":       provider.DataLoss,
		"workloads.web.volumes.other.persistent.sizeMiB":      provider.EffectNone,
		"secrets.db.path":                                     provider.Replacement, // the job's
		"secrets.new.path":                                    provider.EffectNone,  // of a new workload
		"config.app.a":                                        provider.InPlace,
		"config.app.b":                                        provider.EffectNone,
		"config.dir.anything":                                 provider.InPlace,
		"extension.area":                                      provider.InPlace,
		"extension.secrets.db.path":                           provider.Replacement,
		"extension.secrets.unread.path":                       provider.EffectNone,
		"labels.team":                                         provider.EffectUnknown,
		"workloads.web.containers.app.ports.replicas.number":  provider.Rolling, // a port's name is not a field
		"workloads.web.containers.app.health.intervalSeconds": provider.Rolling,
	} {
		c := plan.Change{Path: strings.Split(path, "."), Kind: plan.Added, New: "x"}
		if got := kitTable.Effect(kitPlan(), to, c); got != want {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
	whole := plan.Change{Path: diag.At("workloads", "web"), Kind: plan.Changed, New: "x"}
	if got := kitTable.EffectOn("web", kitPlan(), to, whole); got != provider.Rolling {
		t.Errorf("a workload: %s", got)
	}
}

func TestTableSupport(t *testing.T) {
	want := []provider.Support{
		{Field: "secrets", Level: provider.Exact, How: "so"},
		{Field: "workloads", Level: provider.Exact, How: "so"},
		{Field: "workloads.kind", When: "cron", Level: provider.Unsupported, How: "not so"},
	}
	if diff := cmp.Diff(want, kitTable.Support()); diff != "" {
		t.Error(diff)
	}
}

func TestEndpoint(t *testing.T) {
	p := kitPlan()
	p.Workloads["db"] = plan.Workload{Containers: map[string]plan.Container{"pg": {Ports: map[string]plan.Port{"pg": {Number: 5432}}}}}
	v := plan.EnvValue{Endpoint: &plan.Endpoint{Workload: "db", Port: "pg"}, Format: "pg://{host}:{port}/{host}?{x}"}
	if got := provider.Endpoint(p, v, "acme-db"); got != "pg://acme-db:5432/acme-db?{x}" {
		t.Error(got)
	}
}
