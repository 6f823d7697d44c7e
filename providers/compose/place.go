package compose

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Placer = (*Provider)(nil)

// Place returns the locations of secrets: one machine has no namespaces and no node pools; see
// [provider.Placer]. The ports of the machine are native names.
func (*Provider) Place(p *plan.Plan) (provider.Place, error) {
	t, err := decode(p)
	if err != nil {
		return provider.Place{}, err
	}
	return provider.Place{Sources: provider.SecretSources(t.Secrets, "")}, nil
}
