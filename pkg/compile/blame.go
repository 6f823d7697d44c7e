package compile

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// ProviderError is a failure of a provider, not of a spec: it returned an error, panicked,
// does not return once the context is done, or rendered what cannot be written. The tenant
// has no plan for that provider; everything else is judged.
type ProviderError struct {
	Provider, Tenant string
	Method           string // of the provider: Validate, Render or Names
	Err              error
	Stack            []byte // of a panic

	more int // tenants that the same provider failed for
}

// Error names the provider and the first tenant that it failed for.
func (e *ProviderError) Error() string {
	text := fmt.Sprintf("provider %s: tenant %s: %s: %v", e.Provider, e.Tenant, e.Method, e.Err)
	switch e.more {
	case 0:
		return text
	case 1:
		return text + " (and so for 1 tenant more)"
	}
	return fmt.Sprintf("%s (and so for %d tenants more)", text, e.more)
}

// Unwrap returns the provider's own error.
func (e *ProviderError) Unwrap() error { return e.Err }

// grace is how long a provider may take to notice that its context is done.
const grace = time.Second

// ask makes a call of a provider. What goes wrong in it is a *ProviderError, but for the
// end of ctx. A call that does not end with ctx is left behind.
func ask[T any](ctx context.Context, p *plan.Plan, method string, call func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
		stack []byte
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil {
				a = answer{err: fmt.Errorf("panicked: %v", r), stack: debug.Stack()}
			}
			answers <- a
		}()
		a.value, a.err = call()
	}()
	var a answer
	select {
	case a = <-answers:
	case <-ctx.Done():
		select {
		case a = <-answers:
		case <-time.After(grace):
			a.err = fmt.Errorf("does not return: %w", ctx.Err())
			return a.value, &ProviderError{Provider: p.Provider, Tenant: p.ID, Method: method, Err: a.err}
		}
	}
	switch {
	case a.err == nil:
		return a.value, nil
	case ctx.Err() != nil && errors.Is(a.err, ctx.Err()):
		return a.value, ctx.Err()
	}
	return a.value, &ProviderError{Provider: p.Provider, Tenant: p.ID, Method: method, Err: a.err, Stack: a.stack}
}

// failures are what providers did wrong in a run: of each, the first, with how many more
// there are.
type failures struct{ first []*ProviderError }

func (f *failures) add(failed []*ProviderError) {
	for _, e := range failed {
		if first := f.of(e.Provider); first != nil {
			first.more++
		} else {
			f.first = append(f.first, e)
		}
	}
}

func (f *failures) of(provider string) *ProviderError {
	for _, e := range f.first {
		if e.Provider == provider {
			return e
		}
	}
	return nil
}

// err joins the failures; nil where there are none.
func (f *failures) err() error {
	var all []error
	for _, e := range f.first {
		all = append(all, e)
	}
	return errors.Join(all...)
}
