package nomad

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// stored is what becomes of the volumes that a workload has in both plans. They are no
// part of its job, whose claims name them.
func stored(from, to *plan.Plan, name string) provider.Effect {
	worst := provider.EffectNone
	for vname, v := range to.Workloads[name].Volumes {
		if v.Persistent == nil || from.Workloads[name].Volumes[vname].Persistent == nil {
			continue
		}
		was, errWas := keptIn(from, name, vname)
		is, errIs := keptIn(to, name, vname)
		if errWas != nil || errIs != nil {
			return provider.EffectUnknown // of plans that Validate does not pass
		}
		worst = provider.Worse(worst, was.becomes(is))
	}
	return worst
}

// volumePlace is where and how a persistent volume is kept.
type volumePlace struct {
	source, class, pool string
	csi                 bool
	sizeMiB             int64
	accessMode          string
}

func keptIn(p *plan.Plan, name, vname string) (volumePlace, error) {
	tenant, err := tenantExtensionOf(p)
	if err != nil {
		return volumePlace{}, err
	}
	ext, err := workloadExtensionOf(name, p.Workloads[name])
	if err != nil {
		return volumePlace{}, err
	}
	w := workload{Workload: p.Workloads[name], name: name, ext: ext}
	persistent, native := w.Volumes[vname].Persistent, ext.Volumes[vname]
	at := volumePlace{
		source:     volumeSource(p.ID, w, vname),
		class:      persistent.Class,
		csi:        native.Type == "csi",
		sizeMiB:    persistent.SizeMiB,
		accessMode: native.csiAccess(),
	}
	if r := (renderer{plan: p, ext: tenant}); !at.csi {
		at.pool = r.nodePool(w)
	}
	return at, nil
}

// becomes is what it takes to make one place of another. No volume shrinks, goes to
// another plug-in or node pool, or takes another name: what is there then is another one,
// and empty. One of the host's is not updated while a copy claims it, so its job has to
// end first; a CSI volume is expanded while it is in use, where its plug-in can
// (structs.HostVolume.ValidateUpdate, structs.CSIVolume.Merge; the volume specification,
// capacity).
func (p volumePlace) becomes(now volumePlace) provider.Effect {
	same := p
	same.sizeMiB, same.accessMode = now.sizeMiB, now.accessMode
	switch {
	case same != now || p.sizeMiB > now.sizeMiB:
		return provider.DataLoss
	case p == now:
		return provider.EffectNone
	case p.csi && p.accessMode == now.accessMode:
		return provider.InPlace
	}
	return provider.Replacement
}
