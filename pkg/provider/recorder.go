package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Recorder is the lifecycle of a provider that executes nothing: it records plans in memory, or
// in a [Store], and its results say so. Providers embed it. It is safe for concurrent use.
type Recorder struct {
	name   string
	effect func(from, to *plan.Plan, c plan.Change) Effect
	advise []Advise

	documents Documents // nil: effects are those of effect
	store     Store
}

// NewRecorder makes the lifecycle of the named provider. effect returns the effect of a change
// on its platform. It is not called for a workload that is added or removed, which is
// [EffectCreate] or [EffectDestroy], and the removal of a persistent volume, alone or with its
// workload or tenant, is at least [DataLoss]. The first advise function that returns a text
// determines the advice.
func NewRecorder(name string, effect func(from, to *plan.Plan, c plan.Change) Effect, advise ...Advise) *Recorder {
	return &Recorder{name: name, effect: effect, advise: advise, store: &Memory{}}
}

// Provision records a plan; see [Provider].
func (r *Recorder) Provision(ctx context.Context, p *plan.Plan) (Result, error) {
	next, err := r.takes(ctx, p)
	if err != nil {
		return Result{}, err
	}
	return r.swap(ctx, p.ID, OpProvision, func(held *Record) (*Record, []Change, error) {
		if held == nil {
			next.Revision = 1
			changes, err := r.Changes(nil, p)
			return &next, changes, err
		}
		changes, err := plan.Diff(held.Plan, p)
		if err == nil && len(changes) > 0 {
			err = fmt.Errorf("%s: %w with another plan: use Update", p.ID, ErrTenantExists)
		}
		return held, nil, err
	})
}

// Update records a new plan; see [Provider].
func (r *Recorder) Update(ctx context.Context, p *plan.Plan) (Result, error) {
	return r.UpdateIf(ctx, p, Condition{})
}

// UpdateIf records a new plan if the conditions are true; see [Lifecycle].
func (r *Recorder) UpdateIf(ctx context.Context, p *plan.Plan, c Condition) (Result, error) {
	next, err := r.takes(ctx, p)
	if err != nil {
		return Result{}, err
	}
	return r.swap(ctx, p.ID, OpUpdate, func(held *Record) (*Record, []Change, error) {
		if held == nil {
			return nil, nil, fmt.Errorf("%s: %w", p.ID, ErrTenantNotFound)
		}
		changes, err := r.Changes(held.Plan, p)
		if err != nil || len(changes) == 0 {
			return held, nil, err
		}
		next.Revision = held.Revision + 1
		return &next, changes, c.check(p.ID, held, changes)
	})
}

// Destroy deletes a tenant's record; see [Provider].
func (r *Recorder) Destroy(ctx context.Context, tenant string) (Result, error) {
	return r.DestroyIf(ctx, tenant, Condition{})
}

// DestroyIf deletes a tenant's record if the conditions are true; see [Lifecycle].
func (r *Recorder) DestroyIf(ctx context.Context, tenant string, c Condition) (Result, error) {
	return r.swap(ctx, tenant, OpDestroy, func(held *Record) (*Record, []Change, error) {
		if held == nil {
			return nil, nil, nil
		}
		changes, err := r.Changes(held.Plan, nil)
		if err != nil {
			return nil, nil, err
		}
		return nil, changes, c.check(tenant, held, changes)
	})
}

// swap replaces a record with the result of decide. If another call has changed the record, it
// decides again, so that some call always succeeds.
func (r *Recorder) swap(ctx context.Context, tenant string, op Operation, decide func(held *Record) (*Record, []Change, error)) (Result, error) {
	for {
		held, err := r.GetRecord(ctx, tenant)
		if err != nil && !errors.Is(err, ErrTenantNotFound) {
			return Result{}, err
		}
		next, changes, err := decide(held)
		if err != nil {
			return Result{}, err
		}
		if !held.Is(next) {
			err = r.store.Swap(ctx, tenant, held, next)
		}
		switch {
		case errors.Is(err, ErrRevision):
			continue
		case err != nil:
			return Result{}, err
		}
		res := Result{Provider: r.name, Tenant: tenant, Operation: op, Outcome: Recorded, Changes: append([]Change{}, changes...)}
		if next != nil {
			res.Revision, res.Digest = next.Revision, next.Digest
		}
		return res, nil
	}
}

// GetStatus returns the recorded status of a tenant; see [Provider].
func (r *Recorder) GetStatus(ctx context.Context, tenant string) (Status, error) {
	held, err := r.GetRecord(ctx, tenant)
	if err != nil {
		return Status{}, err
	}
	return r.status(held), nil
}

// List returns the status of each tenant; see [Lifecycle].
func (r *Recorder) List(ctx context.Context) ([]Status, error) {
	records, err := r.store.List(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Status, len(records))
	for i, held := range records {
		all[i] = r.status(held)
	}
	return all, nil
}

// GetRecord returns the recorded plan of a tenant; see [Lifecycle].
func (r *Recorder) GetRecord(ctx context.Context, tenant string) (*Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.store.Get(ctx, tenant)
}

func (r *Recorder) status(held *Record) Status {
	return Status{
		Provider:  r.name,
		Tenant:    held.Plan.ID,
		State:     Recorded,
		Revision:  held.Revision,
		Digest:    held.Digest,
		Workloads: slices.Sorted(maps.Keys(held.Plan.Workloads)),
	}
}

// takes returns a record, without a revision, of a plan for this provider.
func (r *Recorder) takes(ctx context.Context, p *plan.Plan) (Record, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, err
	}
	if p == nil {
		return Record{}, fmt.Errorf("%s: no plan", r.name)
	}
	if p.Provider != r.name {
		return Record{}, fmt.Errorf("%s: %w: %s", p.ID, ErrWrongProvider, p.Provider)
	}
	digest, err := p.Digest()
	return Record{Plan: p, Digest: digest}, err
}
