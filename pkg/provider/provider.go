// Package provider defines what a platform is to the core: one interface, a registry of its
// implementations, and the recorded lifecycle of the official providers.
//
// # Stability
//
// The methods of [Provider] stay, and none is added: what else a provider may do comes as an
// interface of its own, such as [Renderer], [Differ], [Defaulter] and [Lifecycle], which callers
// ask for by a type assertion. So a provider written today compiles tomorrow. Results, statuses and
// records only gain fields. Releases may add effects between those that there are: compare them with
// [Effect.AtLeast].
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

	// Validate returns what the platform would refuse, or do differently. A diagnostic has the
	// author's path in the spec (workloads.web.replicas, not a field of the plan); the core
	// sets Tenant, Provider and Range. An error means that the provider itself failed.
	Validate(ctx context.Context, p *plan.Plan) (diag.List, error)

	// Provision records a valid plan. Repeating it changes nothing; another plan for the same
	// tenant is ErrTenantExists.
	Provision(ctx context.Context, p *plan.Plan) (Result, error)

	// Update records a new plan for a tenant and returns the changes, with their effects on the
	// platform. An absent tenant is ErrTenantNotFound.
	Update(ctx context.Context, p *plan.Plan) (Result, error)

	// Destroy deletes the record of a tenant. An absent tenant: nil, so a retry is safe.
	Destroy(ctx context.Context, tenant string) (Result, error)

	// GetStatus returns the recorded status of a tenant, or ErrTenantNotFound.
	GetStatus(ctx context.Context, tenant string) (Status, error)
}

// Defaulter is a provider whose platform sets amounts that the author does not.
type Defaulter interface {
	Provider

	// Defaults returns those amounts, by their paths in the spec, as an author would write them
	// or in the platform's own unit: see [plan.Plan.Defaults]. The core calls it before
	// Validate, with a plan that has none.
	Defaults(p *plan.Plan) (map[string]string, error)
}

// Info describes a provider.
type Info struct {
	Name   string // what authors write in `provider`: a lower-case word
	Doc    string // one sentence: what it compiles to
	URL    string // the platform's own documentation
	Schema Schema

	// Support is what the platform makes of the fields of the spec, in the spec's order, for
	// explain and portability. Validate agrees with it.
	Support []Support

	// Rules are the checks of Validate, for readers: see [Rules].
	Rules []RuleInfo

	// Starter is YAML with the platform's patches to the specs that init writes. It patches the
	// parts of the templates (package starter) by name, and all of them by the name all: a
	// mapping is merged, null removes a field. Empty if the templates need no patch.
	Starter []byte
}

// Schema is the provider's CUE package, whose #Tenant is the core's, narrowed to what the
// platform accepts, with the provider's extensions closed.
type Schema struct {
	ImportPath string // github.com/cuecompute/cuecompute/providers/nomad
	Files      fs.FS  // its *.cue files, at the root

	// Compiled is the precompiled schema, as make generate writes it to tenant.shape. If it is
	// empty or out of date, each run compiles the schema.
	Compiled string
}

// Outcome is the outcome of an operation. Providers of this repository call no platform: they
// only record.
type Outcome string

// Recorded is the outcome of an operation that was only recorded, in memory or in the caller's
// [Store].
const Recorded Outcome = "recorded"

// Operation is an operation of the lifecycle.
type Operation string

// The operations.
const (
	OpProvision Operation = "provision"
	OpUpdate    Operation = "update"
	OpDestroy   Operation = "destroy"
	OpMove      Operation = "move" // from one provider to another: see [Move]
)

// Result is the result of an operation.
type Result struct {
	Provider  string    `json:"provider"`
	Tenant    string    `json:"tenant"`
	Operation Operation `json:"operation"`
	Outcome   Outcome   `json:"outcome"`

	// Revision and Digest are those of the tenant after the operation, empty for a destroyed
	// tenant.
	Revision int    `json:"revision,omitempty"`
	Digest   string `json:"digest,omitempty"`

	// From is the provider that the tenant moved from: see [Move].
	From string `json:"from,omitempty"`

	Changes []Change `json:"changes"` // empty if nothing changed
}

// Status is the recorded status of a tenant.
type Status struct {
	Provider  string   `json:"provider"`
	Tenant    string   `json:"tenant"`
	State     Outcome  `json:"state"`            // Recorded: nothing is known to run
	Revision  int      `json:"revision"`         // 1 after Provision; each Update with a change adds 1
	Digest    string   `json:"digest,omitempty"` // of the recorded plan: see [plan.Plan.Digest]
	Workloads []string `json:"workloads"`        // names, sorted
}
