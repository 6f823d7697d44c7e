package provider

import (
	"context"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Renderer is a provider that renders a plan to a platform's native resources.
type Renderer interface {
	Provider

	// Render returns the documents of a valid plan, in the order in which to apply them. The
	// same plan gives the same bytes. They have everything that the author wrote, and no secret
	// values. An error means that the provider itself failed.
	Render(ctx context.Context, p *plan.Plan) ([]File, error)

	// Names returns the native names of the plan's resources, to detect collisions between
	// tenants.
	Names(p *plan.Plan) ([]NativeName, error)
}

// File is one document for the platform's own client.
type File struct {
	Name string // without a directory; no two files of a tenant share one
	Data []byte // text that ends with a newline

	Workload string // its workload; empty: the tenant as a whole
}

// NativeName is a name on the platform.
type NativeName struct {
	Scope string    // scope in which the name is unique: service of namespace acme
	Name  string    // acme-web
	Path  diag.Path // path that the name is derived from: workloads.web

	// Help is the help for two tenants with the same name; the default explains that names join
	// ids.
	Help string

	// Concept, if set, means that two tenants may have the same name but not run at the same
	// time: a warning, which a workload at Path accepts.
	Concept diag.Concept
}
