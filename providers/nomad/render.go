package nomad

import (
	"context"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Renderer = (*Provider)(nil)

// renderer makes the documents of one plan.
type renderer struct{ *tenant }

// Render returns the volumes of the tenant and, for each workload, those of its copies for
// `nomad volume create`, and its job for `nomad job run -json`; see [provider.Renderer].
func (*Provider) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	r := &renderer{t}
	var files []provider.File
	for _, v := range r.sharedSpecs() {
		files = append(files, document(v.file+".volume.json", v.spec))
	}
	for _, w := range t.Workloads {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		first := len(files)
		for _, v := range r.volumeSpecs(w) {
			files = append(files, document(w.Name+"."+v.file+".volume.json", v.spec))
		}
		files = append(files, document(w.Name+".nomad.json", jobFile{Job: r.job(w)}))
		for i := range files[first:] {
			files[first+i].Workload = w.Name
		}
	}
	return files, nil
}

// Names returns the IDs of the plan's jobs, which are also the names of their services, and the
// names of its volumes; see [provider.Renderer]. Names in Consul and a gateway have no Nomad
// namespace.
func (*Provider) Names(p *plan.Plan) ([]provider.NativeName, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	var names []provider.NativeName
	add := func(scope, name string, path diag.Path) {
		names = append(names, provider.NativeName{Scope: scope, Name: name, Path: path})
	}
	where := " of namespace " + t.Ext.Namespace + " in region " + t.Ext.Region
	for name := range plan.Sorted(p.Volumes) {
		add("volume"+where, sharedSource(t, name), diag.At("volumes", name))
	}
	for _, w := range t.Workloads {
		add("job"+where, nativeName(p.ID, w.Name), w.Path)
		if t.Ext.ServiceProvider == "consul" {
			add("service of consul", nativeName(p.ID, w.Name), w.Path)
		}
		for name, v := range plan.Sorted(w.Volumes) {
			if v.Persistent != nil {
				add("volume"+where, volumeSource(p.ID, w, name), w.At("volumes", name))
			}
		}
		if len(w.Ingress) > 0 {
			add("router of the gateway", nativeName(p.ID, w.Name), w.At("ingress"))
			names = append(names, provider.Addresses(&w.Workload, w.Path, "")...)
		}
	}
	return names, nil
}
