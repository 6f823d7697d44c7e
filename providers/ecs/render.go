package ecs

import (
	"context"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Render returns the inputs of the operations that make the tenant, in the order in
// which they are to be called: `aws ecs create-service --cli-input-json file://…` takes
// NAME.2-create-service.json, and so on. Of a service there is an input to create it, and one
// to update it once it exists; an input of create-schedule is one of update-schedule too.
func (*Provider) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	r := &renderer{tenant: t}
	r.scheduleGroup()
	for _, w := range t.inOrder() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		first := len(r.files)
		r.workload(w)
		for i := range r.files[first:] {
			r.files[first+i].Workload = w.Name
		}
	}
	return r.files, r.err
}

// renderer collects the documents of a tenant.
type renderer struct {
	*tenant
	files []provider.File
	err   error // the first
}

func (r *renderer) add(name string, input any, as naming) {
	data, err := document(input, as)
	if err != nil && r.err == nil {
		r.err = err
	}
	r.files = append(r.files, provider.File{Name: name + ".json", Data: data})
}

// inOrder orders the workloads so that each comes after those whose endpoints it uses, except
// cycles: the tasks of a service know only the names that existed when it was deployed
// (developer guide, "Amazon ECS Service Connect", deployment order).
func (t *tenant) inOrder() []*workload {
	var order []*workload
	seen := map[string]bool{}
	var visit func(w *workload)
	visit = func(w *workload) {
		if seen[w.Name] {
			return
		}
		seen[w.Name] = true
		for _, to := range endpointsOf(w.Workload) {
			if target, ok := t.Find(to.Workload); ok {
				visit(target)
			}
		}
		order = append(order, w)
	}
	for _, w := range t.Workloads {
		visit(w)
	}
	return order
}
