package nomad

import (
	"cmp"
	"fmt"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// multiWriter is the access mode of a CSI volume that several machines claim.
const multiWriter = "multi-node-multi-writer"

// isMounted reports whether a container gets a volume by a volume_mount.
func isMounted(v plan.Volume) bool { return v.Persistent != nil || v.Shared != "" }

// sharedSource returns the name of one of the tenant's volumes. The dot distinguishes it from
// those of workloads.
func sharedSource(t *tenant, name string) string {
	return cmp.Or(t.Ext.Volumes[name].Source, t.Plan.ID+"."+name)
}

// sharedRequest returns a group's claim of one of the tenant's volumes: a CSI volume on any
// machine,
// or a host volume, which is on one (HostVolumeChecker in scheduler/feasible/feasible.go; checked
// 2026-11-29).
func sharedRequest(t *tenant, name, shared string) *api.VolumeRequest {
	request := &api.VolumeRequest{Name: name, Type: "host", Source: sharedSource(t, shared), AccessMode: manyWriters, AttachmentMode: fileSystem}
	if native := t.Ext.Volumes[shared]; native.Type == "csi" {
		request.Type, request.AccessMode = "csi", cmp.Or(native.AccessMode, multiWriter)
	}
	return request
}

// sharedSpecs returns the tenant's volumes, including those that no workload uses.
func (r *renderer) sharedSpecs() []volumeSpecFile {
	var out []volumeSpecFile
	for name, v := range plan.Sorted(r.Plan.Volumes) {
		size := fmt.Sprintf("%dMiB", v.SizeMiB)
		spec := volumeSpec{
			Name:        sharedSource(r.tenant, name),
			Namespace:   r.Ext.Namespace,
			Type:        "host",
			PluginID:    v.Class,
			CapacityMin: size,
			CapacityMax: size,
			Capability:  []volumeCapability{{manyWriters, fileSystem}},
		}
		if native := r.Ext.Volumes[name]; native.Type == "csi" {
			spec.Type, spec.ID = "csi", spec.Name
			spec.Capability = []volumeCapability{{cmp.Or(native.AccessMode, multiWriter), fileSystem}}
		} else {
			spec.PluginID = cmp.Or(spec.PluginID, mkdirPlugin)
			spec.NodePool = r.Ext.NodePool
		}
		out = append(out, volumeSpecFile{name, spec})
	}
	return out
}

// sharedVolumes: a plug-in creates a CSI volume, and a host volume is on one machine.
func sharedVolumes(c *check) {
	for name := range plan.Sorted(c.Ext.Volumes) {
		if _, ok := c.Plan.Volumes[name]; !ok {
			d := c.Errorf(diag.UnknownName, c.AtExtension("volumes", name), "no volume %q of the tenant", name)
			d.Help = "declare it under the tenant's volumes"
		}
	}
	for name, v := range plan.Sorted(c.Plan.Volumes) {
		at := diag.At("volumes", name)
		if c.Ext.Volumes[name].Type == "csi" {
			if v.Class == "" {
				d := c.Errorf(diag.MissingField, at.To("class"), "a csi volume is made by a plugin, and volume %q names none", name)
				d.Help = "set class to the plugin's ID"
				d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/volume/csi"
			}
			continue
		}
		if v.Class == "" || v.Class == mkdirPlugin {
			d := c.Notef("volumes", at.To("size"), "nomad's mkdir plugin does not hold volume %q to its size", name)
			d.Help = "set class to a plugin of the landlord's that does"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/volume/host"
		}
	}
}

// sharedMounts: a workload that mounts a host volume runs on the volume's machine.
func sharedMounts(c *check, w *workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Shared == "" || c.Ext.Volumes[v.Shared].Type == "csi" {
			continue
		}
		at := w.At("volumes", name, "shared")
		var d *diag.Diagnostic
		switch {
		case w.Kind == plan.Daemon:
			d = c.Errorf(diag.Unsupported, at, "a daemon runs on every machine, and volume %q of the host is on one", v.Shared)
			d.Help = `set extensions.nomad.volumes to type "csi"`
		case nodePool(c.tenant, w) != c.Ext.NodePool:
			d = c.Errorf(diag.Conflict, at, "volume %q is on a machine of node pool %q, and workload %q runs in %q", v.Shared, c.Ext.NodePool, w.Name, nodePool(c.tenant, w))
			d.Help = `leave nodePool out, or set extensions.nomad.volumes to type "csi"`
		default:
			d = c.Approximate("volumes", at, "nomad places all who mount volume %q on the one machine where it is", v.Shared)
			d.Help = `set extensions.nomad.volumes to type "csi", or list volumes in the workload's accept`
		}
		d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/volume/host"
	}
}

// sharedIn returns the location and kind of one of the tenant's volumes.
func sharedIn(t *tenant, name string) volumePlace {
	v, native := t.Plan.Volumes[name], t.Ext.Volumes[name]
	at := volumePlace{
		source:     sharedSource(t, name),
		class:      v.Class,
		csi:        native.Type == "csi",
		sizeMiB:    v.SizeMiB,
		accessMode: cmp.Or(native.AccessMode, multiWriter),
	}
	if !at.csi {
		at.pool = t.Ext.NodePool
	}
	return at
}

// sharedStored is what becomes of a volume that the tenant has in both plans, and of those who
// mount it where their claim is another.
func sharedStored(c provider.Changed) provider.Effect {
	was, errWas := decode(c.From)
	is, errIs := decode(c.To)
	if errWas != nil || errIs != nil {
		return provider.EffectUnknown // for plans with errors
	}
	name, claimed := c.Path[1], none
	if c.Path.Within("extension") {
		if len(c.Path) < 3 {
			return provider.EffectUnknown
		}
		name = c.Path[2]
		if w := c.Is(); w.Shares(name) {
			claimed = rolling.EffectOf(c)
		}
	}
	return provider.Worse(claimed, sharedIn(was, name).becomes(sharedIn(is, name)))
}
