// Package provider is what a platform is to the core: one interface, a registry of
// its implementations, and the recorded lifecycle that the official ones share.
package provider

import (
	"context"
	"io/fs"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Provider compiles plans to one platform. Its methods are safe for concurrent
// use, return promptly with ctx.Err() once ctx is done, and do not change the plan.
type Provider interface {
	// Info describes the provider; it is the same at every call.
	Info() Info

	// Validate returns what the platform would refuse or do otherwise than written.
	// A diagnostic names the author's path in the spec (workloads.web.replicas, not a
	// field of the plan); the core finds its place. Tenant, Provider and Range are
	// filled in by the core. An error means that the provider itself failed.
	Validate(ctx context.Context, p *plan.Plan) (diag.List, error)

	// Provision records a plan that Validate passed. The same plan again changes
	// nothing; another plan for the same tenant is ErrTenantExists.
	Provision(ctx context.Context, p *plan.Plan) (Result, error)

	// Update records a new plan for a tenant and says what changed, and what each
	// change means on the platform. An absent tenant is ErrTenantNotFound.
	Update(ctx context.Context, p *plan.Plan) (Result, error)

	// Destroy forgets a tenant. An absent tenant: nil, so a retry is safe.
	Destroy(ctx context.Context, tenant string) (Result, error)

	// GetStatus returns what is recorded of a tenant, or ErrTenantNotFound.
	GetStatus(ctx context.Context, tenant string) (Status, error)
}

// Defaulter is a provider whose platform sets amounts of its own where an author states none.
type Defaulter interface {
	Provider

	// Defaults returns those amounts, by their paths in the spec, as an author would write
	// them or in the platform's own unit: see [plan.Plan.Defaults]. The core calls it with a
	// plan that has none, before Validate.
	Defaults(p *plan.Plan) (map[string]string, error)
}

// Info is what a provider says of itself.
type Info struct {
	Name   string // what authors write in `provider`: a lower-case word
	Doc    string // one sentence: what it compiles to
	URL    string // the platform's own documentation
	Schema Schema

	// Support is what the platform makes of the fields of the spec, in the spec's
	// order: what explain and portability show. Validate says the same of each spec.
	Support []Support

	// Rules are what Validate checks, for readers: see [Rules].
	Rules []RuleInfo

	// Starter is YAML: how the first specs that init writes are otherwise for this platform.
	// It patches the parts of the templates (package starter), by their names, and all of
	// them by the name all: a mapping is merged, null removes a field. Empty where the
	// templates suit the platform as they are.
	Starter []byte
}

// Schema is the provider's CUE package, whose #Tenant is the core's, narrowed to what
// the platform takes and with the provider's extensions closed.
type Schema struct {
	ImportPath string // github.com/cuecompute/cuecompute/providers/nomad
	Files      fs.FS  // its *.cue files, at the root

	// Compiled is the schema precompiled, as make generate writes it to tenant.shape.
	// It may be empty, or of older files: a run then compiles the schema when it starts.
	Compiled string
}

// Outcome says what became of an operation. Providers of this repository call no
// platform: all that they do is to record.
type Outcome string

// Recorded is the outcome of an operation that was noted, in memory or in the caller's
// [Store], and nothing else.
const Recorded Outcome = "recorded"

// Operation is one of the lifecycle's.
type Operation string

// The operations.
const (
	OpProvision Operation = "provision"
	OpUpdate    Operation = "update"
	OpDestroy   Operation = "destroy"
	OpMove      Operation = "move" // from one provider to another: see [Move]
)

// Result is what an operation did.
type Result struct {
	Provider  string    `json:"provider"`
	Tenant    string    `json:"tenant"`
	Operation Operation `json:"operation"`
	Outcome   Outcome   `json:"outcome"`

	// Revision and Digest are what the tenant's status has after the operation; of one that is
	// destroyed, there are none.
	Revision int    `json:"revision,omitempty"`
	Digest   string `json:"digest,omitempty"`

	// From is the provider that the tenant moved from: see [Move].
	From string `json:"from,omitempty"`

	Changes []Change `json:"changes"` // empty where nothing changed
}

// Status is what is recorded of a tenant.
type Status struct {
	Provider  string   `json:"provider"`
	Tenant    string   `json:"tenant"`
	State     Outcome  `json:"state"`            // Recorded: nothing is known to run
	Revision  int      `json:"revision"`         // 1 after Provision; each Update that changed something adds 1
	Digest    string   `json:"digest,omitempty"` // of the recorded plan: see [plan.Plan.Digest]
	Workloads []string `json:"workloads"`        // names, sorted
}
