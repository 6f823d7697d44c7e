//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// BenchmarkVet times vet as a whole process next to `cue vet` of the same files and the
// same schema, in turn, and reports medians: ours in ms, cue's in cue-ms, and how many
// times as fast. It needs both programs: make bench.
func BenchmarkVet(b *testing.B) {
	ours, stock := os.Getenv("CUECOMPUTE"), os.Getenv("CUE")
	if ours == "" || stock == "" {
		b.Skip("the programs to compare are in CUECOMPUTE and CUE: run make bench")
	}
	for _, lang := range []string{"yaml", "json"} {
		for _, n := range []int{1, 100, 1000} {
			b.Run(fmt.Sprintf("%s/tenants=%d", lang, n), func(b *testing.B) {
				files := tenants(b, lang, n)
				var mine, theirs, ratio []float64
				var memory int64
				for b.Loop() {
					t, m := run(b, exec.Command(ours, append([]string{"vet"}, files...)...))
					c := exec.Command(stock, append([]string{"vet", "-c", "-d", "#Tenant", "./providers/kubernetes"}, files...)...)
					c.Dir = "../.."
					u, _ := run(b, c)
					mine, theirs, ratio = append(mine, t), append(theirs, u), append(ratio, u/t)
					memory = max(memory, m)
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(median(mine), "ms")
				b.ReportMetric(median(theirs), "cue-ms")
				b.ReportMetric(median(ratio), "times-cue")
				b.ReportMetric(float64(memory)/1024, "MiB")
			})
		}
	}
}

// BenchmarkMany vets and plans 10,000 tenants: what each costs, and in how much memory.
func BenchmarkMany(b *testing.B) {
	ours := os.Getenv("CUECOMPUTE")
	if ours == "" {
		b.Skip("the program is in CUECOMPUTE: run make bench")
	}
	const n = 10000
	dir := filepath.Dir(tenants(b, "yaml", n)[0])
	for _, command := range []string{"vet", "plan"} {
		b.Run(command, func(b *testing.B) {
			var took []float64
			var memory int64
			for b.Loop() {
				c := exec.Command(ours, command, dir)
				if command == "plan" {
					c = exec.Command("sh", "-c", `exec "$0" plan "$1" >/dev/null`, ours, dir)
				}
				t, m := run(b, c)
				took, memory = append(took, t), max(memory, m)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(took)*1000/n, "µs/tenant")
			b.ReportMetric(float64(memory)/1024, "MiB")
		})
	}
}

var ownID = regexp.MustCompile(`(?m)^id: .*$`)

// tenants writes n tenants, copies in turn of the real ones for Kubernetes.
func tenants(b *testing.B, lang string, n int) []string {
	b.Helper()
	real, err := filepath.Glob("../../testdata/tenants/kubernetes/*.yaml")
	if err != nil || len(real) == 0 {
		b.Fatal("no tenants", err)
	}
	dir := b.TempDir()
	var files []string
	for i := range n {
		text, err := os.ReadFile(real[i%len(real)])
		if err != nil {
			b.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprintf("t%d.%s", i, lang))
		text = ownID.ReplaceAll(text, fmt.Appendf(nil, "id: t%d", i))
		if lang == "json" {
			text = asJSON(b, text)
		}
		if err := os.WriteFile(name, text, 0o600); err != nil {
			b.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

func asJSON(b *testing.B, text []byte) []byte {
	b.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		b.Fatal(err)
	}
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// run returns a process's wall time in milliseconds and its peak memory in KiB. It
// must succeed in silence.
func run(b *testing.B, c *exec.Cmd) (ms float64, peakKiB int64) {
	b.Helper()
	start := time.Now()
	out, err := c.CombinedOutput()
	if err != nil || len(out) > 0 {
		b.Fatalf("%v: %v\n%s", c.Args[:2], err, out)
	}
	ms = float64(time.Since(start).Microseconds()) / 1000
	return ms, c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
