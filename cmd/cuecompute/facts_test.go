package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// How many tenants BenchmarkFleet joins, of how many shards.
const (
	manyTenants = 1_000_000
	manyShards  = 16
)

// writeManyFacts writes the facts of very many tenants to a directory. A process of its own does,
// since the memory of one that starts another counts for both.
func writeManyFacts(dir string) error {
	for shard := range manyShards {
		if err := writeShard(dir, shard); err != nil {
			return err
		}
	}
	return nil
}

func writeShard(dir string, shard int) error {
	var all fleet.Collector
	for i := shard; i < manyTenants; i += manyShards {
		facts, err := factsOf(i)
		if err == nil {
			err = all.Add(facts)
		}
		if err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%d.jsonl", shard)))
	if err != nil {
		return err
	}
	if err := all.Write(f, shard+1, manyShards); err != nil {
		return err
	}
	return f.Close()
}

// factsOf are the facts of the i-th tenant.
func factsOf(i int) (fleet.Facts, error) {
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
	return fleet.Of(fleet.Source{Plan: p, Names: names, Place: place, Locate: at})
}
