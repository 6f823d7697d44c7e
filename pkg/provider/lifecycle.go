package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Lifecycle is a provider with records that can be listed and read, and changed on conditions.
// A provider that embeds a [Recorder] implements it.
type Lifecycle interface {
	Differ

	// List returns the status of each recorded tenant, sorted by id.
	List(ctx context.Context) ([]Status, error)

	// GetRecord returns the recorded plan of a tenant and its revision, or ErrTenantNotFound.
	// Do not change the plan.
	GetRecord(ctx context.Context, tenant string) (*Record, error)

	// UpdateIf is Update if the conditions are true; otherwise it changes nothing, and the
	// error is a *[RevisionError] or an *[EffectError]. Check and update are atomic. Updating
	// to the recorded plan changes nothing and ignores the conditions, so a retry is safe.
	UpdateIf(ctx context.Context, p *plan.Plan, c Condition) (Result, error)

	// DestroyIf is Destroy if the conditions are true. An absent tenant: nil, as for Destroy.
	DestroyIf(ctx context.Context, tenant string, c Condition) (Result, error)
}

// Condition is a precondition of an operation. The zero value is always true.
type Condition struct {
	// Revision, unless it is 0, is the expected revision of the tenant, as the caller has read
	// it.
	Revision int

	// Digest, unless it is empty, is the expected digest of the recorded plan. Revisions of a
	// tenant that was destroyed and provisioned again start at 1; the digest detects that.
	Digest string

	// Allow, unless it is empty, is the most severe allowed effect of a change.
	Allow Effect
}

// check returns an error if a record or its changes violate the condition.
func (c Condition) check(tenant string, held *Record, changes []Change) error {
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

// Errors of a violated condition.
var (
	ErrRevision = errors.New("another revision is recorded")  // see RevisionError; Swap of a Store
	ErrEffect   = errors.New("an effect that is not allowed") // see EffectError
)

// RevisionError is the error of an operation that expects another revision or digest than the
// recorded one. It is ErrRevision.
type RevisionError struct {
	Tenant   string
	Expected int    // 0 if any revision is accepted
	Held     int    // the recorded revision
	Digest   string // of the recorded plan
}

// Error names the recorded revision.
func (e *RevisionError) Error() string {
	if e.Expected == 0 || e.Expected == e.Held {
		return fmt.Sprintf("%s: another plan is recorded, as revision %d", e.Tenant, e.Held)
	}
	return fmt.Sprintf("%s: revision %d is recorded, and %d is expected", e.Tenant, e.Held, e.Expected)
}

// Is reports whether the target is ErrRevision.
func (e *RevisionError) Is(target error) bool { return target == ErrRevision }

// EffectError is the error of an operation with a more severe effect than allowed. It is
// ErrEffect.
type EffectError struct {
	Tenant  string
	Allow   Effect
	Changes []Change // the changes with a more severe effect
}

// Error names the first of the most severe changes.
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
