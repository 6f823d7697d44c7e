//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
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
		files, size := facts(b, 1_000_000, 16)
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

// facts writes the facts of n tenants as so many shards, and returns the files and their bytes.
func facts(b *testing.B, n, shards int) (files []string, size int64) {
	dir := b.TempDir()
	for shard := range shards {
		var all fleet.Collector
		for i := shard; i < n; i += shards {
			if err := all.Add(factsOf(b, i)); err != nil {
				b.Fatal(err)
			}
		}
		name := filepath.Join(dir, fmt.Sprintf("%d.jsonl", shard))
		f, err := os.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		if err := all.Write(f, shard+1, shards); err != nil {
			b.Fatal(err)
		}
		at, err := f.Stat()
		if err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		files, size = append(files, name), size+at.Size()
	}
	return files, size
}

// factsOf are the facts of the i-th tenant.
func factsOf(b *testing.B, i int) fleet.Facts {
	id := fmt.Sprintf("t%d", i)
	app := func(image string) map[string]plan.Container {
		return map[string]plan.Container{"app": {Image: image, Role: plan.Main, Resources: plan.Resources{CPUMillis: 250, MemoryMiB: 512}}}
	}
	p := &plan.Plan{
		ID: id, Provider: "kubernetes", Labels: map[string]string{"team": fmt.Sprintf("team-%d", i%200)},
		Workloads: map[string]plan.Workload{
			"web": {Kind: plan.Service, Replicas: 2, Containers: app("ghcr.io/acme/web:1.4.2"), Ingress: []plan.Ingress{{Host: id + ".example.com", Path: "/", Port: "http"}}},
			"api": {Kind: plan.Service, Replicas: 1, Autoscale: &plan.Autoscale{Min: 1, Max: 4}, Containers: app("ghcr.io/acme/api:2.0.0")},
		},
	}
	at := func(diag.Path) diag.Range {
		return diag.Range{File: "tenants/" + id + ".yaml", Line: 3, Column: 5, EndLine: 3, EndColumn: 9}
	}
	place := provider.Place{Sources: []provider.Source{{Kind: "secret of the namespace in use", Name: "db-" + id, Path: diag.At("secrets", "db")}}}
	names := []fleet.Name{
		{NativeName: provider.NativeName{Scope: "service of the namespace in use", Name: id + "-web", Path: diag.At("workloads", "web")}, At: at(nil)},
		{NativeName: provider.NativeName{Scope: "service of the namespace in use", Name: id + "-api", Path: diag.At("workloads", "api")}, At: at(nil)},
	}
	f, err := fleet.Of(fleet.Source{Plan: p, Names: names, Place: place, Locate: at})
	if err != nil {
		b.Fatal(err)
	}
	return f
}
