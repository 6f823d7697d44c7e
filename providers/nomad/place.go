package nomad

import (
	"cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Placer = (*Provider)(nil)

// Place returns the namespace, the node pools, the static ports of machines and the variables
// that secrets are; see [provider.Placer].
func (*Provider) Place(p *plan.Plan) (provider.Place, error) {
	t, err := decode(p)
	if err != nil {
		return provider.Place{}, err
	}
	where := " of namespace " + t.Ext.Namespace
	if t.Ext.Vault != nil {
		where = " of vault"
	}
	at := provider.Place{Namespace: t.Ext.Namespace, NodePools: map[string]string{}, Sources: provider.SecretSources(t.Secrets, where)}
	for _, w := range t.Workloads {
		pool := cmp.Or(w.Ext.NodePool, t.Ext.NodePool, "default")
		at.NodePools[w.Name] = pool
		for cname, c := range plan.Sorted(w.Containers) {
			for name, port := range plan.Sorted(c.Ports) {
				if port.Expose != "public" {
					continue
				}
				at.HostPorts = append(at.HostPorts, provider.HostPort{
					Of: "node pool " + pool + " in region " + t.Ext.Region, Number: port.Number, // for tcp and udp alike
					Path: w.AtContainer(cname, "ports", name),
				})
			}
		}
	}
	return at, nil
}
