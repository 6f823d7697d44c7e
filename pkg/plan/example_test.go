package plan_test

import (
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

func Example() {
	// What the command plan printed, one plan after another, before and after a change.
	plans, err := plan.ReadAll(strings.NewReader(`
		{"version": 1, "id": "acme", "provider": "nomad", "workloads": {"web": {"kind": "service", "replicas": 2, "containers": {}, "restart": {"policy": "always"}, "stopGraceSeconds": 30}}}
		{"version": 1, "id": "acme", "provider": "nomad", "workloads": {"web": {"kind": "service", "replicas": 3, "containers": {}, "restart": {"policy": "always"}, "stopGraceSeconds": 30}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for name, w := range plan.Sorted(plans[0].Workloads) {
		fmt.Println(name, w.Kind, w.Replicas)
	}
	changes, err := plan.Diff(plans[0], plans[1])
	for _, c := range changes {
		fmt.Println(c.Path, c.Kind, c.Old, c.New)
	}
	fmt.Println(err)
	// Output:
	// web service 2
	// workloads.web.replicas changed 2 3
	// <nil>
}
