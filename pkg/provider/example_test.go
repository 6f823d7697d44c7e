package provider_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// web is a plan as package compile makes them of specs.
func web(replicas int) *plan.Plan {
	return &plan.Plan{Version: plan.Version, ID: "acme", Provider: "harbour", Workloads: map[string]plan.Workload{
		"web": {Kind: plan.Service, Replicas: replicas, Containers: map[string]plan.Container{"app": {Image: "nginx:1.29"}}},
	}}
}

func Example() {
	ctx := context.Background()
	reg, err := provider.NewRegistry(newFake("harbour")) // or providers.All()...
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := reg.Get("harbour")
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := p.Provision(ctx, web(1))
	fmt.Println(res.Operation, res.Outcome, res.Revision, err)

	// An update on conditions: of the revision that was seen, and of what may happen.
	l := p.(provider.Lifecycle) // as all providers with the shared recorder are
	_, err = l.UpdateIf(ctx, web(2), provider.Condition{Revision: res.Revision, Allow: provider.InPlace})
	fmt.Println(errors.Is(err, provider.ErrEffect), err)
	res, err = l.UpdateIf(ctx, web(2), provider.Condition{Revision: res.Revision, Allow: provider.Rolling})
	fmt.Println(res.Revision, res.Changes[0].Path, res.Changes[0].Effect, err)
	_, err = l.UpdateIf(ctx, web(3), provider.Condition{Revision: 1})
	fmt.Println(errors.Is(err, provider.ErrRevision), err)
	// Output:
	// provision recorded 1 <nil>
	// true acme: the change of workloads.web.replicas has the effect rolling, and at most in-place is allowed
	// 2 workloads.web.replicas rolling <nil>
	// true acme: revision 2 is recorded, and 1 is expected
}

// A Store keeps the records where they outlast the process; this one only shows that they do.
func ExampleStore() {
	ctx := context.Background()
	var store provider.Memory // in its place, a table of a database: see the test Store of providertest
	for replicas := range 2 { // two starts of a program
		p := newFake("harbour")
		p.WithStore(&store)
		if _, err := p.Provision(ctx, web(1)); err != nil {
			fmt.Println(err)
		}
		res, err := p.Update(ctx, web(2+replicas))
		fmt.Println(res.Revision, err)
		if _, err := p.Update(ctx, web(1)); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 2 <nil>
	// 4 <nil>
}
