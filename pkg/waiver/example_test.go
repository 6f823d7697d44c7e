package waiver_test

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

func Example() {
	text := `waivers: [{tenant: acme, code: policy, owner: payments, reason: a sale, until: 2027-03-31}]`
	waivers, _ := waiver.Read("waivers.yaml", []byte(text), nil)
	run := waiver.Rules{Waivers: waivers, Today: "2026-11-29"}.Run()

	var diags diag.List
	diags.Errorf(diag.Policy, diag.At("workloads", "web", "replicas"), "replicas is 5, and must be at most 3")
	for _, d := range run.Settle(diags, "acme") {
		fmt.Println(d.Severity, d.Related[0].Message)
	}
	// Output:
	// note waived until 2027-03-31 by payments: a sale
}
