package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Placer = (*Provider)(nil)

// poolLabels are the labels that clusters give the machines of a node pool (GKE, EKS, AKS and
// Karpenter, each from its documentation, checked 2026-11-29).
var poolLabels = []string{
	"cloud.google.com/gke-nodepool", "eks.amazonaws.com/nodegroup", "kubernetes.azure.com/agentpool", "agentpool", "karpenter.sh/nodepool",
}

// Place returns the namespace, the node pools that nodeSelector names, and the Secrets; see
// [provider.Placer].
func (*Provider) Place(p *plan.Plan) (provider.Place, error) {
	t, err := decode(p)
	if err != nil {
		return provider.Place{}, err
	}
	where := " of the namespace in use"
	if t.Ext.Namespace != "" {
		where = " of namespace " + t.Ext.Namespace
	}
	at := provider.Place{Namespace: t.Ext.Namespace, NodePools: map[string]string{}, Sources: provider.SecretSources(t.Secrets, where)}
	for _, w := range t.Workloads {
		for _, label := range poolLabels {
			if pool := w.Ext.NodeSelector[label]; pool != "" {
				at.NodePools[w.Name] = pool
				break
			}
		}
	}
	return at, nil
}
