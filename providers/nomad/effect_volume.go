package nomad

import (
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// storedVolume: a job claims its volumes by name, and they are not part of it. Only an added or
// removed volume changes the job.
func storedVolume(c provider.Changed) provider.Effect {
	was := c.Was()
	if was.Volumes[c.Path[3]].Persistent == nil {
		return rolling.EffectOf(c)
	}
	return stored(c.From, c.To, c.Workload)
}

// stored returns the effect on the volumes that a workload has in both plans.
func stored(from, to *plan.Plan, name string) provider.Effect {
	was, errWas := decode(from)
	is, errIs := decode(to)
	if errWas != nil || errIs != nil {
		return provider.EffectUnknown // for plans with errors
	}
	before, _ := was.Find(name)
	after, _ := is.Find(name)
	worst := none
	for vname, v := range after.Volumes {
		if v.Persistent != nil && before.Volumes[vname].Persistent != nil {
			worst = provider.Worse(worst, keptIn(was, before, vname).becomes(keptIn(is, after, vname)))
		}
	}
	for vname := range from.Volumes {
		if _, both := to.Volumes[vname]; both && before.Shares(vname) {
			worst = provider.Worse(worst, sharedIn(was, vname).becomes(sharedIn(is, vname)))
		}
	}
	return worst
}

// volumePlace is the location and kind of a persistent volume.
type volumePlace struct {
	source, class, pool string
	csi                 bool
	sizeMiB             int64
	accessMode          string
}

func keptIn(t *tenant, w *workload, vname string) volumePlace {
	persistent, native := w.Volumes[vname].Persistent, w.Ext.Volumes[vname]
	at := volumePlace{
		source:     volumeSource(t.Plan.ID, w, vname),
		class:      persistent.Class,
		csi:        native.Type == "csi",
		sizeMiB:    persistent.SizeMiB,
		accessMode: native.csiAccess(),
	}
	if !at.csi {
		at.pool = nodePool(t, w)
	}
	return at
}

// becomes returns the effect of replacing one volume place with another. A volume cannot
// shrink, move to another plug-in or node pool, or be renamed: the result is a new, empty
// volume. A host volume is not updated while a copy claims it, so its job has to end first; a
// CSI volume can be expanded in use if its plug-in supports it
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
