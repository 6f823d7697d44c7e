package compose

import (
	"flag"
	"regexp"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

var rewrite = flag.Bool("update", false, "rewrite the rendered files of testdata/render")

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"), providertest.Unescape(expanded))
}

var variables = regexp.MustCompile(`\$\$|\$\{[^}]*\}|\$[A-Za-z_]\w*`)

// expanded returns a text as Compose reads it (compose-go, template.DefaultPattern).
func expanded(_, text string) string {
	return variables.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		return "a variable"
	})
}

// What is about a schedule is refused with the kind that has one.
func TestSupport(t *testing.T) {
	providertest.Support(t, New(), "testdata", "workloads.schedule", "workloads.timezone", "workloads.concurrency")
}

func TestCases(t *testing.T) { providertest.Cases(t, New(), "testdata") }

func TestRender(t *testing.T) { providertest.Render(t, New(), "testdata/render", *rewrite) }
