package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Recorder is the lifecycle of a provider that executes nothing: it notes plans in
// memory, and says so in its results. Providers embed it. It is safe for concurrent use.
type Recorder struct {
	name   string
	effect func(from, to *plan.Plan, c plan.Change) Effect

	mu      sync.Mutex
	tenants map[string]record
}

type record struct {
	plan     *plan.Plan
	revision int
}

// NewRecorder makes the lifecycle of the named provider; effect says what a
// change means on its platform.
func NewRecorder(name string, effect func(from, to *plan.Plan, c plan.Change) Effect) *Recorder {
	return &Recorder{name: name, effect: effect, tenants: map[string]record{}}
}

// Provision records a plan; see [Provider].
func (r *Recorder) Provision(ctx context.Context, p *plan.Plan) (Result, error) {
	if err := r.takes(ctx, p); err != nil {
		return Result{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	res := r.result(p.ID, OpProvision)
	if old, ok := r.tenants[p.ID]; ok {
		changes, err := plan.Diff(old.plan, p)
		if err != nil {
			return Result{}, err
		}
		if len(changes) > 0 {
			return Result{}, fmt.Errorf("%s: %w with another plan: use Update", p.ID, ErrTenantExists)
		}
		return res, nil
	}
	r.tenants[p.ID] = record{plan: p, revision: 1}
	for name := range plan.Sorted(p.Workloads) {
		c := plan.Change{Path: workloadPath(name), Kind: plan.Added}
		res.Changes = append(res.Changes, Change{Change: c, Effect: EffectCreate})
	}
	return res, nil
}

// Update records a new plan; see [Provider].
func (r *Recorder) Update(ctx context.Context, p *plan.Plan) (Result, error) {
	if err := r.takes(ctx, p); err != nil {
		return Result{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	old, ok := r.tenants[p.ID]
	if !ok {
		return Result{}, fmt.Errorf("%s: %w", p.ID, ErrTenantNotFound)
	}
	changes, err := plan.Diff(old.plan, p)
	if err != nil {
		return Result{}, err
	}
	res := r.result(p.ID, OpUpdate)
	for _, c := range changes {
		res.Changes = append(res.Changes, Change{Change: c, Effect: r.effect(old.plan, p, c)})
	}
	if len(changes) > 0 {
		r.tenants[p.ID] = record{plan: p, revision: old.revision + 1}
	}
	return res, nil
}

// Destroy forgets a tenant; see [Provider].
func (r *Recorder) Destroy(ctx context.Context, tenant string) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	res := r.result(tenant, OpDestroy)
	old, ok := r.tenants[tenant]
	if !ok {
		return res, nil
	}
	delete(r.tenants, tenant)
	for name := range plan.Sorted(old.plan.Workloads) {
		c := plan.Change{Path: workloadPath(name), Kind: plan.Removed}
		res.Changes = append(res.Changes, Change{Change: c, Effect: EffectDestroy})
	}
	return res, nil
}

// GetStatus returns what is recorded of a tenant; see [Provider].
func (r *Recorder) GetStatus(ctx context.Context, tenant string) (Status, error) {
	if err := ctx.Err(); err != nil {
		return Status{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rec, ok := r.tenants[tenant]
	if !ok {
		return Status{}, fmt.Errorf("%s: %w", tenant, ErrTenantNotFound)
	}
	return Status{
		Provider:  r.name,
		Tenant:    tenant,
		State:     Recorded,
		Revision:  rec.revision,
		Workloads: slices.Sorted(maps.Keys(rec.plan.Workloads)),
	}, nil
}

func (r *Recorder) takes(ctx context.Context, p *plan.Plan) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if p == nil {
		return fmt.Errorf("%s: no plan", r.name)
	}
	if p.Provider != r.name {
		return fmt.Errorf("%s: %w: %s", p.ID, ErrWrongProvider, p.Provider)
	}
	return nil
}

func (r *Recorder) result(tenant string, op Operation) Result {
	return Result{Provider: r.name, Tenant: tenant, Operation: op, Outcome: Recorded, Changes: []Change{}}
}
