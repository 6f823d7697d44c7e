package provider

import (
	"fmt"
	"iter"
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// MountKind is what is mounted at a path.
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

// MountKinds returns all kinds of mount except OwnFile, which depends on the enclosing mount.
func MountKinds() []MountKind {
	return []MountKind{WritableVolume, MemoryVolume, ReadOnlyVolume, ConfigDirectory, ConfigFile, SecretFile}
}

// Nesting is a platform's table of mounts inside mounts. Mounts below a file are not in it: no
// platform supports them, and package relations refuses them.
type Nesting struct {
	Platform string // as in messages: kubernetes

	// Refused has, by the kind of the outer and the inner mount, the reason why the container
	// would not start or not find the mount, as a clause. Pairs without an entry work.
	Refused map[MountKind]map[MountKind]string

	// Own are the files that the platform itself mounts in every container. They need an outer
	// mount that accepts a file, as the author's files do.
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

// Inside returns a row of a table with one reason for each of the inner kinds.
func Inside(why string, kinds ...MountKind) map[MountKind]string {
	row := map[MountKind]string{}
	for _, k := range kinds {
		row[k] = why
	}
	return row
}

// InsideAny returns a row of a table that refuses every inner kind.
func InsideAny(why string) map[MountKind]string {
	return Inside(why, append(MountKinds(), OwnFile)...)
}

// Check reports the mounts of a workload's containers that the table refuses; at is the
// workload's path.
func (t Nesting) Check(l *diag.List, p *plan.Plan, w *plan.Workload, at diag.Path) {
	for name, c := range plan.Sorted(w.Containers) {
		t.CheckContainer(l, p, w, c.Mounts, func(target string) diag.Path { return at.To("containers", name, "mounts", target) })
	}
}

// CheckContainer is Check for the mounts of one container on the platform: place returns the
// author's path of each.
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

	outer      string // the path of the nearest enclosing mount
	outerMount plan.Mount

	workload *plan.Workload
	files    map[string]string // of the enclosing configuration
}

// nestedMounts yields the mounts inside other mounts, by path.
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

// nestedAt finds the nearest mount that encloses a path.
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

// below returns the path relative to the enclosing mount.
func (n nested) below() string { return strings.TrimPrefix(n.path, n.outer+"/") }

// around names the enclosing mount.
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

// help returns an alternative to a refused pair.
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
