package providers_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/schemas"
	"github.com/cuecompute/cuecompute/providers"
)

// TestPrecompiled holds that no provider's tenant.shape is of older files: every run would
// compile the schema again.
func TestPrecompiled(t *testing.T) {
	if err := schemas.Stale(providers.All()...); err != nil {
		t.Error(err)
	}
}
