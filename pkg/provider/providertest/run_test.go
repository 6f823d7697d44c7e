package providertest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

// byField are the checks that set every field of the schema: package providers has the
// faulty providers that they catch.
var byField = []string{"fields", "rows", "texts", "effects"}

// others are all checks but those.
func others() providertest.Option {
	var names []string
	for _, c := range providertest.Checks() {
		if !slices.Contains(byField, c.Name) {
			names = append(names, c.Name)
		}
	}
	return providertest.Only(names...)
}

func TestRun(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return newSound() }, others(),
		providertest.Tenant("own.yaml", `{id: own, provider: sound, extensions: {sound: {area: north}}, workloads: {web: {containers: {app: {image: "a:1"}}}}}`))
}

// TestCheckCatches runs the suite on each faulty provider: the check that is meant for
// the fault tells it, and no other does. Each check has a fault that it catches.
func TestCheckCatches(t *testing.T) {
	for _, f := range faults() {
		t.Run(strings.ReplaceAll(f.what, " ", "-"), func(t *testing.T) {
			t.Parallel()
			problems, err := providertest.Check(t.Context(), f.fresh, others(), providertest.Patience(time.Second))
			if err != nil {
				t.Fatal(err)
			}
			caught := false
			for _, p := range problems {
				if p.Check != f.check {
					t.Errorf("caught by another check than %q: %v", f.check, p)
				}
				caught = caught || p.Check == f.check && strings.Contains(p.Message, f.message)
			}
			if !caught {
				t.Errorf("check %q does not say %q: %v", f.check, f.message, problems)
			}
		})
	}
	for _, c := range providertest.Checks() {
		if !slices.Contains(byField, c.Name) && !slices.ContainsFunc(faults(), func(f fault) bool { return f.check == c.Name }) {
			t.Errorf("no faulty provider is for check %q", c.Name)
		}
	}
}

// TestOptionsThatCannotBe are the caller's mistakes, not the provider's.
func TestOptionsThatCannotBe(t *testing.T) {
	fresh := func() provider.Provider { return newSound() }
	for name, opt := range map[string]providertest.Option{
		"a directory without cases": providertest.Archives("tenants"),
	} {
		if _, err := providertest.Check(t.Context(), fresh, opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
