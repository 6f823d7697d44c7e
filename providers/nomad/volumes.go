package nomad

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// mountPaths: docker refuses a second mount at one path.
func mountPaths(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for at := range plan.Sorted(container.Mounts) {
			if !slices.Contains(takenPaths, at) {
				continue
			}
			d := c.Errorf(diag.Conflict, w.AtContainer(cname, "mounts", at), "nomad mounts something of its own at %s", at)
			d.Help = "mount it elsewhere, or below that path"
			if at == "/etc/hosts" {
				d.Help = "leave the file to nomad"
			}
			d.Docs = "https://developer.hashicorp.com/nomad/docs/runtime"
		}
	}
}

// ephemeralVolumes: those on disk are directories of the allocation, whose size only counts in
// placement (the ephemeral_disk block); those in memory are a tmpfs of one container.
func ephemeralVolumes(c *check, w *workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Ephemeral == nil {
			continue
		}
		path := w.At("volumes", name, "ephemeral")
		switch mounts := w.MountsOf(name); {
		case v.Ephemeral.Medium == "memory" && mounts > 1:
			d := c.Errorf(diag.Unsupported, path.To("medium"), "nomad keeps a volume in memory for one mount, and %q has %d", name, mounts)
			d.Help = `keep it on "disk", which containers share`
		case v.Ephemeral.Medium == "disk" && v.Ephemeral.SizeMiB > 0:
			d := c.Notef("volumes", path.To("size"), "nomad finds a machine with room for volume %q, but does not hold it to its size", name)
			d.Docs = docs + "ephemeral_disk#size"
		}
	}
}

// diskOwners: Nomad creates two directories that volumes on disk can use; see diskDir.
func diskOwners(c *check, w *workload) {
	for i, name := range diskVolumes(w.Workload) {
		path := w.At("volumes", name, "ephemeral")
		var d *diag.Diagnostic
		switch {
		case i < len(sharedDirs):
			continue
		case w.Ext.Driver == "podman":
			d = c.Errorf(diag.Unsupported, path, "nomad makes %d directories for volumes on disk, and podman none for volume %q", len(sharedDirs), name)
		default:
			d = c.Notef("volumes", path, "volume %q is a directory of root's, which a process of another user cannot write", name)
		}
		d.Help = "keep it in memory, or let containers share one volume on disk"
	}
}

// mkdirPlugin creates host volumes if the author names no other plug-in.
const mkdirPlugin = "mkdir"

// persistentVolumes: one for each copy, created by the plug-in in class. A CSI volume needs
// one; a host volume's default is mkdir, which creates a directory without a size limit
// (client/hostvolumemanager.HostVolumePluginMkdir).
func persistentVolumes(c *check, w *workload) {
	since, of := stickyVersion, 0
	for name, v := range w.Volumes {
		if v.Persistent != nil && w.Ext.Volumes[name].Type != "csi" {
			of++
		}
	}
	if of > 1 {
		since = stickyVersionOfSeveral
	}
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Persistent == nil {
			continue
		}
		path := w.At("volumes", name, "persistent")
		class := v.Persistent.Class
		csi := w.Ext.Volumes[name].Type == "csi"
		switch {
		case csi && class == "":
			d := c.Errorf(diag.MissingField, path.To("class"), "a csi volume is made by a plugin, and volume %q names none", name)
			d.Help = "set class to the plugin's ID"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/volume/csi"
		case !csi && (class == "" || class == mkdirPlugin):
			d := c.Notef("volumes", path.To("size"), "nomad's mkdir plugin does not hold volume %q to its size", name)
			d.Help = "set class to a plugin of the landlord's that does"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/volume/host"
		}
		if csi {
			continue
		}
		d := c.Notef("volumes", path, "each of %d copies runs on a machine of its own, where its volume %q is, and comes back to it (from nomad %s on)", w.MostReplicas(), name, since)
		d.Help = `for volumes that follow a copy to another machine, set extensions.nomad.volumes to type "csi"`
		d.Docs = "https://developer.hashicorp.com/nomad/docs/job-specification/volume#sticky"
	}
}

// volumeRows are the rows of volumes.
var volumeRows = provider.Table{
	{Field: "workloads.volumes", Effect: rolling, Source: "scheduler/util.go, tasksUpdated"},
	{Field: "workloads.volumes.persistent", When: "of CSI", Level: exact, How: "a volume of each copy's own (`per_alloc`), with a file for `nomad volume create`", Effect: provider.EffectFunc(storedVolume)},
	{Field: "workloads.volumes.persistent", When: "of the host", Level: approximated, How: "a `sticky` host volume on a machine of its own for each copy, from Nomad 1.11.3 on, and of several volumes from 1.11.8 or 2.0.4 on", Instead: "set the extension's type to csi for volumes that follow a copy to another machine"},
	{Field: "workloads.volumes.persistent.size", Level: exact, How: "`capacity_min` and `capacity_max`"},
	{Field: "workloads.volumes.persistent.size", When: "without a class", Level: approximated, How: "the mkdir plugin makes a directory of any size", Instead: "set class to a plugin of the landlord's"},
	{Field: "workloads.volumes.persistent.class", Level: exact, How: "`plugin_id`"},
	{Field: "workloads.volumes.shared", When: "of CSI", Level: exact, How: "a `volume` that many machines mount, and its `volume_mount`"},
	{Field: "workloads.volumes.shared", When: "of the host", Level: approximated, How: "a dynamic host volume, on one machine, where all who mount it run", Instead: "set the extension's type to csi"},
	{Field: "workloads.volumes.shared", When: "of a daemon, on the host", Level: unsupported, How: "the volume is on one machine", Instead: "set the extension's type to csi"},
	{Field: "workloads.volumes.ephemeral", When: "the first two on disk", Level: exact, How: "the allocation's directories data and tmp"},
	{Field: "workloads.volumes.ephemeral", When: "another on disk, with podman", Level: unsupported, How: "podman makes no directory for it", Instead: "keep it in memory, or share one volume on disk"},
	{Field: "workloads.volumes.ephemeral", When: "another on disk, with docker", Level: approximated, How: "a directory of the allocation that belongs to root", Instead: "keep it in memory, or share one volume on disk"},
	{Field: "workloads.volumes.ephemeral.size", When: "in memory", Level: exact, How: "the size of the tmpfs"},
	{Field: "workloads.volumes.ephemeral.size", When: "on disk", Level: approximated, How: "`ephemeral_disk` finds room for it, and does not hold it to that", Instead: "keep it in memory, or leave size out"},
	{Field: "workloads.volumes.ephemeral.medium", When: "disk", Level: exact, How: "a directory of the allocation"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory", Level: exact, How: "a tmpfs of the container"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory, with several mounts", Level: unsupported, How: "a tmpfs is of one container", Instead: "keep it on disk, which containers share"},
}
