package ecs

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

func TestFargateSize(t *testing.T) {
	for _, tt := range []struct {
		why          string
		need, stated size
		want         size
	}{
		{"nothing asked for is the smallest", size{}, size{}, size{256, 512}},
		{"the first row doubles", size{256, 1025}, size{}, size{256, 2048}},
		{"memory can make the cpu larger", size{256, 2049}, size{}, size{512, 3072}},
		{"cpu can make the memory larger", size{1025, 0}, size{}, size{2048, 4096}},
		{"4 vCPU end at 30 GiB", size{0, 30721}, size{}, size{8192, 32768}},
		{"8 vCPU go by 4 GiB", size{8192, 16385}, size{}, size{8192, 20480}},
		{"8 vCPU end at 60 GiB", size{8192, 61441}, size{}, size{16384, 65536}},
		{"16 vCPU go by 8 GiB", size{16384, 32769}, size{}, size{16384, 40960}},
		{"the largest", size{16384, 122880}, size{}, size{16384, 122880}},
		{"too much cpu", size{16385, 0}, size{}, size{}},
		{"too much memory", size{0, 122881}, size{}, size{}},
		{"a stated cpu is kept", size{}, size{1024, 0}, size{1024, 2048}},
		{"a stated memory is kept", size{}, size{0, 8192}, size{1024, 8192}},
		{"a stated pair", size{}, size{4096, 9216}, size{4096, 9216}},
		{"no such pair", size{}, size{8192, 17408}, size{}},
		{"no such cpu", size{}, size{768, 0}, size{}},
		{"no such memory", size{}, size{0, 1536}, size{}},
		{"a stated pair that is too small", size{512, 0}, size{256, 512}, size{}},
	} {
		got, ok := fargateSize(fargateSizes, tt.need, tt.stated)
		if got != tt.want || ok != (tt.want != size{}) {
			t.Errorf("%s: need %v, stated %v: got %v, %v, want %v", tt.why, tt.need, tt.stated, got, ok, tt.want)
		}
	}
	if got, ok := fargateSize(windowsSizes, size{}, size{}); !ok || got != (size{1024, 2048}) {
		t.Errorf("windows starts at 1 vCPU: got %v, %v", got, ok)
	}
}

func TestNeed(t *testing.T) {
	got := need(map[string]plan.Container{
		"app":  {Resources: plan.Resources{CPUMillis: 51, MemoryMiB: 100, MemoryMaxMiB: 900}},
		"init": {Role: plan.Init, Resources: plan.Resources{CPUMillis: 51, MemoryMaxMiB: 200}},
	})
	// 102m are 104.448 units; 100 and 200 MiB are reserved, and one may use 900.
	if want := (size{105, 900}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCPUUnits(t *testing.T) {
	for millis, want := range map[int64]struct {
		units int64
		exact bool
	}{0: {0, true}, 250: {256, true}, 125: {128, true}, 100: {102, false}, 1: {1, false}, 1000: {1024, true}} {
		if units, exact := cpuUnits(millis); units != want.units || exact != want.exact {
			t.Errorf("%dm: got %d, %v, want %d, %v", millis, units, exact, want.units, want.exact)
		}
	}
}

func TestScheduleExpression(t *testing.T) {
	for cron, want := range map[string]string{
		"0 3 * * *":          "cron(0 3 * * ? *)",
		"* * * * *":          "cron(* * * * ? *)",
		"*/15 9-17 * * *":    "cron(0,15,30,45 9-17 * * ? *)",
		"0 0 1,15 * *":       "cron(0 0 1,15 * ? *)",
		"30 6 * * 1-5":       "cron(30 6 ? * MON-FRI *)",
		"0 6 * * 0":          "cron(0 6 ? * SUN *)",
		"0 6 * * sat,sun":    "cron(0 6 ? * SUN,SAT *)",
		"0 0 */10 jan-mar *": "cron(0 0 1,11,21,31 1-3 ? *)",
		"0 0 1-31 * 1":       "cron(0 0 * * ? *)", // either day matches: every day does
		"0 0 1 * 0-6":        "cron(0 0 * * ? *)",
		"5/20 * ? * *":       "cron(5,25,45 * * * ? *)",
	} {
		if got, err := scheduleExpression(cron); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", cron, got, err, want)
		}
	}
	for _, cron := range []string{"0 0 1 * 1", "0 0 */2 * 1", "@daily", "", "0 0 * *"} {
		if got, err := scheduleExpression(cron); err == nil {
			t.Errorf("%q: got %s, want an error", cron, got)
		}
	}
}

func TestDeploymentPercent(t *testing.T) {
	count := func(n int) *plan.Count { return &plan.Count{N: n} }
	percent := func(n int) *plan.Count { return &plan.Count{N: n, Percent: true} }
	for _, tt := range []struct {
		why                string
		unavailable, surge *plan.Count
		copies             int
		lowest, most       int
		exact              bool
	}{
		{"left out is the platform's default", nil, nil, 3, 100, 200, true},
		{"one of three may be missing", count(1), nil, 3, 66, 200, true},
		{"one more than three", count(0), count(1), 3, 100, 134, true},
		{"more missing than there are", count(5), count(0), 3, 0, 100, true},
		{"a quarter of four", percent(25), percent(25), 4, 75, 125, true},
		{"a surge of few is one copy", percent(0), percent(10), 3, 100, 134, true},
		{"no surge, so that one is missing", nil, count(0), 1, 0, 100, true},
		{"a percentage of few that comes to none", percent(10), count(0), 3, 66, 100, true},
		{"no copies yet", count(1), count(1), 0, 0, 200, true},
		{"one of very many", count(1), nil, 300, 99, 200, false},
	} {
		lowest, most, exact := deploymentPercent(&plan.Rollout{MaxUnavailable: tt.unavailable, MaxSurge: tt.surge}, tt.copies)
		if lowest != tt.lowest || most != tt.most || exact != tt.exact {
			t.Errorf("%s: got %d, %d, %v, want %d, %d, %v", tt.why, lowest, most, exact, tt.lowest, tt.most, tt.exact)
		}
	}
}
