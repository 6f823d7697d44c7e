package fleet_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestOf: what a tenant asks for counts its copies, the larger of what starts and what runs,
// and a platform's default where it has one.
func TestOf(t *testing.T) {
	p := &plan.Plan{
		ID: "acme", Provider: "nomad",
		Defaults: map[string]string{"workloads.web.containers.side.resources.memory": "300Mi"},
		Volumes:  map[string]plan.Persistent{"files": {SizeMiB: 100}},
		Workloads: map[string]plan.Workload{
			"web": {
				Kind: plan.Service, Replicas: 2, Autoscale: &plan.Autoscale{Min: 2, Max: 5},
				Containers: map[string]plan.Container{
					"app":  {Image: "nginx:1", Role: plan.Main, Resources: plan.Resources{CPUMillis: 500, MemoryMiB: 100, GPU: 1}, Ports: map[string]plan.Port{"http": {Expose: "public"}, "admin": {Expose: "internal"}}},
					"side": {Image: "localhost/side:1", Role: plan.Sidecar},
					"init": {Image: "ghcr.io/acme/init:1", Role: plan.Init, Resources: plan.Resources{CPUMillis: 2000, MemoryMiB: 50}},
				},
				Volumes: map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: 10}}, "tmp": {Ephemeral: &plan.Ephemeral{SizeMiB: 7}}},
			},
			"agent": {Kind: plan.Daemon, Replicas: 9, Containers: map[string]plan.Container{"app": {Image: "localhost:5000/agent:1", Role: plan.Main, Resources: plan.Resources{MemoryMaxMiB: 64}}}},
		},
	}
	f, err := fleet.Of(fleet.Source{Plan: p, Locate: func(diag.Path) diag.Range { return diag.Range{File: "a.yaml"} }})
	if err != nil {
		t.Fatal(err)
	}
	want := fleet.Amounts{
		Workloads: 2, Copies: 3, CPUMillis: 2 * 2000, MemoryMiB: 2*400 + 64, StorageMiB: 100 + 20, GPU: 2, PublicPorts: 1,
		Most: fleet.Most{Copies: 6, CPUMillis: 5 * 2000, MemoryMiB: 5*400 + 64, StorageMiB: 100 + 50, GPU: 5},
	}
	if diff := cmp.Diff(want, f.Amounts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"docker.io", "ghcr.io", "localhost", "localhost:5000"}, f.Registries()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLimit: of very many problems the first are returned, and the rest is counted.
func TestLimit(t *testing.T) {
	var c fleet.Collector
	for i := range 50 {
		id := fmt.Sprintf("t%02d", i)
		p := &plan.Plan{ID: id, Provider: "kubernetes", Workloads: map[string]plan.Workload{
			"web": {Kind: plan.Service, Replicas: 1, Ingress: []plan.Ingress{{Host: "shop.example.com", Path: "/"}}},
		}}
		f, err := fleet.Of(fleet.Source{Plan: p, Locate: func(diag.Path) diag.Range { return diag.Range{File: id + ".yaml", Line: 1, Column: 1} }})
		if err == nil {
			err = c.Add(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	v, err := fleet.Judge(context.Background(), fleet.Options{Limit: 3}, c.Reader())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range v.Diagnostics {
		got = append(got, fmt.Sprintf("%s %s: %s", d.File, d.Code, d.Message))
	}
	want := []string{
		`t01.yaml host-taken: host "shop.example.com" is already one of tenant "t00"`,
		`t02.yaml host-taken: host "shop.example.com" is already one of tenant "t00"`,
		`t03.yaml host-taken: host "shop.example.com" is already one of tenant "t00"`,
		` limit: 46 more problems of all tenants together are not shown: host-taken`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzJudge: whatever a file of facts holds, it is judged or refused with a reason.
func FuzzJudge(f *testing.F) {
	for _, lines := range []string{
		`{"id":"acme","provider":"kubernetes","at":{"file":"a.yaml","line":1}}`,
		`[["host","example.com","shop","/"],"a.yaml","00000001:000001-00000001:000002","acme","kubernetes","id"]` + "\n" +
			`[["host","example.com","shop","/"],"b.yaml","00000001:000001-00000001:000002","globex","kubernetes","id"]`,
		`[["name","a"]]` + "\n" + `[["name","a"]]`,
		`[["source","ecs","x","y","write"],1,"2","3","4","5"]` + "\n" + `[["source","ecs","x","y","write"],1,"2","3","4","5"]`,
		`[["host"`, `{"id":`, "", `[["name","a\"b\\","c","d"],"","","","","","","",""]`,
	} {
		f.Add(lines)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		var text bytes.Buffer
		fmt.Fprintf(&text, "{\"version\":%d,\"tool\":%q,\"shard\":1,\"of\":1}\n", fleet.Version, fleet.Tool)
		facts, claims := 0, 0
		for line := range strings.Lines(lines) {
			if strings.HasPrefix(line, "[") {
				claims++
			} else {
				facts++
			}
		}
		text.WriteString(lines)
		if lines != "" && !strings.HasSuffix(lines, "\n") {
			text.WriteByte('\n')
		}
		sum := sha256.Sum256(text.Bytes())
		fmt.Fprintf(&text, "{\"end\":true,\"facts\":%d,\"claims\":%d,\"sha256\":\"%x\"}\n", facts, claims, sum)
		r, err := fleet.NewReader("facts", &text)
		if err == nil {
			_, err = fleet.Judge(context.Background(), fleet.Options{Notes: true, By: []string{"labels.team", "nodePool"}}, r)
		}
		if err != nil && !errors.Is(err, fleet.ErrFacts) {
			t.Error(err)
		}
	})
}
