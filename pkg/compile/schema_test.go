package compile_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// stranger is a third-party provider whose schema cannot be compiled.
type stranger struct{ *provider.Recorder }

func (stranger) Info() provider.Info {
	return provider.Info{Name: "stranger", Doc: "a stranger's", Schema: provider.Schema{
		ImportPath: "example.com/stranger",
		Files: fstest.MapFS{"stranger.cue": {Data: []byte(`package stranger

import "github.com/cuecompute/cuecompute/schema"

#Tenant: schema.#Tenant & {
	provider!: "stranger"
	extensions?: stranger?: #Extension
}

#Extension: {
	weights?: [string]: int
	for name, limit in {light: 10, heavy: 100} {
		(name)?: int & <=limit
	}
}
`)}},
	}}
}

func (stranger) Validate(context.Context, *plan.Plan) (diag.List, error) { return nil, nil }

// TestCheckSchema checks tenants of a provider whose schema cannot be compiled.
func TestCheckSchema(t *testing.T) {
	p := stranger{provider.NewRecorder("stranger", nil)}
	reason := compile.CheckSchema(p)
	if reason == nil || !strings.Contains(reason.Error(), "example.com/stranger/stranger.cue:12:2") {
		t.Errorf("the reason is %v", reason)
	}
	reg, err := provider.NewRegistry(p)
	if err != nil {
		t.Fatal(err)
	}
	vet := func(light string) []string {
		in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(`
id: acme
provider: stranger
extensions: {stranger: {light: ` + light + `}}
workloads: {web: {containers: {app: {image: "nginx:1.29"}}}}
`)}
		plans, diags, err := compile.Compile(t.Context(), reg, compile.Options{}, in)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, p := range plans {
			said = append(said, "plan of "+p.ID)
		}
		for _, d := range diags {
			said = append(said, d.Message)
		}
		return said
	}
	if diff := cmp.Diff([]string{"plan of acme"}, vet("9")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"light is 11, and must be at most 10"}, vet("11")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, official := range providers.All() {
		if err := compile.CheckSchema(official); err != nil {
			t.Errorf("%s takes the slow road: %v", official.Info().Name, err)
		}
	}
}

// TestRegisteredLater: a provider that is registered while a compiler serves is unknown to it, and
// known to the next.
func TestRegisteredLater(t *testing.T) {
	reg := registry(t)
	before, err := compile.New(reg, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.Register(stranger{provider.NewRecorder("stranger", nil)}); err != nil {
		t.Fatal(err)
	}
	after, err := compile.New(reg, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[*compile.Compiler]diag.Code{before: diag.UnknownProvider, after: ""} {
		_, diags, err := c.Compile(t.Context(), compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(strings.Replace(acme, "kubernetes", "stranger", 1))})
		var code diag.Code
		if len(diags) > 0 {
			code = diags[0].Code
		}
		if err != nil || code != want {
			t.Errorf("%v (%v), not %q", diags, err, want)
		}
	}
}
