package plan_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// realPlans returns the plans of testdata/plans, which the command made.
func realPlans(t *testing.T) []plan.Plan {
	t.Helper()
	files, err := filepath.Glob("../../testdata/plans/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no plans", err)
	}
	var plans []plan.Plan
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for d := json.NewDecoder(f); ; {
			var p plan.Plan
			d.DisallowUnknownFields()
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			plans = append(plans, p)
		}
	}
	return plans
}

func TestPlanReadsBackEqual(t *testing.T) {
	for _, want := range realPlans(t) {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got plan.Plan
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.ID, diff)
		}
		changes, err := plan.Diff(&want, &got)
		if err != nil || len(changes) > 0 {
			t.Errorf("%s differs from itself: %v, %v", want.ID, changes, err)
		}
	}
}

func TestDiff(t *testing.T) {
	five := 5
	app := func(image string) map[string]plan.Container {
		return map[string]plan.Container{"app": {Image: image, Args: []string{"a"}}}
	}
	from := &plan.Plan{ID: "acme", Workloads: map[string]plan.Workload{
		"web": {Replicas: 2, Containers: app("nginx:1.28"), Restart: plan.Restart{Attempts: &five}},
		"old": {Replicas: 1},
	}}
	to := &plan.Plan{ID: "acme", Workloads: map[string]plan.Workload{
		"web": {Replicas: 3, Containers: app("nginx:1.29")},
		"new": {Replicas: 1},
	}}
	changes, err := plan.Diff(from, to)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Path string
		Kind plan.ChangeKind
	}
	var got []line
	for _, c := range changes {
		got = append(got, line{c.Path.String(), c.Kind})
	}
	want := []line{
		{"workloads.new", plan.Added},
		{"workloads.old", plan.Removed},
		{"workloads.web.containers.app.image", plan.Changed},
		{"workloads.web.replicas", plan.Changed},
		{"workloads.web.restart.attempts", plan.Removed},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestExtensionIsCanonical(t *testing.T) {
	var e plan.Extension
	if err := json.Unmarshal([]byte(` { "b" : 1.50, "a": "<&>" } `), &e); err != nil {
		t.Fatal(err)
	}
	if want := plan.Extension(`{"a":"<&>","b":1.50}`); e != want {
		t.Errorf("%s, not %s", e, want)
	}
	var into struct{ A string }
	if err := e.Decode(&into); err == nil {
		t.Error("an unknown field is read")
	}
}

func TestExtensionFields(t *testing.T) {
	for text, want := range map[string][]string{
		``:   nil,
		`{}`: nil,
		`{"a":1,"b":{"c":"}\\",\"d\":"},"e f\"":["g",{"h":1}]}`: {"a", "b", `e f"`},
		`{"a`:   nil,
		`{"a\`:  nil,
		`["a"]`: nil,
	} {
		if diff := cmp.Diff(want, plan.Extension(text).Fields()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestSpecPath(t *testing.T) {
	p := &plan.Plan{Provider: "nomad"}
	tests := map[string]string{
		"workloads.web.containers.app.resources.cpuMillis": "workloads.web.containers.app.resources.cpu",
		"workloads.web.stopGraceSeconds":                   "workloads.web.stopGrace",
		"workloads.web.extension.priority":                 "workloads.web.extensions.nomad.priority",
		"extension.region":                                 "extensions.nomad.region",
		"workloads.extension.replicas":                     "workloads.extension.replicas",
	}
	for from, want := range tests {
		if got := p.SpecPath(diag.Path(strings.Split(from, "."))).String(); got != want {
			t.Errorf("%s: %s, not %s", from, got, want)
		}
	}
}
