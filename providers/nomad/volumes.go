package nomad

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// mountPaths: a second mount at one path is refused by docker.
func mountPaths(c *check, w workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for at := range plan.Sorted(container.Mounts) {
			if !slices.Contains(takenPaths, at) {
				continue
			}
			d := c.Errorf(diag.Conflict, w.container(cname).To("mounts", at), "nomad mounts something of its own at %s", at)
			d.Help = "mount it elsewhere, or below that path"
			if at == "/etc/hosts" {
				d.Help = "leave the file to nomad"
			}
			d.Docs = "https://developer.hashicorp.com/nomad/docs/runtime"
		}
	}
}

// ephemeralVolumes: those on disk are directories of the allocation, whose size counts in
// placement only (the ephemeral_disk block); those in memory are a tmpfs of one container.
func ephemeralVolumes(c *check, w workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Ephemeral == nil {
			continue
		}
		path := w.path.To("volumes", name, "ephemeral")
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

// diskOwners: Nomad makes two directories that volumes on disk can be; see diskDir.
func diskOwners(c *check, w workload) {
	for i, name := range diskVolumes(w.Workload) {
		path := w.path.To("volumes", name, "ephemeral")
		var d *diag.Diagnostic
		switch {
		case i < len(sharedDirs):
			continue
		case w.ext.Driver == "podman":
			d = c.Errorf(diag.Unsupported, path, "nomad makes %d directories for volumes on disk, and podman none for volume %q", len(sharedDirs), name)
		default:
			d = c.Notef("volumes", path, "volume %q is a directory of root's, which a process of another user cannot write", name)
		}
		d.Help = "keep it in memory, or let containers share one volume on disk"
	}
}

// mkdirPlugin makes host volumes where the author names no other plug-in.
const mkdirPlugin = "mkdir"

// persistentVolumes: one a copy, made by the plug-in that class names. A CSI
// volume cannot do without one; a host volume's is mkdir, which makes a directory of any
// size (client/hostvolumemanager.HostVolumePluginMkdir).
func persistentVolumes(c *check, w workload) {
	since, of := stickyVersion, 0
	for name, v := range w.Volumes {
		if v.Persistent != nil && w.ext.Volumes[name].Type != "csi" {
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
		path := w.path.To("volumes", name, "persistent")
		class := v.Persistent.Class
		csi := w.ext.Volumes[name].Type == "csi"
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
