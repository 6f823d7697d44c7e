package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Moved returns the changes of a tenant that moves from one provider to another, with the plan
// was before and is after. It has no side effects. The first change is that of the provider. A
// workload of both plans ends on one platform and starts on the other, a [Replacement]; the
// data of its persistent volumes stays behind, which is [DataLoss]. Secret values are in the
// store of the old platform: the advice says so.
func Moved(from, to Differ, was, is *plan.Plan) ([]Change, error) {
	ends, err := from.Changes(was, nil)
	if err != nil {
		return nil, err
	}
	begins, err := to.Changes(nil, is)
	if err != nil {
		return nil, err
	}
	changes := []Change{{
		Change: plan.Change{Path: diag.At("provider"), Kind: plan.Changed, Old: was.Provider, New: is.Provider},
		Effect: EffectNone,
	}}
	for name := range plan.Sorted(is.Secrets) {
		if _, both := was.Secrets[name]; both {
			changes = append(changes, Change{
				Change: plan.Change{Path: diag.At("secrets", name), Kind: plan.Changed},
				Effect: EffectNone,
				Advice: fmt.Sprintf("its value stays in the store of %s: put it where %s looks for it", was.Provider, is.Provider),
			})
		}
	}
	begun := map[string]Change{}
	for _, c := range begins {
		begun[c.Path.String()] = c
	}
	for _, c := range ends {
		other, both := begun[c.Path.String()]
		if both {
			delete(begun, c.Path.String())
			c.Kind = plan.Changed
			if !c.Effect.AtLeast(DataLoss) {
				c.Effect = Replacement // it ends, and starts on another platform
			}
			c.Advice = strings.Join(nonEmpty(c.Advice, other.Advice), "; ")
		}
		changes = append(changes, c)
	}
	for _, c := range begins {
		if _, alone := begun[c.Path.String()]; alone {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

func nonEmpty(texts ...string) (all []string) {
	for _, t := range texts {
		if t != "" {
			all = append(all, t)
		}
	}
	return all
}

// Move moves a tenant to the provider of a plan if the conditions are true for the record of
// the old provider: see [Lifecycle]. It first provisions the plan, and then destroys the tenant
// on the old provider; if another call has changed the tenant meanwhile, the error is
// ErrRevision, and the new record is removed. There is no common transaction: for a moment the
// tenant is on both providers, and if ctx or the process ends then, it stays so until the move
// is repeated. Repeating a completed move changes nothing.
func Move(ctx context.Context, from, to Lifecycle, p *plan.Plan, c Condition) (Result, error) {
	res := Result{Provider: to.Info().Name, From: from.Info().Name, Operation: OpMove, Outcome: Recorded, Changes: []Change{}}
	if p == nil {
		return Result{}, fmt.Errorf("%s: no plan", res.Provider)
	}
	res.Tenant = p.ID
	held, err := from.GetRecord(ctx, p.ID)
	if errors.Is(err, ErrTenantNotFound) {
		return done(ctx, to, p, res, err)
	}
	if err != nil {
		return Result{}, err
	}
	changes, err := Moved(from, to, held.Plan, p)
	if err == nil {
		err = c.check(p.ID, held, changes)
	}
	if err != nil {
		return Result{}, err
	}
	made, err := to.Provision(ctx, p)
	if err != nil {
		return Result{}, err
	}
	_, err = from.DestroyIf(ctx, p.ID, Condition{Revision: held.Revision, Digest: held.Digest})
	if err != nil {
		if errors.Is(err, ErrRevision) && len(made.Changes) > 0 {
			_, undo := to.DestroyIf(ctx, p.ID, Condition{Revision: made.Revision, Digest: made.Digest})
			err = errors.Join(err, undo)
		}
		return Result{}, err
	}
	res.Changes, res.Revision, res.Digest = changes, made.Revision, made.Digest
	return res, nil
}

// done returns the result of a move whose tenant is not on the old provider: it is on the new
// one, with this plan, or on neither.
func done(ctx context.Context, to Lifecycle, p *plan.Plan, res Result, absent error) (Result, error) {
	held, err := to.GetRecord(ctx, p.ID)
	if err != nil {
		if errors.Is(err, ErrTenantNotFound) {
			err = absent
		}
		return Result{}, err
	}
	digest, err := p.Digest()
	if err != nil {
		return Result{}, err
	}
	if held.Digest != digest {
		return Result{}, absent
	}
	res.Revision, res.Digest = held.Revision, held.Digest
	return res, nil
}
