package provider

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Placer is a provider that says where a plan's tenant lives among others: what package
// fleet counts tenants by, and what several tenants may share.
type Placer interface {
	Provider

	// Place returns where the tenant of a plan that Validate passed lives. An error means that
	// the provider itself failed.
	Place(p *plan.Plan) (Place, error)
}

// Place is where a tenant lives, and what it shares with others.
type Place struct {
	Namespace string            // or a cluster, which names are unique in; empty: none that is stated
	NodePools map[string]string // by workload, of those whose machines are stated
	Sources   []Source
	HostPorts []HostPort
}

// Source is storage of the platform's, or a secret, that a tenant does not make itself.
type Source struct {
	Kind   string    // EFS directory, secret of namespace acme
	Name   string    // unique for its kind: fs-0123456789abcdef0:/data
	Path   diag.Path // where the spec names it
	Writes bool      // or it is only read
}

// HostPort is a port that a workload takes on each machine that runs a copy.
type HostPort struct {
	Of       string // which machines: node pool default of region global
	Number   int
	Protocol string    // tcp or udp; empty: both
	Path     diag.Path // of the port in the spec
}

// SecretSources returns the places that a tenant's secrets are read from. Where says what
// their paths are unique in: " of namespace acme".
func SecretSources(secrets map[string]plan.Secret, where string) []Source {
	all := make([]Source, 0, len(secrets))
	for name, s := range plan.Sorted(secrets) {
		all = append(all, Source{Kind: "secret" + where, Name: s.Path, Path: diag.At("secrets", name)})
	}
	return all
}
