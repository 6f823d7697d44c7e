package compile_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// BenchmarkRequest has one compiler judge a tenant for each request, under no policy and
// under one of 100 lines.
func BenchmarkRequest(b *testing.B) {
	c, err := compile.New(registry(b))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	long, err := os.ReadFile("../../testdata/policies/long.cue")
	if err != nil {
		b.Fatal(err)
	}
	for _, policy := range [][]byte{nil, long} {
		b.Run(fmt.Sprintf("lines=%d", bytes.Count(policy, []byte("\n"))), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				in := compile.Input{Paths: []string{"-"}, Lang: "yaml", Jobs: 1, Stdin: strings.NewReader(acme)}
				if policy != nil {
					in.Policies, in.PolicyTexts = []string{"policy.cue"}, map[string][]byte{"policy.cue": policy}
				}
				plans, diags, err := c.Compile(b.Context(), in)
				if err != nil || diags.HasErrors() || len(plans) != 1 {
					b.Fatal(diags, err)
				}
			}
		})
	}
}

const acme = `{id: acme, provider: kubernetes, labels: {team: a}, workloads: {web: {replicas: 2, ingress: [{host: acme.example.com, port: http}], containers: {app: {image: "ghcr.io/acme/web:1", ports: {http: 8080}, env: {LOG: info}, resources: {cpu: 250m, memory: 512Mi}}}}}}`

// TestPolicyOfEachRun holds runs of one compiler, one after another and at once, to the
// policies that each is given: a text that has changed, in the same memory too, and what a
// run notes about rules that matched nothing in it.
func TestPolicyOfEachRun(t *testing.T) {
	c, err := compile.New(registry(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	run := func(text []byte, tenant string) (refused bool, unmatched int) {
		in := compile.Input{
			Paths: []string{"-"}, Lang: "yaml", Jobs: 1, Stdin: strings.NewReader(tenant),
			Policies: []string{"policy.cue"}, PolicyTexts: map[string][]byte{"policy.cue": text}, PolicyNotes: true,
		}
		_, diags, err := c.Compile(t.Context(), in)
		if err != nil {
			t.Error(err)
		}
		for _, d := range diags {
			if d.Severity == diag.Note && strings.Contains(d.Message, "matched nothing") {
				unmatched++
			}
		}
		return diags.HasErrors(), unmatched
	}
	text := []byte("tenant: workloads: [_]: {replicas: >=2, autoscale?: max: 9}\n")
	for _, again := range []string{"first", "second"} {
		copy(text[strings.Index(string(text), ">="):], ">=2")
		if refused, unmatched := run(text, acme); refused || unmatched != 1 {
			t.Errorf("%s run: refused %t, %d rules without a match", again, refused, unmatched)
		}
		copy(text[strings.Index(string(text), ">="):], ">=3")
		if refused, _ := run(text, acme); !refused {
			t.Errorf("%s run: the changed policy is not applied", again)
		}
	}
	scaled := strings.Replace(acme, "replicas: 2", "autoscale: {min: 1, max: 9}", 1)
	loose := []byte("tenant: workloads: [_]: {replicas?: >=1, autoscale?: max: 9}\n")
	var runs sync.WaitGroup
	for range 8 {
		for tenant, want := range map[string]int{acme: 1, scaled: 0} {
			runs.Go(func() {
				if refused, unmatched := run(loose, tenant); refused || unmatched != want {
					t.Errorf("at once: refused %t, %d rules without a match, not %d", refused, unmatched, want)
				}
			})
		}
	}
	runs.Wait()
}
