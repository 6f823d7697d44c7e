//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// quotas are bounds of 200 teams, and what no tenant may do.
const quotas = `fleet: {
	by: team: [string]: {memoryMiB: <=1000000000, most: copies: <=1000000000}
	provider: [string]: percent: memoryMiB: <=100
	registry: [!~"^ghcr\\.io$"]: tenants: 0
}
`

// BenchmarkFleet joins the facts of a million tenants in 16 shards, each with two workloads, a
// host and a secret: how long that takes, and in how much memory. And it vets 10,000 tenants
// with the fleet's rules next to the same without, in turn.
func BenchmarkFleet(b *testing.B) {
	ours := os.Getenv("CUECOMPUTE")
	if ours == "" {
		b.Skip("the program is in CUECOMPUTE: run make bench")
	}
	policy := filepath.Join(b.TempDir(), "policy.cue")
	write(b, policy, quotas)
	b.Run("join/tenants=1000000", func(b *testing.B) {
		dir := b.TempDir()
		generate := exec.Command(os.Args[0])
		generate.Env = append(os.Environ(), "WRITE_FACTS="+dir)
		run(b, generate)
		files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
		if err != nil || len(files) != manyShards {
			b.Fatal(len(files), err)
		}
		var size int64
		for _, name := range files {
			at, err := os.Stat(name)
			if err != nil {
				b.Fatal(err)
			}
			size += at.Size()
		}
		var took []float64
		var memory int64
		for b.Loop() {
			t, m := run(b, exec.Command(ours, append([]string{"fleet", "--policy", policy, "--join"}, files...)...))
			took, memory = append(took, t/1000), max(memory, m)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(median(took), "s")
		b.ReportMetric(float64(memory)/1024, "MiB")
		b.ReportMetric(float64(size>>20), "MiB-read")
	})
	b.Run("vet/tenants=10000", func(b *testing.B) {
		dir := b.TempDir()
		for i := range 10_000 {
			write(b, filepath.Join(dir, fmt.Sprintf("t%d.yaml", i)), strings.Replace(aTenant, "ID", fmt.Sprintf("t%d", i), 1))
		}
		var times []float64
		var without, memory int64
		for b.Loop() {
			none, m := run(b, exec.Command(ours, "vet", dir))
			with, n := run(b, exec.Command(ours, "vet", "--fleet", "--policy", policy, dir))
			times = append(times, with/none)
			without, memory = max(without, m), max(memory, n)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(median(times), "times-without")
		b.ReportMetric(float64(memory)/1024, "MiB")
		b.ReportMetric(float64(without)/1024, "MiB-without")
	})
}
