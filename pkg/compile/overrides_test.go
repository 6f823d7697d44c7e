package compile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// TestOverrides merges as RFC 7396 does: its examples of structs, in labels and configurations,
// and fields that overrides must not touch.
func TestOverrides(t *testing.T) {
	tests := []struct{ was, patch, want string }{
		{`{a: b}`, `{a: c}`, `map[a:c]`},
		{`{a: b}`, `{b: c}`, `map[a:b b:c]`},
		{`{a: b}`, `{a: null}`, `map[]`},
		{`{a: b, b: c}`, `{a: null}`, `map[b:c]`},
		{`{a: b}`, `{}`, `map[a:b]`},
		{`{a: b}`, `null`, `map[]`},
		{`{a: b}`, `{x: null}`, `map[a:b]`},
	}
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		spec := fmt.Sprintf(`{id: acme, provider: compose, labels: %s, overrides: {compose: {labels: %s}, nomad: {labels: {a: other}}},
  workloads: {web: {containers: {app: {image: "nginx:1.29"}}}}}`, tt.was, tt.patch)
		plans, diags, err := compile.Compile(t.Context(), reg, compile.Options{}, compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(spec)})
		if err != nil || len(plans) != 1 {
			t.Errorf("%s with %s: %v, %v", tt.was, tt.patch, diags, err)
			continue
		}
		if diff := cmp.Diff(tt.want, fmt.Sprint(plans[0].Labels)); diff != "" {
			t.Errorf("%s with %s (-want +got):\n%s", tt.was, tt.patch, diff)
		}
	}
}
