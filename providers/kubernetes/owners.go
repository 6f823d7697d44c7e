package kubernetes

import "github.com/cuecompute/cuecompute/pkg/plan"

// volumeGroup is the group that has to own a pod's volumes: many new ones belong to root, and
// a process of another user cannot write to them. The kubelet gives files to the pod's fsGroup,
// of which every process of the pod is a member (kubernetes/kubernetes, ChangePermissions in
// pkg/volume/volume_linux.go; documentation, "Configure a Security Context for a Pod or
// Container"). It is the stated group of the first container that writes to a persistent volume
// as another user than root, or the user's number where no group is stated: any number will do,
// as long as it is the pod's. ok is false where the extension says it, or none is needed.
// Checked 2026-11-29.
func (w *workload) volumeGroup() (group int64, ok bool) {
	if w.Ext.FSGroup != nil || w.Windows() {
		return 0, false
	}
	for n, ctr := range w.all {
		as, number := linuxUser(ctr.User)
		switch {
		case w.writesTo(n) == "" || !number || as.user == 0:
		case as.group >= 0:
			return as.group, true
		default:
			return as.user, true
		}
	}
	return 0, false
}

// writesTo returns the first volume that outlives the pod and that a container may write to; "": none.
func (w *workload) writesTo(container string) string {
	for _, m := range plan.Sorted(w.Containers[container].Mounts) {
		if v := w.Volumes[m.Volume]; !m.ReadOnly && (v.Persistent != nil || v.Shared != "") {
			return m.Volume
		}
	}
	return ""
}

func owners(c *check, w *workload) {
	if _, known := w.volumeGroup(); known || w.Ext.FSGroup != nil || w.Windows() {
		return
	}
	for n, ctr := range w.all {
		if v := w.writesTo(n); v != "" && ctr.User == "" && ctr.Security != nil && ctr.Security.RunAsNonRoot {
			d := c.Notef("user", w.At("containers", n, "security", "runAsNonRoot"), "volume %q may belong to root, and the image's user cannot write to it then", v)
			d.Help = "state user by number, or extensions.kubernetes.fsGroup"
			d.Docs = securityDocs
		}
	}
}
