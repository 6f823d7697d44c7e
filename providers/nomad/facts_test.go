package nomad

import (
	"maps"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

func TestNativeName(t *testing.T) {
	long := strings.Repeat("a", 30)
	if got := nativeName(long, long); len(got) > 63 {
		t.Errorf("%q has %d characters, more than a service's name may", got, len(got))
	}
}

func TestMHz(t *testing.T) {
	for _, test := range []struct{ cpuMillis, perCore, want int64 }{
		{0, 1000, 100}, {250, 1000, 250}, {333, 2600, 866}, {1, 500, 1}, {1500, 2400, 3600},
	} {
		if got := mhz(test.cpuMillis, test.perCore); got != test.want {
			t.Errorf("mhz(%d, %d) = %d, want %d", test.cpuMillis, test.perCore, got, test.want)
		}
	}
}

func TestMemoryOf(t *testing.T) {
	for _, test := range []struct {
		in          plan.Resources
		mib, maxMiB int64
	}{
		{plan.Resources{}, 300, 300},
		{plan.Resources{MemoryMiB: 512}, 512, 512},
		{plan.Resources{MemoryMaxMiB: 512}, 512, 512},
		{plan.Resources{MemoryMiB: 256, MemoryMaxMiB: 512}, 256, 512},
	} {
		if mib, maxMiB := memoryOf(test.in); mib != test.mib || maxMiB != test.maxMiB {
			t.Errorf("memoryOf(%+v) = %d, %d, want %d, %d", test.in, mib, maxMiB, test.mib, test.maxMiB)
		}
	}
}

func TestRestartOf(t *testing.T) {
	attempts := func(n int) *int { return &n }
	for _, test := range []struct {
		why string
		in  plan.Workload
		at  restartPace
		out restart
	}{
		{"a service for ever", plan.Workload{Kind: plan.Service, Restart: plan.Restart{Policy: plan.RestartAlways}}, restartPace{},
			restart{Attempts: 1, Interval: 15, Delay: 15, Mode: "delay"}},
		{"a day holds few attempts", plan.Workload{Kind: plan.Job, Restart: plan.Restart{Policy: plan.RestartOnFailure}}, restartPace{},
			restart{Attempts: 3, Interval: 86400, Delay: 15, Mode: "fail"}},
		{"many attempts need longer", plan.Workload{Kind: plan.Service, Restart: plan.Restart{Policy: plan.RestartAlways, Attempts: attempts(10000)}}, restartPace{},
			restart{Attempts: 10000, Interval: 150000, Delay: 15, Mode: "fail"}},
		{"never", plan.Workload{Kind: plan.Job, Restart: plan.Restart{Policy: plan.RestartNever, Attempts: attempts(3)}}, restartPace{},
			restart{Attempts: 0, Interval: 86400, Delay: 15, Mode: "fail"}},
	} {
		if got := restartOf(test.in, test.at); got != test.out {
			t.Errorf("%s: %+v, want %+v", test.why, got, test.out)
		}
	}
}

func TestUpdateOf(t *testing.T) {
	for _, test := range []struct {
		why string
		in  plan.Workload
		out update
	}{
		{"nomad's own", plan.Workload{Replicas: 3}, update{MaxParallel: 1, MinHealthy: 10, Healthy: 300, Progress: 600}},
		{"a share is rounded down", plan.Workload{Replicas: 7, Rollout: &plan.Rollout{MaxUnavailable: &plan.Count{N: 30, Percent: true}}},
			update{MaxParallel: 2, MinHealthy: 10, Healthy: 300, Progress: 600}},
		{"none missing", plan.Workload{Replicas: 3, Rollout: &plan.Rollout{MaxUnavailable: &plan.Count{}}},
			update{MaxParallel: 1, Canary: 3, MinHealthy: 10, Healthy: 300, Progress: 600}},
		{"a short deadline", plan.Workload{Replicas: 1, Rollout: &plan.Rollout{HealthyDeadlineSeconds: 1}},
			update{MaxParallel: 1, MinHealthy: 0, Healthy: 1, Progress: 600}},
		{"long ones", plan.Workload{Replicas: 1, StopGraceSeconds: 3600, Rollout: &plan.Rollout{HealthyDeadlineSeconds: 1200}},
			update{MaxParallel: 1, MinHealthy: 10, Healthy: 1200, Progress: 3600}},
		{"a slow start has its time", plan.Workload{Replicas: 1, Containers: map[string]plan.Container{
			"app":  {Role: plan.Main, Health: &plan.Check{StartDelaySeconds: 600}},
			"init": {Role: plan.Init, Health: &plan.Check{StartDelaySeconds: 6000}},
		}}, update{MaxParallel: 1, MinHealthy: 10, Healthy: 900, Progress: 960}},
	} {
		if got := updateOf(test.in, updatePace{}); got != test.out {
			t.Errorf("%s: %+v, want %+v", test.why, got, test.out)
		}
	}
}

func TestStages(t *testing.T) {
	main := func(on map[string]string) plan.Container { return plan.Container{Role: plan.Main, DependsOn: on} }
	for _, test := range []struct {
		why  string
		in   plan.Workload
		want map[string]stage
	}{
		{"roles alone", plan.Workload{Kind: plan.Service, Containers: map[string]plan.Container{
			"a": {Role: plan.Init}, "b": {Role: plan.Sidecar}, "c": main(nil),
		}}, map[string]stage{"a": prestart, "b": prestart, "c": mainStage}},
		{"two mains in order", plan.Workload{Kind: plan.Service, Containers: map[string]plan.Container{
			"a": main(nil), "b": main(map[string]string{"a": "started"}),
		}}, map[string]stage{"a": mainStage, "b": poststart}},
		{"three mains in order", plan.Workload{Kind: plan.Service, Containers: map[string]plan.Container{
			"a": main(nil), "b": main(map[string]string{"a": "started"}), "c": main(map[string]string{"b": "started"}),
		}}, map[string]stage{"a": prestart, "b": mainStage, "c": poststart}},
		{"a job's main that completes", plan.Workload{Kind: plan.Job, Containers: map[string]plan.Container{
			"a": main(nil), "b": main(map[string]string{"a": "completed"}),
		}}, map[string]stage{"a": prestart, "b": mainStage}},
		{"a cycle ends", plan.Workload{Kind: plan.Job, Containers: map[string]plan.Container{
			"a": main(map[string]string{"b": "started"}), "b": main(map[string]string{"a": "started"}),
		}}, map[string]stage{"a": poststart, "b": poststart}},
	} {
		if got := stages(test.in); !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.why, got, test.want)
		}
	}
}

func TestVariablePath(t *testing.T) {
	for path, want := range map[string]bool{
		"acme/db": true, "nomad/jobs": true, "nomad/jobs/acme-web/web/app": true, "nomad/job-templates/a": true, "nomadic": true,
		"": false, "nomad": false, "nomad/acme": false, "nomad/job-templates": false, "nomad/job-templates/a/b": false, "a.b": false, "a@b": false,
	} {
		if got := variablePath(path); got != want {
			t.Errorf("variablePath(%q) = %t", path, got)
		}
	}
}

func TestLiteral(t *testing.T) {
	for in, want := range map[string]string{
		"$HOME $$ 100% {{x}}": "$HOME $$ 100% {{x}}",
		"${X} $${X} %{if}":    "$${X} $$${X} %%{if}",
		"\ufeffa":             `${"\ufeffa"}`,
		"\r$${\"\\\n":         `${"\u000d\u0024\u0024{\u0022\u005c\u000a"}`,
	} {
		if got := literal(in); got != want {
			t.Errorf("literal(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestEnvText(t *testing.T) {
	for in, want := range map[string]string{
		"":               `""`,
		"a {{{ b }} <&>": `"a \u007b\u007b{ b }} <&>"`,
		"\"\n\\#":        `"\"\n\\#"`,
	} {
		if got := envText(in); got != want {
			t.Errorf("envText(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestFormatted(t *testing.T) {
	for in, want := range map[string]string{
		"{host}:{port}":          `printf "%s:%d" .Address .Port`,
		"{port}{host}{{port}} %": `printf "%d%s{%d} %%" .Port .Address .Port`,
	} {
		if got := formatted(in); got != want {
			t.Errorf("formatted(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestHostRule(t *testing.T) {
	for in, want := range map[string]string{
		"acme.example.com": "Host(`acme.example.com`)",
		"*.example.com":    "HostRegexp(`^[a-z0-9-]+\\.example\\.com$`)",
	} {
		if got := hostRule(in); got != want {
			t.Errorf("hostRule(%q) = %s, want %s", in, got, want)
		}
	}
}
