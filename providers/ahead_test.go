package providers_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/shape"
	"github.com/cuecompute/cuecompute/providers"
)

// TestCompiledAhead holds that no provider's tenant.shape is of older files, with which
// every run would compile the schema again.
func TestCompiledAhead(t *testing.T) {
	lib, err := library.Of(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range providers.All() {
		s := p.Info().Schema
		if err := shape.Stale(lib, s.ImportPath, s.Compiled); err != nil {
			t.Errorf("%s: %v", p.Info().Name, err)
		}
	}
}
