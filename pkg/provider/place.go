package provider

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Placer is a provider that reports the location of a plan's tenant: package fleet counts
// tenants by it, and finds what several tenants share.
type Placer interface {
	Provider

	// Place returns the location of the tenant of a valid plan. An error means that the
	// provider itself failed.
	Place(p *plan.Plan) (Place, error)
}

// Place is the location of a tenant, and what it may share with others.
type Place struct {
	Namespace string            // or a cluster, in which names are unique; empty: not set
	NodePools map[string]string // by workload, for those that set one
	Sources   []Source
	HostPorts []HostPort
}

// Source is storage of the platform, or a secret, that a tenant uses but does not create.
type Source struct {
	Kind   string    // EFS directory, secret of namespace acme
	Name   string    // unique for its kind: fs-0123456789abcdef0:/data
	Path   diag.Path // path in the spec
	Writes bool      // otherwise it is only read
	Within []string  // names of the sources that contain it: fs-0123456789abcdef0:/
}

// HostPort is a port that a workload uses on each machine with a copy.
type HostPort struct {
	Of       string // which machines: node pool default of region global
	Number   int
	Protocol string    // tcp or udp; empty: both
	Path     diag.Path // of the port in the spec
}

// SecretSources returns the locations of a tenant's secrets. where is the scope of their paths:
// " of namespace acme".
func SecretSources(secrets map[string]plan.Secret, where string) []Source {
	all := make([]Source, 0, len(secrets))
	for name, s := range plan.Sorted(secrets) {
		all = append(all, Source{Kind: "secret" + where, Name: s.Path, Path: diag.At("secrets", name)})
	}
	return all
}
