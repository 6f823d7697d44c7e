package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Lifecycle is a provider whose records are listed and read, and changed on conditions. One
// that embeds a [Recorder] is one.
type Lifecycle interface {
	Differ

	// List returns the status of each tenant that is recorded, in the order of their ids.
	List(ctx context.Context) ([]Status, error)

	// GetRecord returns the recorded plan of a tenant and its revision, or ErrTenantNotFound.
	// The plan is not to be changed.
	GetRecord(ctx context.Context, tenant string) (*Record, error)

	// UpdateIf is Update where the conditions hold, and otherwise changes nothing: the error is
	// a *[RevisionError] or an *[EffectError]. Nothing comes between the look at the conditions
	// and the update. The plan that is recorded already changes nothing under any condition, so
	// that a retry is safe.
	UpdateIf(ctx context.Context, p *plan.Plan, c Condition) (Result, error)

	// DestroyIf is Destroy where the conditions hold. An absent tenant: nil, as for Destroy.
	DestroyIf(ctx context.Context, tenant string, c Condition) (Result, error)
}

// Condition says what an operation depends on. The zero value is no condition.
type Condition struct {
	// Revision, unless it is 0, is what the tenant's has to be: the one that the caller has
	// seen.
	Revision int

	// Digest, unless it is empty, is what that of the recorded plan has to be. Of a tenant that
	// was destroyed and provisioned again, revisions begin at 1 again; the digest tells the
	// two lives apart.
	Digest string

	// Allow, unless it is empty, is the most severe effect that a change may have.
	Allow Effect
}

// holds returns what speaks against changes of a record.
func (c Condition) holds(tenant string, held *Record, changes []Change) error {
	if c.Revision != 0 && c.Revision != held.Revision || c.Digest != "" && c.Digest != held.Digest {
		return &RevisionError{Tenant: tenant, Expected: c.Revision, Held: held.Revision, Digest: held.Digest}
	}
	if c.Allow == "" {
		return nil
	}
	var beyond []Change
	for _, change := range changes {
		if !c.Allow.AtLeast(change.Effect) {
			beyond = append(beyond, change)
		}
	}
	if len(beyond) > 0 {
		return &EffectError{Tenant: tenant, Allow: c.Allow, Changes: beyond}
	}
	return nil
}

// Errors of a condition that does not hold.
var (
	ErrRevision = errors.New("another revision is recorded")  // see RevisionError; Swap of a Store
	ErrEffect   = errors.New("an effect that is not allowed") // see EffectError
)

// RevisionError is the error of an operation that expects another revision, or another digest,
// than is recorded. It is ErrRevision.
type RevisionError struct {
	Tenant   string
	Expected int    // 0 where any revision would do
	Held     int    // the revision that is recorded
	Digest   string // that of the plan that is recorded
}

// Error says which revision is recorded.
func (e *RevisionError) Error() string {
	if e.Expected == 0 || e.Expected == e.Held {
		return fmt.Sprintf("%s: another plan is recorded, as revision %d", e.Tenant, e.Held)
	}
	return fmt.Sprintf("%s: revision %d is recorded, and %d is expected", e.Tenant, e.Held, e.Expected)
}

// Is reports whether the target is ErrRevision.
func (e *RevisionError) Is(target error) bool { return target == ErrRevision }

// EffectError is the error of an operation that would have a more severe effect than is
// allowed. It is ErrEffect.
type EffectError struct {
	Tenant  string
	Allow   Effect
	Changes []Change // those whose effect is more severe
}

// Error says which change is not allowed, the first of the most severe.
func (e *EffectError) Error() string {
	worst := e.Changes[0]
	for _, c := range e.Changes[1:] {
		if Worse(worst.Effect, c.Effect) != worst.Effect {
			worst = c
		}
	}
	text := fmt.Sprintf("%s: the change of %s has the effect %s, and at most %s is allowed", e.Tenant, worst.Path, worst.Effect, e.Allow)
	if n := len(e.Changes) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}

// Is reports whether the target is ErrEffect.
func (e *EffectError) Is(target error) bool { return target == ErrEffect }
