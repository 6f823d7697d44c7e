package compile

import (
	"errors"
	"fmt"
)

// ProviderError is a failure of a provider, not of a spec: it returned an error, panicked, did
// not return after the context was done, or rendered invalid files. The tenant has no plan for
// that provider; everything else is still checked.
type ProviderError struct {
	Provider, Tenant string
	Method           string // of the provider: Validate, Render or Names
	Err              error
	Stack            []byte // if it panicked

	more int // number of further tenants for which the same provider failed
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

// failures are the failures of providers and of this program in a run: the first of each
// provider and stage, and the number of the others.
type failures struct {
	first    []*ProviderError
	panicked []*PanicError
}

func (f *failures) add(failed []error) {
	for _, err := range failed {
		switch e := err.(type) {
		case *ProviderError:
			if first := f.of(e.Provider); first != nil {
				first.more++
			} else {
				f.first = append(f.first, e)
			}
		case *PanicError:
			if first := f.at(e.Stage); first != nil {
				first.more++
			} else {
				f.panicked = append(f.panicked, e)
			}
		}
	}
}

func (f *failures) at(stage string) *PanicError {
	for _, e := range f.panicked {
		if e.Stage == stage {
			return e
		}
	}
	return nil
}

func (f *failures) of(provider string) *ProviderError {
	for _, e := range f.first {
		if e.Provider == provider {
			return e
		}
	}
	return nil
}

// err joins the failures, nil if there are none.
func (f *failures) err() error {
	var all []error
	for _, e := range f.first {
		all = append(all, e)
	}
	for _, e := range f.panicked {
		all = append(all, e)
	}
	return errors.Join(all...)
}
