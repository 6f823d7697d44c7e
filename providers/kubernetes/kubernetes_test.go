package kubernetes

import (
	"flag"
	"maps"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

var update = flag.Bool("update", false, "write what is rendered to testdata/render")

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

// TestSizes tests limits that are too large to write out in a case.
func TestSizes(t *testing.T) {
	annotated := func(n int) plan.Extension {
		return plan.Extension(`{"podAnnotations":{"a":"` + strings.Repeat("x", n) + `"}}`)
	}
	tests := []struct {
		name        string
		config      int
		annotations int
		want        string
	}{
		{"as much as there may be", maxConfigMapBytes, maxAnnotationsBytes - 1, ""},
		{"a ConfigMap too large", maxConfigMapBytes + 1, 0, "config.app"},
		{"annotations too large", 0, maxAnnotationsBytes, "workloads.web.extensions.kubernetes.podAnnotations"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := acme()
			p.Config["app"] = map[string]string{"a": "", "b": strings.Repeat("x", test.config)}
			edit("web", func(w *plan.Workload, _ *plan.Container) { w.Extension = annotated(test.annotations) })(p)
			for n, w := range p.Workloads {
				w.Restart.Policy = plan.RestartAlways
				if w.Kind != plan.Service {
					w.Restart.Policy = plan.RestartNever
				}
				p.Workloads[n] = w
			}
			diags, err := New().Validate(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" && len(diags) == 0 {
				return
			}
			if len(diags) != 1 || diags[0].Code != diag.OutOfBounds || diags[0].Path.String() != test.want {
				t.Errorf("got %v, want %s alone", diags, test.want)
			}
		})
	}
}

func TestLinuxUser(t *testing.T) {
	tests := map[string]struct {
		want runAs
		ok   bool
	}{
		"0":          {runAs{0, -1}, true},
		"1000:2000":  {runAs{1000, 2000}, true},
		"www-data":   {runAs{0, -1}, false},
		"1000:staff": {runAs{1000, 0}, false},
		"1000:":      {runAs{1000, 0}, false},
		":1000":      {runAs{0, -1}, false},
		"-1":         {runAs{0, -1}, false},
		"1:2:3":      {runAs{1, 0}, false},
	}
	for user, test := range tests {
		if got, ok := linuxUser(user); ok != test.ok || ok && got != test.want {
			t.Errorf("%q: %v, %v", user, got, ok)
		}
	}
}

func TestIsWindowsUser(t *testing.T) {
	tests := map[string]bool{
		"ContainerUser":                        true,
		`NT AUTHORITY\NETWORK SERVICE`:         true,
		`corp.example\svc-web`:                 true,
		"":                                     false,
		"...":                                  false,
		`a\b\c`:                                false,
		`\b`:                                   false,
		`corp\`:                                false,
		"a:b":                                  false,
		strings.Repeat("u", 104):               true,
		strings.Repeat("u", 105):               false,
		strings.Repeat("d", 256) + `\u`:        false,
		"tab\there":                            false,
		`a-netbios-name-of-more-than-15-$\svc`: false,
	}
	for user, want := range tests {
		if got := isWindowsUser(user); got != want {
			t.Errorf("%q: %v", user, got)
		}
	}
}

func TestForbiddenPath(t *testing.T) {
	tests := map[string]string{
		"/": "", "/a.b/..c": "", "/a%2e": "",
		"/a//b": "//", "/./a": "/./", "/a/../b": "/../", "/a%2Fb": "%2F", "/a/.": "/.", "/..": "/..",
	}
	for path, want := range tests {
		if got := forbiddenPath(path); got != want {
			t.Errorf("%q: %q", path, got)
		}
	}
}

func TestStages(t *testing.T) {
	ctr := func(role plan.Role, dependsOn ...string) plan.Container {
		c := plan.Container{Role: role, DependsOn: map[string]string{}}
		for i := 0; i < len(dependsOn); i += 2 {
			c.DependsOn[dependsOn[i]] = dependsOn[i+1]
		}
		return c
	}
	tests := []struct {
		name       string
		kind       plan.Kind
		containers map[string]plan.Container
		want       map[string]stage
	}{
		{
			"by role, where nothing waits", plan.Service,
			map[string]plan.Container{"i": ctr(plan.Init), "s": ctr(plan.Sidecar), "m": ctr(plan.Main)},
			map[string]stage{"i": initStage, "s": sidecarStage, "m": mainStage},
		},
		{
			"a service's main that another waits for", plan.Service,
			map[string]plan.Container{"a": ctr(plan.Main), "b": ctr(plan.Main, "a", started)},
			map[string]stage{"a": sidecarStage, "b": mainStage},
		},
		{
			"a service's sidecar that waits for every main", plan.Service,
			map[string]plan.Container{"m": ctr(plan.Main), "s": ctr(plan.Sidecar, "m", started), "t": ctr(plan.Sidecar)},
			map[string]stage{"m": sidecarStage, "s": mainStage, "t": sidecarStage},
		},
		{
			"a job's main that another waits for to start", plan.Job,
			map[string]plan.Container{"a": ctr(plan.Main), "b": ctr(plan.Main, "a", started)},
			map[string]stage{"a": mainStage, "b": mainStage},
		},
		{
			"a job's main that another waits for to complete", plan.Job,
			map[string]plan.Container{"a": ctr(plan.Main), "b": ctr(plan.Main, "a", completed)},
			map[string]stage{"a": initStage, "b": mainStage},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := stages(plan.Workload{Kind: test.kind, Containers: test.containers})
			if !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
