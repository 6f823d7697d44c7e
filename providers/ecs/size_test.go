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
		{"16 vCPU end at 120 GiB", size{16384, 122880}, size{}, size{16384, 122880}},
		{"32 vCPU begin at 60 GiB", size{16385, 0}, size{}, size{32768, 61440}},
		{"32 vCPU go on at 120 GiB", size{32768, 61441}, size{}, size{32768, 122880}},
		{"the largest", size{0, 122881}, size{}, size{32768, 249856}},
		{"too much cpu", size{32769, 0}, size{}, size{}},
		{"too much memory", size{0, 249857}, size{}, size{}},
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
	if got, ok := fargateSize(windowsSizes, size{8192, 0}, size{}); ok {
		t.Errorf("windows ends at 4 vCPU: got %v", got)
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
	share := func(n int) *plan.Count { return &plan.Count{N: n, Percent: true} }
	const exact, rounded, beyond, stuck = "exact", "rounded", "beyond", "stuck"
	for _, tt := range []struct {
		why                string
		unavailable, surge *plan.Count
		minimum, largest   int
		lowest, highest    int
		how                string
	}{
		{"left out is the platform's default", nil, nil, 3, 3, 100, 200, exact},
		{"one of three may be missing", count(1), nil, 3, 3, 66, 200, exact},
		{"one more than three", count(0), count(1), 3, 3, 100, 134, exact},
		{"more missing than there are", count(5), count(0), 3, 3, 0, 100, exact},
		{"a quarter of four", share(25), share(25), 4, 4, 75, 125, exact},
		{"a surge of few is one copy", share(0), share(10), 3, 3, 100, 134, exact},
		{"no surge, so that one is missing", nil, count(0), 1, 1, 0, 100, exact},
		{"a percentage of few that rounds to none", share(10), count(0), 3, 3, 66, 100, exact},
		{"one of very many, of which none is missing", count(1), nil, 300, 300, 100, 200, rounded},
		{"neither one missing nor an extra one of very many", count(1), count(0), 300, 300, 100, 100, stuck},
		{"one of 1 to 10 missing, and all of one", count(1), nil, 1, 10, 81, 200, rounded},
		{"one of 1 to 10 missing, and none extra", count(1), count(0), 1, 10, 81, 100, stuck},
		{"one of 1 to 10 extra, and none missing", count(0), count(1), 1, 10, 100, 119, stuck},
		{"one of 9 to 10 missing", count(1), count(0), 9, 10, 88, 100, exact},
		{"a tenth of 1 to 10 missing", share(10), nil, 1, 10, 90, 200, exact},
		{"a quarter of 2 to 10 extra, which of two is none", share(0), share(25), 2, 10, 100, 150, beyond},
		{"a quarter of 4 to 8 extra", share(0), share(25), 4, 8, 100, 137, rounded},
		{"half of 2 to 1000000 missing", share(50), share(0), 2, 1000000, 50, 100, exact},
	} {
		p := deploymentPercent(&plan.Rollout{MaxUnavailable: tt.unavailable, MaxSurge: tt.surge}, tt.minimum, tt.largest)
		how := map[bool]string{true: exact, false: rounded}[p.exact]
		switch {
		case p.stuck:
			how = stuck
		case p.beyond:
			how = beyond
		}
		if p.lowest != tt.lowest || p.highest != tt.highest || how != tt.how {
			t.Errorf("%s: got %d, %d, %s, want %d, %d, %s", tt.why, p.lowest, p.highest, how, tt.lowest, tt.highest, tt.how)
		}
	}
}

// TestDeploymentPercentHolds tries every rollout of a few copies as ECS counts: no more are
// missing than it says, no more extra ones run unless that is reported, and the update goes on.
func TestDeploymentPercentHolds(t *testing.T) {
	var all []*plan.Count
	for _, n := range []int{0, 1, 2, 5} {
		all = append(all, &plan.Count{N: n})
	}
	for _, n := range []int{0, 1, 10, 25, 33, 50, 100} {
		all = append(all, &plan.Count{N: n, Percent: true})
	}
	all = append(all, nil)
	for _, unavailable := range all {
		for _, surge := range all {
			for minimum := 1; minimum <= 12; minimum++ {
				for largest := minimum; largest <= 130; largest += 1 + largest/5 {
					r := &plan.Rollout{MaxUnavailable: unavailable, MaxSurge: surge}
					p := deploymentPercent(r, minimum, largest)
					for n := minimum; n <= largest && !p.stuck; n++ {
						missing, extra := counts(r, n)
						healthy, running := (n*p.lowest+99)/100, n*p.highest/100
						if healthy < n-missing || running > n+extra && !p.beyond || healthy == n && running == n {
							t.Fatalf("%v, %v of %d in %d to %d: %d%% to %d%% are %d to %d copies", unavailable, surge, n, minimum, largest, p.lowest, p.highest, healthy, running)
						}
					}
				}
			}
		}
	}
}

func TestUnits(t *testing.T) {
	for text, want := range map[string]units{
		`512`: 512, `"512"`: 512, `"1 vCPU"`: 1024, `"1vcpu"`: 1024, `".5 vCPU"`: 512, `"0.25vCPU"`: 256,
		`"2 GB"`: 2048, `"2GB"`: 2048, `"0.5 GB"`: 512, `"0 vCPU"`: 1,
	} {
		var got units
		if err := got.UnmarshalJSON([]byte(text)); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
	}
}
