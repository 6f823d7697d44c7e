package compose

import (
	"iter"
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func volumes(c *check, w *workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		at := w.At("volumes", name)
		var d *diag.Diagnostic
		switch {
		case v.Persistent != nil:
			d = c.Notef("volumes", at.To("persistent", "size"), "compose holds volume %q to no size", name)
			if v.Persistent.Class != "" {
				d = c.Notef("volumes", at.To("persistent", "class"), "compose has one class of volume, on the machine's disk")
			}
		case v.Ephemeral != nil && v.Ephemeral.Medium == "disk":
			d = c.Approximate("volumes", at.To("ephemeral"), "compose keeps volume %q, of any size, until docker compose down --volumes", name)
			d.Help = `keep it in "memory", or list volumes in the workload's accept`
		default:
			continue
		}
		d.Docs = docs + "volumes/"
	}
}

func sharedVolumes(c *check) {
	for name, v := range plan.Sorted(c.Plan.Volumes) {
		at := diag.At("volumes", name)
		d := c.Notef("volumes", at.To("size"), "compose holds volume %q to no size", name)
		d.Docs = docs + "volumes/"
		if v.Class != "" {
			d := c.Notef("volumes", at.To("class"), "compose has one class of volume, on the machine's disk")
			d.Docs = docs + "volumes/"
		}
	}
}

// volume returns the name of one of the workload's volumes in the Compose file. A volume of the
// tenant keeps its own name: it has no dot, so it differs from those of workloads.
func (w *workload) volume(name string) string {
	if shared := w.Volumes[name].Shared; shared != "" {
		return shared
	}
	return w.part(name)
}

func emptiedVolumes(c *check, w *workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		if !v.InMemory() {
			continue
		}
		for writer, first := range plan.Sorted(w.Containers) {
			reader := w.readsAfter(name, writer)
			if !mounts(first, name, true) || reader == "" {
				continue
			}
			d := c.Errorf(diag.Unsupported, w.At("volumes", name, "ephemeral", "medium"),
				"compose empties volume %q, which is in memory, when container %q ends: container %q finds nothing there", name, writer, reader)
			d.Help = `keep it on "disk"`
			d.Docs = docs + "volumes/"
			break
		}
	}
}

// readsAfter returns a container that mounts a volume, and starts when another has ended, or
// "".
func (w *workload) readsAfter(volume, ended string) string {
	for name, c := range plan.Sorted(w.Containers) {
		if name != ended && mounts(c, volume, false) && w.waits(c)[ended] == conditions["completed"] {
			return name
		}
	}
	return ""
}

// mounts reports whether a container mounts a volume, writable if requested.
func mounts(c plan.Container, volume string, toWrite bool) bool {
	for _, m := range c.Mounts {
		if m.Volume == volume && (!toWrite || !m.ReadOnly) {
			return true
		}
	}
	return false
}

func rootOwnedVolumes(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		user, _, _ := strings.Cut(container.User, ":")
		if user == "" || user == "0" || user == "root" {
			continue
		}
		for target, m := range plan.Sorted(container.Mounts) {
			if m.Volume == "" || m.ReadOnly || w.Volumes[m.Volume].InMemory() {
				continue
			}
			d := c.Approximate("volumes", w.AtContainer(name, "mounts", target, "volume"),
				"volume %q belongs to root unless the image has a directory %s of its own: user %s of container %q may not be able to write there", m.Volume, target, user, name)
			d.Help = "let the image have the directory, owned by the user, and list volumes in the workload's accept"
			d.Docs = "https://docs.docker.com/engine/storage/volumes/"
		}
	}
}

// eachFile yields the files that a container mounts, in the order of their paths, including
// each file of a configuration.
func eachFile(p *plan.Plan, c plan.Container, visit func(f file)) {
	for target, m := range plan.Sorted(c.Mounts) {
		switch {
		case m.Secret != "":
			visit(file{target: target, secret: m.Secret})
		case m.File != "":
			visit(file{target, "", m.Config, m.File})
		case m.Config != "":
			for name := range plan.Sorted(p.Config[m.Config]) {
				visit(file{path.Join(target, name), "", m.Config, name})
			}
		}
	}
}

// file is a file in a container: a secret's, or one of a configuration's.
type file struct {
	target string
	secret string
	config string
	name   string
}

// copied yields a container's mounts of files, with the author's paths: docker compose copies
// the files into the new container (docker/compose, injectFileReferences in
// pkg/compose/secrets.go).
func (w *workload) copied(name string) iter.Seq2[string, diag.Path] {
	return func(yield func(string, diag.Path) bool) {
		for target, m := range plan.Sorted(w.Containers[name].Mounts) {
			source := "config"
			if m.Secret != "" {
				source = "secret"
			}
			if m.Volume == "" && !yield(target, w.AtContainer(name, "mounts", target, source)) {
				return
			}
		}
	}
}

func writableRoots(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil || !container.Security.ReadOnlyRootFilesystem || w.readOnly(name) {
			continue
		}
		d := c.Approximate("security", w.AtContainer(name, "security", "readOnlyRootFilesystem"),
			"compose copies files into the root file system of container %q, and leaves it writable", name)
		d.Help = "read them by env, or list security in the workload's accept"
		d.Docs = docs + "configs/"
	}
}

// readOnly reports whether a container's root file system is read-only.
func (w *workload) readOnly(name string) bool {
	for range w.copied(name) {
		return false
	}
	security := w.Containers[name].Security
	return security != nil && security.ReadOnlyRootFilesystem
}

func emptyFiles(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		eachFile(c.Plan, container, func(f file) {
			if f.config == "" || c.Plan.Config[f.config][f.name] != "" {
				return
			}
			d := c.Errorf(diag.Unsupported, diag.At("config", f.config, f.name), "compose makes no file of an empty text, and container %q would not find %s", name, f.target)
			d.Help = "write a comment or the end of a line into it"
		})
	}
}

// volumeRows are the rows of volumes.
var volumeRows = provider.Table{
	{Field: "workloads.volumes.persistent", Level: exact, How: "a volume of the project, which docker compose down leaves"},
	{Field: "workloads.volumes.persistent.size", Level: approximated, How: "it grows as far as the disk", Effect: none},
	{Field: "workloads.volumes.persistent.class", Level: approximated, How: "the local driver, on the machine's disk", Effect: none},
	{Field: "workloads.volumes.shared", Level: exact, How: "the project's volume, mounted by the containers of each workload"},
	{Field: "workloads.volumes.ephemeral", When: "in memory", Level: exact, How: "a volume that is a tmpfs"},
	{Field: "workloads.volumes.ephemeral", When: "in memory, written by a container that ends before another reads it", Level: unsupported, How: "the tmpfs is emptied in between", Instead: "keep it on disk"},
	{Field: "workloads.volumes.ephemeral", When: "on disk", Level: approximated, How: "a volume that stays until docker compose down --volumes", Instead: "keep it in memory, or list volumes in the workload's accept"},
}
