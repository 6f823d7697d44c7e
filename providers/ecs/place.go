package ecs

import (
	"path"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Placer = (*Provider)(nil)

// Place returns the cluster, the first capacity provider of each workload, the directories of
// EFS that volumes are, and where secrets live; see [provider.Placer].
func (*Provider) Place(p *plan.Plan) (provider.Place, error) {
	t, err := decode(p)
	if err != nil {
		return provider.Place{}, err
	}
	at := provider.Place{Namespace: t.clusterName(), NodePools: map[string]string{}, Sources: provider.SecretSources(t.Secrets, "")}
	for _, w := range t.Workloads {
		if len(w.Ext.CapacityProviders) > 0 {
			at.NodePools[w.Name] = w.Ext.CapacityProviders[0].Name
		}
		for name, v := range plan.Sorted(w.Volumes) {
			system, ok := t.fileSystem(w, name)
			if v.Persistent == nil && v.Shared == "" || !ok {
				continue
			}
			at.Sources = append(at.Sources, provider.Source{
				Kind: "EFS directory", Name: system.place(), Path: w.At("volumes", name), Writes: w.Writes(name), Within: system.within(),
			})
		}
	}
	return at, nil
}

// within returns the places of the directories that contain a file system's directory: none for
// an access point, whose directory the spec does not say.
func (e efs) within() (places []string) {
	if e.Authorization != nil && e.Authorization.AccessPointID != "" {
		return nil
	}
	for dir := path.Clean("/" + e.RootDirectory); dir != "/"; {
		dir = path.Dir(dir)
		places = append(places, e.FileSystemID+":"+dir)
	}
	return places
}
