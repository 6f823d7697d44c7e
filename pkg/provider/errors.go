package provider

import "errors"

// Errors to test with errors.Is.
var (
	ErrUnknownProvider = errors.New("unknown provider")        // Get of a name that is not registered
	ErrDuplicate       = errors.New("provider already exists") // Register of a name that is taken
	ErrInvalidInfo     = errors.New("invalid provider")        // Register of a provider that does not describe itself
	ErrTenantNotFound  = errors.New("tenant not found")
	ErrTenantExists    = errors.New("tenant already exists")
	ErrWrongProvider   = errors.New("plan is for another provider")
)
