//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkVet times vet as a whole process next to `cue vet` of the same YAML files and
// the same schema, in turn, and reports medians. It needs both programs: make bench.
func BenchmarkVet(b *testing.B) {
	ours, stock := os.Getenv("CUECOMPUTE"), os.Getenv("CUE")
	if ours == "" || stock == "" {
		b.Skip("the programs to compare are in CUECOMPUTE and CUE: run make bench")
	}
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("tenants=%d", n), func(b *testing.B) {
			files := tenants(b, n)
			var mine, theirs, ratio []float64
			var memory int64
			for b.Loop() {
				t, m := run(b, exec.Command(ours, append([]string{"vet"}, files...)...))
				c := exec.Command(stock, append([]string{"vet", "-c", "-d", "#Tenant", "./providers/kubernetes"}, files...)...)
				c.Dir = "../.."
				u, _ := run(b, c)
				mine, theirs, ratio = append(mine, t), append(theirs, u), append(ratio, t/u)
				memory = max(memory, m)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(mine), "ms")
			b.ReportMetric(median(theirs), "cue-ms")
			b.ReportMetric(median(ratio), "of-cue")
			b.ReportMetric(float64(memory)/1024, "MiB")
		})
	}
}

var ownID = regexp.MustCompile(`(?m)^id: .*$`)

// tenants writes n YAML tenants, copies in turn of the real ones for Kubernetes.
func tenants(b *testing.B, n int) []string {
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
		name := filepath.Join(dir, fmt.Sprintf("t%d.yaml", i))
		if err := os.WriteFile(name, ownID.ReplaceAll(text, fmt.Appendf(nil, "id: t%d", i)), 0o600); err != nil {
			b.Fatal(err)
		}
		files = append(files, name)
	}
	return files
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
