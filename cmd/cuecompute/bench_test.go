//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkVet compares vet as a whole process with `cue vet` of the same tenants and schema,
// and with only parsing the same files with the same parser on as many cores, in turn. It
// reports medians: ours in ms, cue's in cue-ms, the ratio, and our time as a multiple of the
// parser's. It needs the programs to compare: make bench.
func BenchmarkVet(b *testing.B) {
	ours, stock := os.Getenv("CUECOMPUTE"), os.Getenv("CUE")
	if ours == "" || stock == "" {
		b.Skip("the programs to compare are in CUECOMPUTE and CUE: run make bench")
	}
	for _, c := range []struct {
		lang    string
		tenants []int
		write   func(b *testing.B, n int) corpus
	}{
		{"yaml", []int{1, 100, 1000}, files("yaml")},
		{"json", []int{1, 100, 1000}, files("json")},
		{"cue", []int{300}, packages(literal)},
		{"features", []int{300}, packages(features)},
		{"templates", []int{1, 1000}, templated},
	} {
		for _, n := range c.tenants {
			b.Run(fmt.Sprintf("%s/tenants=%d", c.lang, n), func(b *testing.B) {
				set := c.write(b, n)
				var mine, theirs, times, bound []float64
				var memory int64
				for b.Loop() {
					t, m := run(b, exec.Command(ours, append([]string{"vet"}, set.ours...)...))
					theirCommand := exec.Command(stock, set.stock...)
					theirCommand.Dir = set.stockDir
					u, _ := run(b, theirCommand)
					parse := exec.Command(os.Args[0])
					parse.Env = append(os.Environ(), "ONLY_PARSE="+set.dir)
					v, _ := run(b, parse)
					mine, theirs, times, bound = append(mine, t), append(theirs, u), append(times, u/t), append(bound, t/v)
					memory = max(memory, m)
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(median(mine), "ms")
				b.ReportMetric(median(theirs), "cue-ms")
				b.ReportMetric(median(times), "times-cue")
				b.ReportMetric(median(bound), "of-parser")
				b.ReportMetric(float64(memory)/1024, "MiB")
			})
		}
	}
}

// BenchmarkMany vets 100 and 10,000 tenants, and plans and renders as many, and reports the
// time and memory of each.
func BenchmarkMany(b *testing.B) {
	ours := os.Getenv("CUECOMPUTE")
	if ours == "" {
		b.Skip("the program is in CUECOMPUTE: run make bench")
	}
	for _, c := range []struct {
		command string
		n       int
	}{{"vet", 100}, {"vet", 10000}, {"plan", 10000}, {"render", 10000}} {
		b.Run(fmt.Sprintf("%s/tenants=%d", c.command, c.n), func(b *testing.B) {
			dir := files("yaml")(b, c.n).dir
			one := files("yaml")(b, 1).dir
			var took []float64
			var memory int64
			for b.Loop() {
				start, _ := run(b, exec.Command("sh", "-c", `exec "$0" `+c.command+` "$1" >/dev/null`, ours, one))
				t, m := run(b, exec.Command("sh", "-c", `exec "$0" `+c.command+` "$1" >/dev/null`, ours, dir))
				took, memory = append(took, t-start), max(memory, m)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(took)*1000/float64(c.n-1), "µs/tenant")
			b.ReportMetric(float64(memory)/1024, "MiB")
		})
	}
}

// landlord is a policy with supplied values, constraints and conditions.
const landlord = `tenant: {
	labels: {
		landlord: "harbour"
		tier:     *"standard" | string
	}
	extensions: kubernetes: ingressClass: *"harbour" | string
	workloads: [_]: {
		kind?: string
		if kind == "service" {stopGrace: *"20s" | string}
		containers: [_]: {
			image: !~":latest$"
			security: runAsNonRoot: *true | bool
		}
	}
}
plan: workloads: [_]: {replicas: <=100, containers: [_]: resources?: cpuMillis?: <=64000}
`

// aTenant is the text of one of many tenants, which share no public address.
const aTenant = `id: ID
provider: kubernetes
labels: {team: a}
secrets: {db: {path: db, key: password}}
workloads:
  web:
    replicas: 3
    containers:
      app:
        image: ghcr.io/acme/web:1.4.2
        ports: {http: 8080}
        env: {LOG_LEVEL: info, DB_PASSWORD: {secret: db}, API_URL: {endpoint: api.http}}
        resources: {cpu: 250m, memory: 512Mi}
        ready: {http: {path: /healthz, port: http}}
  api:
    containers: {app: {image: "ghcr.io/acme/api:2.0.0", ports: {http: 9000}, command: [/api, --port, "9000"]}}
`

// BenchmarkPolicy vets 5,000 tenants with a policy of 16 lines and without, in turn, and
// reports the ratio of times and the memory.
func BenchmarkPolicy(b *testing.B) {
	ours := os.Getenv("CUECOMPUTE")
	if ours == "" {
		b.Skip("the program is in CUECOMPUTE: run make bench")
	}
	dir := b.TempDir()
	for i := range 5000 {
		write(b, filepath.Join(dir, fmt.Sprintf("t%d.yaml", i)), strings.Replace(aTenant, "ID", fmt.Sprintf("t%d", i), 1))
	}
	policy := filepath.Join(b.TempDir(), "policy.cue")
	write(b, policy, landlord)
	var took, times []float64
	var without, memory int64
	for b.Loop() {
		none, m := run(b, exec.Command(ours, "vet", dir))
		with, n := run(b, exec.Command(ours, "vet", "--policy", policy, dir))
		took, times = append(took, with), append(times, with/none)
		without, memory = max(without, m), max(memory, n)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(took), "ms")
	b.ReportMetric(median(times), "times-none")
	b.ReportMetric(float64(memory)/1024, "MiB")
	b.ReportMetric(float64(without)/1024, "MiB-none")
}

// BenchmarkWatch measures the time from the change of one file of 1,000 to the report of a
// watching process.
func BenchmarkWatch(b *testing.B) {
	set := files("yaml")(b, 1000)
	all, err := filepath.Glob(filepath.Join(set.dir, "*.yaml"))
	if err != nil || len(all) != 1000 {
		b.Fatal(len(all), err)
	}
	w := watch(b, set.dir, ".")
	w.waitFor("1000 tenants: 0 errors")
	good := read(b, all[500])
	bad := strings.Replace(good, "provider:", "provder:", 1)
	var took []float64
	for i := 0; b.Loop(); i++ {
		text, want := bad, "1000 tenants: 1 error"
		if i%2 == 1 {
			text, want = good, "1000 tenants: 0 errors"
		}
		begun := time.Now()
		write(b, all[500], text)
		w.waitFor(want)
		took = append(took, float64(time.Since(begun).Microseconds())/1000)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(took), "ms")
}

// run returns a process's wall time in milliseconds and its peak memory in KiB. The process
// must succeed without output.
func run(b *testing.B, c *exec.Cmd) (ms float64, peakKiB int64) {
	b.Helper()
	start := time.Now()
	out, err := c.CombinedOutput()
	if err != nil || len(out) > 0 {
		b.Fatalf("%v: %v\n%.1000s", c.Args[0], err, out)
	}
	ms = float64(time.Since(start).Microseconds()) / 1000
	return ms, c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
