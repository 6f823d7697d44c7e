package relations_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
	"github.com/cuecompute/cuecompute/providers/kubernetes"
)

// TestCases runs the cases for one provider; relations are the same for all.
func TestCases(t *testing.T) { providertest.Cases(t, kubernetes.New(), "testdata") }
