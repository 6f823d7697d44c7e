package provider

import (
	"context"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Renderer is a provider that makes a platform's native resources of a plan.
type Renderer interface {
	Provider

	// Render returns the documents of a plan that Validate passed, in the order in
	// which the platform is to be given them. The same plan gives the same bytes. No
	// secret's value is in them, and nothing that an author wrote is left out. An error
	// means that the provider itself failed.
	Render(ctx context.Context, p *plan.Plan) ([]File, error)

	// Names returns what the plan's resources are called on the platform, for tenants
	// that would take each other's.
	Names(p *plan.Plan) ([]NativeName, error)
}

// File is one document, which the platform's own client takes as it is.
type File struct {
	Name string // without a directory; no two files of a tenant share one
	Data []byte // text that ends with a newline

	Workload string // the workload that it is of; empty: of the tenant as a whole
}

// NativeName is a name on the platform.
type NativeName struct {
	Scope string    // what the name is unique in: service of namespace acme
	Name  string    // acme-web
	Path  diag.Path // what of the spec it is made of: workloads.web

	// Help says what to do where two tenants have it; by default, that names join ids.
	Help string

	// Concept, where it is set, says that two tenants may have it, though not run at one
	// time: a warning, which a workload at Path silences by its accept.
	Concept diag.Concept
}
