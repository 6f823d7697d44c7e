package diag_test

import (
	"encoding/json"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

func Example() {
	// What a provider's rule finds: a path of the spec, a fact, and a way out.
	var found diag.List
	d := found.Errorf(diag.Unsupported, diag.At("workloads", "web", "ingress", 0), "the platform has no ingress")
	d.Help = "publish the port"
	found.Approximate("cpu", diag.At("workloads", "web"), "cpu is rounded")

	fmt.Println(found.HasErrors(), found.Count(diag.Warning))
	text, err := json.Marshal(found[0])
	fmt.Println(string(text), err)

	// What another program reads back is the same.
	var read diag.Diagnostic
	fmt.Println(json.Unmarshal(text, &read), read.Path[3], read.Path.Within("workloads.*.ingress"))
	// Output:
	// true 1
	// {"severity":"error","code":"unsupported","message":"the platform has no ingress","help":"publish the port","path":"workloads.web.ingress[0]"} <nil>
	// <nil> [0] true
}
