package providertest_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

// hasty is a provider that somebody wrote in an afternoon.
type hasty struct{ sound }

func (hasty) Info() provider.Info {
	i := sound{}.Info()
	i.URL = "see the wiki"
	return i
}

func (hasty) Validate(_ context.Context, p *plan.Plan) (diag.List, error) {
	var diags diag.List
	for name, w := range plan.Sorted(p.Workloads) {
		if w.StopGraceSeconds > 60 {
			diags.Approximate("stopGrace", diag.At("workloads", name, "stopGraceSeconds"), "a minute at most")
		}
	}
	return diags, nil
}

// A program asks of a provider what a test asks with Run.
func ExampleCheck() {
	problems, err := providertest.Check(context.Background(), func() provider.Provider { return hasty{newSound()} },
		providertest.Only("info", "context", "diagnostics"))
	if err != nil {
		log.Fatal(err)
	}
	said := ""
	for _, p := range problems {
		if p.Check != said { // once is enough here
			fmt.Println(p)
		}
		said = p.Check
	}

	// Output:
	// info: URL is "see the wiki", not the address of the platform's documentation
	// context: Validate in a context that is done: error is <nil>, not context canceled
	// diagnostics: "a minute at most" of tenant everything of odd/everything.yaml is at workloads.web.stopGraceSeconds, which is no path of the spec
}
