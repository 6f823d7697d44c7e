package provider

import (
	"fmt"
	"iter"
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// MountKind is what stands at the path of a mount.
type MountKind string

// The kinds of mount.
const (
	WritableVolume  MountKind = "volume"
	MemoryVolume    MountKind = "volume in memory" // writable
	ReadOnlyVolume  MountKind = "read-only volume"
	ConfigDirectory MountKind = "configuration directory"
	ConfigFile      MountKind = "configuration file"
	SecretFile      MountKind = "secret file"

	// OwnFile is a file inside a configuration directory that has a file of that name.
	OwnFile MountKind = "file of that name"
)

// MountKinds returns all kinds of mount but OwnFile, which depends on the mount around it.
func MountKinds() []MountKind {
	return []MountKind{WritableVolume, MemoryVolume, ReadOnlyVolume, ConfigDirectory, ConfigFile, SecretFile}
}

// Nesting is a platform's table of mounts inside mounts. Mounts below a file are not in it: no
// platform has them, and package relations refuses them.
type Nesting struct {
	Platform string // as in messages: kubernetes

	// Refused says, by the kind of the mount outside and that of the mount inside, why the
	// container would not start or not find what was mounted, as a clause. A pair that has no
	// entry works.
	Refused map[MountKind]map[MountKind]string

	// Own are the files that the platform itself mounts in every container. They need a mount
	// outside that takes a file, as the author's files do.
	Own []string

	Docs string // a page about it
}

// RuntimeFiles are the files that Docker and the container runtimes of Kubernetes mount in
// every container.
//
// Source: moby/moby, NetworkMounts in daemon/container/container_unix.go, and
// containerd/containerd, linuxContainerMounts in internal/cri/server/container_create.go,
// checked 2026-11-29.
var RuntimeFiles = []string{"/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}

// Inside returns the row of a table in which the same holds for each of the kinds inside.
func Inside(why string, kinds ...MountKind) map[MountKind]string {
	row := map[MountKind]string{}
	for _, k := range kinds {
		row[k] = why
	}
	return row
}

// InsideAny returns the row of a table in which nothing may stand inside.
func InsideAny(why string) map[MountKind]string {
	return Inside(why, append(MountKinds(), OwnFile)...)
}

// Check reports the mounts of a workload's containers that the table refuses. The workload's
// path is at.
func (t Nesting) Check(l *diag.List, p *plan.Plan, w *plan.Workload, at diag.Path) {
	for name, c := range plan.Sorted(w.Containers) {
		t.CheckContainer(l, p, w, c.Mounts, func(target string) diag.Path { return at.To("containers", name, "mounts", target) })
	}
}

// CheckContainer is Check for the mounts of one container, as the platform has them: place
// returns the author's path for each.
func (t Nesting) CheckContainer(l *diag.List, p *plan.Plan, w *plan.Workload, mounts map[string]plan.Mount, place func(target string) diag.Path) {
	for n := range nestedMounts(mounts) {
		n.workload, n.files = w, p.Config[n.outerMount.Config]
		if why, refused := t.Refused[n.outerKind()][n.kind()]; refused {
			d := l.Errorf(diag.Unsupported, place(n.path), "%s cannot mount %s inside %s: %s", t.Platform, n.path, n.around(), why)
			d.Help, d.Docs = n.help(), t.Docs
		}
	}
	for _, own := range t.Own {
		n, ok := nestedAt(mounts, own)
		if _, theirs := mounts[own]; !ok || theirs {
			continue
		}
		n.workload = w
		if _, refused := t.Refused[n.outerKind()][ConfigFile]; refused && n.outerMount.ReadOnly {
			d := l.Errorf(diag.Unsupported, place(n.outer), "%s mounts %s itself, which cannot be inside %s: it is read-only", t.Platform, own, n.around())
			d.Help, d.Docs = "mount it elsewhere, or mount single files", t.Docs
			return
		}
	}
}

// nested is a mount inside another of its container.
type nested struct {
	path  string
	mount plan.Mount

	outer      string // the path of the nearest mount around it
	outerMount plan.Mount

	workload *plan.Workload
	files    map[string]string // of the configuration around it
}

// nestedMounts walks the mounts that stand inside others, by path.
func nestedMounts(mounts map[string]plan.Mount) iter.Seq[nested] {
	return func(yield func(nested) bool) {
		for at, m := range plan.Sorted(mounts) {
			n, ok := nestedAt(mounts, at)
			n.mount = m
			if ok && !yield(n) {
				return
			}
		}
	}
}

// nestedAt looks for the nearest mount around a path.
func nestedAt(mounts map[string]plan.Mount, at string) (n nested, ok bool) {
	for around := path.Dir(at); around != "/" && around != "."; around = path.Dir(around) {
		if m, ok := mounts[around]; ok {
			return nested{path: at, outer: around, outerMount: m}, true
		}
	}
	return nested{}, false
}

func (n nested) outerKind() MountKind { return kindOf(n.workload, n.outerMount) }

func (n nested) kind() MountKind {
	k := kindOf(n.workload, n.mount)
	_, own := n.files[n.below()]
	if own && (k == ConfigFile || k == SecretFile) && n.outerKind() == ConfigDirectory {
		return OwnFile
	}
	return k
}

// below is the path within the mount around it.
func (n nested) below() string { return strings.TrimPrefix(n.path, n.outer+"/") }

// around names the mount around it.
func (n nested) around() string {
	switch {
	case n.outerMount.Config != "":
		return fmt.Sprintf("configuration %q at %s", n.outerMount.Config, n.outer)
	case n.outerMount.ReadOnly:
		return fmt.Sprintf("read-only volume %q at %s", n.outerMount.Volume, n.outer)
	default:
		return fmt.Sprintf("volume %q at %s", n.outerMount.Volume, n.outer)
	}
}

// help is the way out of a pair that is refused.
func (n nested) help() string {
	switch {
	case n.kind() == OwnFile && n.mount.Config == n.outerMount.Config && n.mount.File == n.below():
		return "leave it out: the directory has the file"
	case n.kind() == OwnFile:
		return fmt.Sprintf("mount it elsewhere, or leave %s out of configuration %q", n.below(), n.outerMount.Config)
	case n.outerMount.Config != "" && n.mount.File != "":
		return fmt.Sprintf("mount it elsewhere, or write the text into configuration %q", n.outerMount.Config)
	case n.outerKind() == ReadOnlyVolume:
		return "mount it elsewhere, or leave out readOnly of " + n.outer
	}
	return "mount it elsewhere"
}

func kindOf(w *plan.Workload, m plan.Mount) MountKind {
	e := w.Volumes[m.Volume].Ephemeral
	switch {
	case m.Secret != "":
		return SecretFile
	case m.File != "":
		return ConfigFile
	case m.Config != "":
		return ConfigDirectory
	case m.ReadOnly:
		return ReadOnlyVolume
	case e != nil && e.Medium == "memory":
		return MemoryVolume
	}
	return WritableVolume
}
