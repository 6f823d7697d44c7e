package nomad

import (
	"flag"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

var rewrite = flag.Bool("update", false, "rewrite the rendered files of testdata/render")

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

func TestRender(t *testing.T) { providertest.Render(t, New(), "testdata/render", *rewrite) }
