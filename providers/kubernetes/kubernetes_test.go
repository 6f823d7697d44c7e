package kubernetes

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }
