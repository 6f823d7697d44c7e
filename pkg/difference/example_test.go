package difference_test

import (
	"fmt"
	"os"

	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

func Example() {
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	web := func(replicas int) *plan.Plan {
		return &plan.Plan{Version: plan.Version, ID: "acme", Provider: "nomad", Workloads: map[string]plan.Workload{
			"web": {Kind: plan.Service, Replicas: replicas, Containers: map[string]plan.Container{"app": {Image: "nginx:1.29", Role: plan.Main}},
				Restart: plan.Restart{Policy: plan.RestartAlways}, StopGraceSeconds: 30},
		}}
	}
	c := difference.NewComparison(reg)
	c.Old(web(2), nil) // all of the old side first
	if err := c.New(web(3), nil); err != nil {
		fmt.Println(err)
		return
	}
	d, err := c.Difference()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Summary.Worst, d.Tenants[0].Changes[0].Path)
	if err := difference.WriteText(os.Stdout, d); err != nil {
		fmt.Println(err)
	}
	// Output:
	// in-place workloads.web.replicas
	// ~ tenant acme on nomad  # in-place
	//     ~ workload web  # in-place
	//         ~ replicas: 2 → 3  # in-place
	//
	// 1 tenant: 1 changed; 1 change: 1 changed; at worst in-place
}
