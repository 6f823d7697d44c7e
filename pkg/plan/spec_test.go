package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestSpecChange: a change is reported as an author would write it.
func TestSpecChange(t *testing.T) {
	text := func(s string) plan.EnvValue { return plan.EnvValue{Value: &s} }
	from := func(c plan.Container) plan.Workload {
		return plan.Workload{Containers: map[string]plan.Container{"app": c}}
	}
	ingress := func(in plan.Ingress) plan.Workload { return plan.Workload{Ingress: []plan.Ingress{in}} }
	env := func(e plan.EnvValue) plan.Workload {
		return from(plan.Container{Env: map[string]plan.EnvValue{"sizeMiB": e}})
	}
	type want struct {
		Path     string
		Kind     plan.ChangeKind
		Old, New any
	}
	for _, test := range []struct {
		why      string
		old, now plan.Workload
		want     want
	}{
		{"millicores", from(plan.Container{Resources: plan.Resources{CPUMillis: 250}}), from(plan.Container{Resources: plan.Resources{CPUMillis: 2000}}),
			want{"containers.app.resources.cpu", plan.Changed, "250m", "2"}},
		{"mebibytes", from(plan.Container{Resources: plan.Resources{MemoryMiB: 512}}), from(plan.Container{Resources: plan.Resources{MemoryMiB: 2048}}),
			want{"containers.app.resources.memory", plan.Changed, "512Mi", "2Gi"}},
		{"durations", plan.Workload{StopGraceSeconds: 90}, plan.Workload{StopGraceSeconds: 3600}, want{"stopGrace", plan.Changed, "1m30s", "1h"}},
		{"percentages", plan.Workload{Rollout: &plan.Rollout{MaxSurge: &plan.Count{N: 25, Percent: true}}}, plan.Workload{Rollout: &plan.Rollout{MaxSurge: &plan.Count{N: 1}}},
			want{"rollout.maxSurge", plan.Changed, "25%", int64(1)}},
		{"a variable's text, whatever the name", env(text("1")), env(text("2")), want{"containers.app.env.sizeMiB", plan.Changed, "1", "2"}},
		{"a variable's other form", env(text("1")), env(plan.EnvValue{Secret: "db"}),
			want{"containers.app.env.sizeMiB", plan.Changed, "1", map[string]any{"secret": "db"}}},
		{"an endpoint is one text", env(plan.EnvValue{Endpoint: &plan.Endpoint{Workload: "a", Port: "x"}}), env(plan.EnvValue{Endpoint: &plan.Endpoint{Workload: "b", Port: "y"}}),
			want{"containers.app.env.sizeMiB.endpoint", plan.Changed, "a.x", "b.y"}},
		{"capabilities", from(plan.Container{Security: &plan.Security{DropCapabilities: []string{"ALL"}}}), from(plan.Container{Security: &plan.Security{DropCapabilities: []string{"SYSLOG"}}}),
			want{"containers.app.security.capabilities.drop[0]", plan.Changed, "ALL", "SYSLOG"}},
		{"a certificate", ingress(plan.Ingress{TLS: true}), ingress(plan.Ingress{TLS: true, TLSSecret: "tls"}),
			want{"ingress[0].tls", plan.Changed, true, map[string]any{"secret": "tls"}}},
		{"an extension", plan.Workload{}, plan.Workload{Extension: `{"priority":80,"share":0.5}`},
			want{"extensions.nomad", plan.Added, nil, map[string]any{"priority": int64(80), "share": 0.5}}},
		{"a secret's value", from(plan.Container{Args: []string{"--password", "hunter2"}}), from(plan.Container{Args: []string{"--password", "hunter3"}}),
			want{"containers.app.args[1]", plan.Changed, "***", "***"}},
	} {
		a := &plan.Plan{ID: "acme", Provider: "nomad", Workloads: map[string]plan.Workload{"web": test.old}}
		b := &plan.Plan{ID: "acme", Provider: "nomad", Workloads: map[string]plan.Workload{"web": test.now}}
		changes, err := plan.Diff(a, b)
		if err != nil || len(changes) == 0 {
			t.Fatalf("%s: %v, %v", test.why, changes, err)
		}
		words, err := plan.NewSpec(a, b)
		if err != nil {
			t.Fatal(err)
		}
		test.want.Path = "workloads.web." + test.want.Path
		for _, c := range changes {
			if c.Old == "hunter2" || c.New == "hunter3" {
				t.Errorf("%s: the difference tells %v, %v", test.why, c.Old, c.New)
			}
			got := words.Change(c)
			if diff := cmp.Diff(test.want, want{got.Path.String(), got.Kind, got.Old, got.New}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.why, diff)
			}
		}
	}
}

// TestSpecOfRealPlans: every path of a plan exists in the plan's own spec.
func TestSpecOfRealPlans(t *testing.T) {
	for _, p := range realPlans(t) {
		changes, err := plan.Diff(&plan.Plan{ID: p.ID, Provider: p.Provider}, &p)
		if err != nil {
			t.Fatal(err)
		}
		empty := p
		empty.Labels, empty.Secrets, empty.Config, empty.Workloads, empty.Extension = nil, nil, nil, nil, ""
		words, err := plan.NewSpec(&empty, &p)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			for _, leaf := range c.Leaves() {
				if got := words.Change(leaf); leaf.Kind == plan.Added && got.New == nil {
					t.Errorf("%s: %s is told as %s %s", p.ID, leaf.Path, got.Kind, got.Path)
				}
			}
		}
	}
}

func TestLeaves(t *testing.T) {
	empty := plan.Change{Kind: plan.Added, New: map[string]any{"rollout": map[string]any{}}}
	if got := empty.Leaves(); len(got) > 0 {
		t.Errorf("an empty struct holds %v", got)
	}
	c := plan.Change{Kind: plan.Removed, Old: map[string]any{"b": []any{"x"}, "a": map[string]any{"c": int64(1)}}}
	var got []string
	for _, leaf := range c.Leaves() {
		if leaf.New != nil || leaf.Old == nil {
			t.Errorf("%s: %v, %v", leaf.Path, leaf.Old, leaf.New)
		}
		got = append(got, leaf.Path.String())
	}
	if diff := cmp.Diff([]string{"a.c", "b"}, got); diff != "" {
		t.Errorf("leaves (-want +got):\n%s", diff)
	}
}
