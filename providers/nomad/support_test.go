package nomad

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestSupport(t *testing.T) {
	providertest.Support(t, New(), "testdata", "workloads.containers.ready", "workloads.containers.startup")
}

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"))
}
