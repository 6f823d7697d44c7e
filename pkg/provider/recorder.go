package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Recorder is the lifecycle of a provider that executes nothing: it notes plans in
// memory, and says so in its results. Providers embed it. It is safe for concurrent use.
type Recorder struct {
	name   string
	effect func(from, to *plan.Plan, c plan.Change) Effect
	advise []Advise

	documents Documents // nil: effects are what effect says

	mu      sync.Mutex
	tenants map[string]record
}

type record struct {
	plan     *plan.Plan
	revision int
}

// NewRecorder makes the lifecycle of the named provider. Effect says what a change means
// on its platform. It is not asked about a workload that comes or goes as a whole, which
// is [EffectCreate] or [EffectDestroy], and what it says of a persistent volume that goes,
// by itself or with its workload, or of one of the tenant's, is at least [DataLoss]. Of several that advise, the
// first that says anything is heard.
func NewRecorder(name string, effect func(from, to *plan.Plan, c plan.Change) Effect, advise ...Advise) *Recorder {
	return &Recorder{name: name, effect: effect, advise: advise, tenants: map[string]record{}}
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
	changes, err := r.Changes(nil, p)
	if err != nil {
		return Result{}, err
	}
	r.tenants[p.ID] = record{plan: p, revision: 1}
	res.Changes = changes
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
	changes, err := r.Changes(old.plan, p)
	if err != nil {
		return Result{}, err
	}
	res := r.result(p.ID, OpUpdate)
	res.Changes = changes
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
	changes, err := r.Changes(old.plan, nil)
	if err != nil {
		return Result{}, err
	}
	delete(r.tenants, tenant)
	res.Changes = changes
	return res, nil
}

// Changes says what differs; see [Differ]. It records nothing.
func (r *Recorder) Changes(from, to *plan.Plan) ([]Change, error) {
	var differ []plan.Change
	var err error
	both := from != nil && to != nil
	switch {
	case from == nil:
		from = &plan.Plan{Version: to.Version, ID: to.ID, Provider: to.Provider}
		differ = each(to, plan.Added)
	case to == nil:
		to = &plan.Plan{Version: from.Version, ID: from.ID, Provider: from.Provider}
		differ = each(from, plan.Removed)
	default:
		differ, err = plan.Diff(from, to)
	}
	changes := make([]Change, len(differ))
	for i, c := range differ {
		changes[i] = Change{Change: c, Effect: r.effectOf(from, to, c)}
	}
	if err == nil && both {
		err = r.hold(from, to, changes)
	}
	for i := range changes {
		changes[i].Advice = r.advice(from, to, changes[i])
	}
	return changes, err
}

func (r *Recorder) advice(from, to *plan.Plan, c Change) string {
	for _, advise := range r.advise {
		if text := advise(from, to, c); text != "" {
			return text
		}
	}
	if len(c.Also) > 0 {
		return "it reaches what reads the port, too: " + strings.Join(c.Also, ", ")
	}
	return ""
}

func (r *Recorder) effectOf(from, to *plan.Plan, c plan.Change) Effect {
	if len(c.Path) == 2 && c.Path[0] == "workloads" {
		switch old := from.Workloads[c.Path[1]]; {
		case c.Kind == plan.Added:
			return EffectCreate
		case c.Kind == plan.Removed && old.Persists():
			return DataLoss
		case c.Kind == plan.Removed:
			return EffectDestroy
		}
	}
	if c.Path[0] == "volumes" && len(c.Path) <= 2 { // some of the tenant's
		switch c.Kind {
		case plan.Added:
			return EffectCreate
		case plan.Removed:
			return DataLoss
		}
	}
	e := r.effect(from, to, c)
	for _, leaf := range c.Leaves() {
		if leaf.Kind == plan.Removed && leaf.Path.Within("workloads.*.volumes.*.persistent") &&
			to.Workloads[leaf.Path[1]].Volumes[leaf.Path[3]].Persistent == nil {
			e = Worse(e, DataLoss)
		}
	}
	return e
}

// each is a change of every workload and every shared volume of a plan.
func each(p *plan.Plan, kind plan.ChangeKind) []plan.Change {
	var changes []plan.Change
	for name := range plan.Sorted(p.Volumes) {
		changes = append(changes, plan.Change{Path: diag.At("volumes", name), Kind: kind})
	}
	for name := range plan.Sorted(p.Workloads) {
		changes = append(changes, plan.Change{Path: workloadPath(name), Kind: kind})
	}
	return changes
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
