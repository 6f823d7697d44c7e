package ecs

import (
	"flag"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

var update = flag.Bool("update", false, "rewrite testdata/render to what is rendered")

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

func TestRender(t *testing.T) { providertest.Render(t, New(), "testdata/render", *update) }
