package acmecloud

import (
	"flag"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

var rewrite = flag.Bool("update", false, "rewrite the rendered files of testdata/render")

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"))
}

func TestSupport(t *testing.T) {
	providertest.Support(t, New(), "testdata", "workloads.schedule", "workloads.timezone", "workloads.concurrency")
}

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

func TestRender(t *testing.T) { providertest.Render(t, New(), "testdata/render", *rewrite) }

func TestCheckSchema(t *testing.T) {
	if err := compile.CheckSchema(New()); err != nil {
		t.Error(err)
	}
}
