package ecs

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

func volumeOwners(c *check, w *workload) {
	if w.windows() {
		return
	}
	for cname, container := range plan.Sorted(w.Containers) {
		user, _, _ := strings.Cut(container.User, ":")
		if isRoot(user) {
			continue
		}
		for mpath, m := range plan.Sorted(container.Mounts) {
			if m.Volume == "" || m.ReadOnly || w.inMemory(m) || w.ownerChanged(m.Volume) {
				continue
			}
			at := w.AtContainer(cname, "mounts", mpath, "volume")
			if v := w.Volumes[m.Volume]; v.Persistent == nil && v.Shared == "" {
				c.approximate("volumes", at, docs+"bind-mounts.html",
					"let an init container that runs as root change the owner, or build the image with VOLUME and the owner, or use medium memory",
					"a new volume belongs to root: user %q cannot write to %q", container.User, mpath)
				continue
			}
			source, ok := c.fileSystem(w, m.Volume)
			if !ok {
				continue // reported by the rule of its kind of volume
			}
			if source.Authorization != nil && source.Authorization.AccessPointID != "" {
				continue // it may make every user its own
			}
			if strings.Trim(source.RootDirectory, "/") != "" {
				c.Notef("volumes", at, "user %q writes to %q only if the directory %s of the file system is the user's", container.User, mpath, source.RootDirectory)
				continue
			}
			c.approximate("volumes", at, "https://docs.aws.amazon.com/efs/latest/ug/accessing-fs-nfs-permissions.html",
				"mount it by an access point with a POSIX user, under extensions.ecs.volumes",
				"the file system's root belongs to root: user %q cannot write to %q", container.User, mpath)
		}
	}
}

// isRoot reports whether a user is or may be root: an unset user is the image's.
func isRoot(user string) bool { return user == "" || user == "root" || strings.Trim(user, "0") == "" }

// ownerChanged reports whether an init container that may be root prepares the volume.
func (w *workload) ownerChanged(vname string) bool {
	for _, container := range w.Containers {
		if user, _, _ := strings.Cut(container.User, ":"); container.Role != plan.Init || !isRoot(user) {
			continue
		}
		for _, m := range container.Mounts {
			if m.Volume == vname && !m.ReadOnly {
				return true
			}
		}
	}
	return false
}
