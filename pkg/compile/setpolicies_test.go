package compile_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// BenchmarkRequest checks one tenant for each request with one compiler, without a policy and
// with one of 100 lines.
func BenchmarkRequest(b *testing.B) {
	long, err := os.ReadFile("../../testdata/policies/long.cue")
	if err != nil {
		b.Fatal(err)
	}
	for _, policies := range []compile.Policies{{}, policyOf(string(long))} {
		b.Run(fmt.Sprintf("lines=%d", bytes.Count(policies.Texts["policy.cue"], []byte("\n"))), func(b *testing.B) {
			c, err := compile.New(registry(b), compile.Options{Policies: policies})
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			b.ReportAllocs()
			for b.Loop() {
				in := compile.Input{Paths: []string{"-"}, Lang: "yaml", Jobs: 1, Stdin: strings.NewReader(acme)}
				plans, diags, err := c.Compile(b.Context(), in)
				if err != nil || diags.HasErrors() || len(plans) != 1 {
					b.Fatal(diags, err)
				}
			}
		})
	}
}

// policyOf returns a policy with a text.
func policyOf(text string) compile.Policies {
	return compile.Policies{Files: []string{"policy.cue"}, Texts: map[string][]byte{"policy.cue": []byte(text)}}
}

const acme = `{id: acme, provider: kubernetes, labels: {team: a}, workloads: {web: {replicas: 2, ingress: [{host: acme.example.com, port: http}], containers: {app: {image: "ghcr.io/acme/web:1", ports: {http: 8080}, env: {LOG: info}, resources: {cpu: 250m, memory: 512Mi}}}}}}`

// TestSetPolicies: the runs of one compiler, sequential and concurrent, use the policies in
// force when they began, and note the unmatched rules of their own run.
func TestSetPolicies(t *testing.T) {
	policies := policyOf("tenant: workloads: [_]: {replicas: >=2, autoscale?: max: 9}\n")
	c, err := compile.New(registry(t), compile.Options{Policies: policies})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	run := func(tenant string) (refused bool, unmatched int) {
		_, diags, err := c.Compile(t.Context(), compile.Input{
			Paths: []string{"-"}, Lang: "yaml", Jobs: 1, Stdin: strings.NewReader(tenant), PolicyNotes: true,
		})
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
	set := func(text string) diag.List {
		diags, err := c.SetPolicies(policyOf(text))
		if err != nil {
			t.Error(err)
		}
		return diags
	}
	text := policies.Texts["policy.cue"]
	copy(text[strings.Index(string(text), ">=2"):], ">=3") // the compiler has its own copy
	if refused, unmatched := run(acme); refused || unmatched != 1 {
		t.Errorf("the first policies: refused %t, %d rules without a match", refused, unmatched)
	}
	set(string(text))
	if refused, _ := run(acme); !refused {
		t.Error("the changed policy is not applied")
	}
	for _, broken := range []string{"tenant: labels: by: 1 & 2", "tenant: {", "tennant: {}", "#tenant: {}"} {
		if diags := set(broken); !diags.HasErrors() {
			t.Errorf("%s: no error", broken)
		}
		if refused, _ := run(acme); !refused {
			t.Errorf("%s: the policy before it is not in force", broken)
		}
	}
	if _, err := c.SetPolicies(compile.Policies{Texts: map[string][]byte{"policy.cue": nil}}); !errors.Is(err, compile.ErrInput) {
		t.Errorf("a text of no policy: %v", err)
	}
	if diags, err := c.SetPolicies(compile.Policies{Files: []string{"none.cue"}}); err != nil || !diags.HasErrors() {
		t.Errorf("a file that is not there: %v, %v", diags, err)
	}

	scaled := strings.Replace(acme, "replicas: 2", "autoscale: {min: 1, max: 9}", 1)
	loose := "tenant: workloads: [_]: {replicas?: >=1, autoscale?: max: 9}\n"
	set(loose)
	var runs sync.WaitGroup
	for i := range 8 {
		for tenant, want := range map[string]int{acme: 1, scaled: 0} {
			runs.Go(func() {
				if refused, unmatched := run(tenant); refused || unmatched != want {
					t.Errorf("at once: refused %t, %d rules without a match, not %d", refused, unmatched, want)
				}
			})
		}
		runs.Go(func() { set(loose + strings.Repeat("\n", i)) })
	}
	runs.Wait()
}
