package cli_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// harbour is a private platform.
type harbour struct{ *provider.Recorder }

func newHarbour() harbour {
	return harbour{provider.NewRecorder("harbour", func(_, _ *plan.Plan, _ plan.Change) provider.Effect { return provider.Replacement })}
}

func (harbour) Info() provider.Info {
	return provider.Info{
		Name: "harbour",
		Doc:  "the harbour's own machines: a berth for each tenant",
		URL:  "https://harbour.example.com/berths",
		Schema: provider.Schema{
			ImportPath: "example.com/harbour",
			Files: fstest.MapFS{"harbour.cue": {Data: []byte(`package harbour

import "github.com/cuecompute/cuecompute/schema"

#Tenant: schema.#Tenant & {
	provider!: "harbour"
	extensions?: harbour?: #Extension
}

#Extension: {
	// berth is the berth that the tenant pays for. Example: "7".
	berth?: int & >=1 & <=40
}
`)}},
		},
	}
}

func (harbour) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	var diags diag.List
	for name, w := range plan.Sorted(p.Workloads) {
		if w.Kind == plan.Cron {
			diags.Errorf(diag.Unsupported, diag.At("workloads", name, "kind"), "a berth has no clock")
		}
	}
	return diags, ctx.Err()
}

// A program with its own provider has the whole command line, with the official providers too.
// Here it vets standard input.
func ExampleMain() {
	spec := strings.NewReader(`
id: acme
provider: harbour
extensions: {harbour: {birth: 7}}
workloads: {report: {kind: cron, schedule: "0 3 * * *", containers: {app: {image: "ghcr.io/acme/report:7"}}}}
`)
	all := append(providers.All(), newHarbour())
	code := cli.Main([]string{"vet", "--lang", "yaml", "-"}, spec, os.Stdout, os.Stderr, all...)
	fmt.Println("exit code", code)

	// Output:
	// -:4:24: tenant acme: unknown field "birth" [unknown-field]
	//   4 | extensions: {harbour: {birth: 7}}
	//     |                        ^^^^^
	//   help: did you mean "berth"?
	// -:5:22: tenant acme: a berth has no clock [unsupported]
	//   5 | workloads: {report: {kind: cron, schedule: "0 3 * * *", containers: {app: {image: "ghcr.io/acme/report:7"}}}}
	//     |                      ^^^^
	// exit code 1
}
