package compose

import (
	"iter"
	"path"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// volumes: all of them are volumes of Docker's local driver, which takes room as it comes
// and keeps what it has until it is told otherwise; those in memory are a tmpfs, which
// ends with the containers that mount it (moby/moby, daemon/volume/local).
func volumes(c *check, w workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		at := w.path.To("volumes", name)
		var d *diag.Diagnostic
		switch {
		case v.Persistent != nil:
			d = c.Notef("volumes", at.To("persistent", "size"), "compose holds volume %q to no size", name)
			if v.Persistent.Class != "" {
				d = c.Notef("volumes", at.To("persistent", "class"), "compose has one class of volume, on the machine's disk")
			}
		case v.Ephemeral.Medium == "disk":
			d = c.Approximate("volumes", at.To("ephemeral"), "compose keeps volume %q, of any size, until docker compose down --volumes", name)
			d.Help = `keep it in "memory", or list volumes in the workload's accept`
		default:
			continue
		}
		d.Docs = docs + "volumes/"
	}
}

// eachFile walks the files that a container mounts, in the order of their paths; those of
// a whole configuration one by one.
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

// file is a file that stands in a container: a secret's, or one of a configuration's.
type file struct {
	target string
	secret string
	config string
	name   string
}

// copied walks a container's mounts of files, and gives the place of what each is of:
// docker compose copies them into the container that it has made (docker/compose,
// injectFileReferences in pkg/compose/secrets.go).
func (w workload) copied(name string) iter.Seq2[string, diag.Path] {
	return func(yield func(string, diag.Path) bool) {
		for target, m := range plan.Sorted(w.Containers[name].Mounts) {
			source := "config"
			if m.Secret != "" {
				source = "secret"
			}
			if m.Volume == "" && !yield(target, w.container(name).To("mounts", target, source)) {
				return
			}
		}
	}
}

// writableRoots: files are copied into the container's own file system, which cannot be
// read-only then.
func writableRoots(c *check, w workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil || !container.Security.ReadOnlyRootFilesystem || w.readOnly(name) {
			continue
		}
		d := c.Approximate("security", w.container(name).To("security", "readOnlyRootFilesystem"),
			"compose copies files into the root file system of container %q, and leaves it writable", name)
		d.Help = "read them by env, or list security in the workload's accept"
		d.Docs = docs + "configs/"
	}
}

// readOnly reports whether a container's root file system is rendered so.
func (w workload) readOnly(name string) bool {
	for range w.copied(name) {
		return false
	}
	security := w.Containers[name].Security
	return security != nil && security.ReadOnlyRootFilesystem
}

// emptyFiles: no file is made of an empty text (injectFileReferences, likewise).
func emptyFiles(c *check, w workload) {
	for name, container := range plan.Sorted(w.Containers) {
		eachFile(c.plan, container, func(f file) {
			if f.config == "" || c.plan.Config[f.config][f.name] != "" {
				return
			}
			d := c.Errorf(diag.Unsupported, diag.At("config", f.config, f.name), "compose makes no file of an empty text, and container %q would not find %s", name, f.target)
			d.Help = "write a comment or the end of a line into it"
		})
	}
}

func inMemory(v plan.Volume) bool { return v.Ephemeral != nil && v.Ephemeral.Medium == "memory" }
