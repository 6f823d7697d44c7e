package compose

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// mount is a mount of a service in its long form (compose-spec, 05-services.md, volumes).
type mount struct {
	kind, source, target string
	readOnly             bool
	from                 []*data.Node // all that states it
	options              string       // that are not known here
}

// mountOf reads both forms.
func mountOf(n *data.Node) mount {
	if n.Kind == data.Struct {
		m := mount{kind: n.TextAt("type"), source: n.TextAt("source"), target: n.TextAt("target"), readOnly: n.TextAt("read_only") == "true"}
		for _, f := range n.Fields {
			if slices.Contains([]string{"type", "source", "target", "read_only"}, f.Name) {
				m.from = append(m.from, f.Value)
			}
		}
		return m
	}
	m := mount{kind: "volume", from: []*data.Node{n}}
	parts := strings.Split(n.Text, ":")
	if len(parts) > 2 && len(parts[0]) == 1 && strings.HasPrefix(parts[1], `\`) { // of Windows
		parts = append([]string{parts[0] + ":" + parts[1]}, parts[2:]...)
	}
	switch len(parts) {
	case 1:
		m.target = parts[0]
	default:
		m.source, m.target = parts[0], parts[1]
		if len(parts) > 2 {
			for _, o := range strings.Split(parts[2], ",") {
				switch o {
				case "ro":
					m.readOnly = true
				case "rw", "z", "Z", "cached", "delegated", "consistent":
				default:
					m.options = o
				}
			}
		}
	}
	if strings.HasPrefix(m.source, ".") || strings.HasPrefix(m.source, "/") || strings.HasPrefix(m.source, "~") || strings.ContainsAny(m.source, `\`) {
		m.kind = "bind"
	}
	return m
}

func (r *reader) mounts(s *service, n *data.Node) {
	for _, e := range n.Elems {
		if v := r.unset(e); v != "" {
			r.Lose("variable "+v+" has no value: --env-file gives it one", e)
			continue
		}
		m := mountOf(e)
		switch m.kind {
		case "bind":
			r.bind(s, m)
		case "tmpfs":
			r.memoryVolume(s, m, e)
		case "volume":
			r.volume(s, m)
		default:
			r.Lose("there is no such kind of mount", e)
		}
	}
}

// share finds the named volumes that several workloads mount.
func (r *reader) share() {
	r.shared = map[string]bool{}
	first := map[string]string{}
	for _, s := range r.services {
		list := s.node.Get("volumes")
		if list == nil {
			continue
		}
		for _, e := range list.Elems {
			m := mountOf(e)
			if m.kind != "volume" || m.source == "" || strings.Contains(m.source, ".") || inMemory(r.project.root.Get("volumes", m.source)) {
				continue
			}
			if of, ok := first[m.source]; ok && of != s.workload {
				r.shared[m.source] = true
			}
			first[m.source] = s.workload
		}
	}
}

// volume mounts a named volume, or one without a name.
func (r *reader) volume(s *service, m mount) {
	target := path.Clean(m.target)
	at := s.at("mounts", target)
	name := m.source
	if name == "" {
		name = path.Base(target)
	}
	_, own, dotted := strings.Cut(name, ".")
	if dotted && strings.HasPrefix(name, s.workload+".") {
		name = own
	}
	name = importer.Name(name)
	volume := s.in("volumes", name)
	why := ""
	switch {
	case m.source == "":
		r.Put(volume.To("ephemeral"), nil, m.from...)
		why = "a volume without a name ends with its container"
	default:
		r.useVolume(s, m, volume)
		if r.shared[m.source] && name != m.source {
			why = "names are of lower-case letters, digits and hyphens"
		}
		for _, other := range r.volumes[m.source] {
			if other.workload != s.workload && !r.shared[m.source] {
				why = "each workload has volumes of its own: " + other.name + " has another"
			}
		}
		if r.external(m.source) {
			why = "the volume is a new one, and not the one that is there"
		}
	}
	mounted := importer.Struct(m.from[0].At, "volume", name)
	if m.readOnly {
		mounted = importer.Struct(m.from[0].At, "volume", name, "readOnly", true)
	}
	r.Put(at, mounted, m.from...)
	if why != "" {
		r.Nearly(at, why, m.from...)
		return
	}
	r.Said(at, m.from...)
}

// inMemory is the driver's way of a volume in memory, as it is rendered.
func inMemory(v *data.Node) bool { return v.Get("driver_opts").TextAt("type") == "tmpfs" }

func (r *reader) external(source string) bool {
	return r.project.root.Get("volumes", source).TextAt("external") == "true"
}

// useVolume adds a named volume to the workload. Compose states no size.
func (r *reader) useVolume(s *service, m mount, volume diag.Path) {
	if !slices.Contains(r.volumes[m.source], s) {
		r.volumes[m.source] = append(r.volumes[m.source], s)
	}
	if r.Get(volume) != nil {
		return
	}
	top := r.project.root.Get("volumes", m.source)
	if name := volume[len(volume)-1]; r.shared[m.source] {
		r.Put(diag.At("volumes", name, "size"), assumedSize, m.from...)
		r.Put(volume.To("shared"), name, m.from...)
		return
	}
	if !inMemory(top) {
		r.Put(volume.To("persistent", "size"), assumedSize, m.from...)
		return
	}
	r.Put(volume.To("ephemeral", "medium"), "memory", top)
	for _, o := range strings.Split(top.Get("driver_opts").TextAt("o"), ",") {
		if size, ok := strings.CutPrefix(o, "size="); ok {
			if bytes, ok := bytesOf(size); ok {
				text, _ := importer.MiB(bytes)
				r.Put(volume.To("ephemeral", "size"), text, top)
			}
		}
	}
}

// assumedSize is the size of a volume whose size is not stated.
const assumedSize = "10Gi"

// topVolumes accounts for the volumes themselves.
func (r *reader) topVolumes(n *data.Node) {
	if n == nil {
		return
	}
	for _, f := range n.Fields {
		users := r.volumes[f.Name]
		if len(users) == 0 {
			r.Holds("nothing mounts it", f.Value)
			continue
		}
		of := users[0].in("volumes")
		if r.shared[f.Name] {
			of = diag.At("volumes")
		}
		if len(f.Value.Fields) == 0 {
			r.Nearly(of, "Compose states no size: "+assumedSize+" is assumed", f.Value)
		}
		for _, g := range f.Value.Fields {
			switch {
			case g.Name == "driver" && g.Value.Text == "local":
				r.Holds("the default", g.Value)
			case g.Name == "driver_opts" && inMemory(f.Value):
				for _, o := range g.Value.Fields {
					r.Said(of, o.Value)
				}
			case g.Name == "external" && g.Value.Text != "true":
				r.Holds("the default", g.Value)
			case g.Name == "name", g.Name == "external":
				r.Nearly(of, "names of volumes are made of those of tenant and workload", g.Value)
			default:
				r.Lose("what holds a volume is the platform's own matter", g.Value)
			}
		}
	}
}

// bind mounts a file or directory of the machine: a file of text that is there is carried as
// configuration.
func (r *reader) bind(s *service, m mount) {
	target := path.Clean(m.target)
	at := s.at("mounts", target)
	local := strings.HasPrefix(m.source, ".") || !strings.HasPrefix(m.source, "/") && !strings.HasPrefix(m.source, "~")
	file := path.Ext(target) != "" && !strings.HasPrefix(path.Base(target), ".")
	switch {
	case !local && !m.readOnly && !file && !ofSystem(m.source):
		r.directoryVolume(s, m, at, target)
		return
	case !local || s.file == "-":
		r.bound(s, m, "a container does not see files of its machine")
		return
	}
	text, name, err := r.Open(s.file, m.source)
	switch {
	case err == nil && carries(text):
		config := r.config(name, text, m.from[0])
		r.Put(at, importer.Struct(m.from[0].At, "config", config, "file", fileName(name)), m.from...)
		why := "the file is carried, and can be read only"
		if m.readOnly {
			why = "the file is carried as it is now"
		}
		r.Nearly(at, why, m.from...)
		return
	case err == nil:
		r.bound(s, m, "a configuration file is text of at most 64 KiB, without credentials")
		return
	}
	files := r.directory(filepath.Join(filepath.Dir(s.file), m.source))
	switch {
	case len(files) > 0:
		config := importer.Name(filepath.Base(filepath.Clean(m.source)))
		for _, f := range files {
			r.Put(diag.At("config", config, f.name), f.text, m.from...)
		}
		r.Put(at, importer.Struct(m.from[0].At, "config", config), m.from...)
		r.Nearly(at, "the directory's files are carried as they are now, and can be read only", m.from...)
	case m.readOnly, file:
		r.bound(s, m, "the file "+m.source+" is not there to be carried")
	default:
		r.directoryVolume(s, m, at, target)
	}
}

// bound has a patch mount a file or directory of the machine, or loses it.
func (r *reader) bound(s *service, m mount, why string) {
	if !r.Patches() || m.options != "" || strings.ContainsAny(m.source+m.target, "$") {
		r.Lose(why, m.from...)
		return
	}
	bind := importer.Struct(m.from[0].At, "type", "bind", "source", m.source, "target", m.target)
	if m.readOnly {
		bind = importer.Struct(m.from[0].At, "type", "bind", "source", m.source, "target", m.target, "read_only", true)
	}
	r.Native(s.patch("volumes"), bind, m.from...)
}

// directoryVolume is a volume that stands for a directory of the machine, which a container
// writes to.
func (r *reader) directoryVolume(s *service, m mount, at diag.Path, target string) {
	volume := importer.Name(path.Base(target))
	if r.Get(s.in("volumes", volume)) != nil {
		volume = importer.Name(target)
	}
	if len(volume) > importer.LongName {
		r.Lose("a container does not see files of its machine", m.from...)
		return
	}
	r.Put(s.in("volumes", volume, "persistent", "size"), assumedSize, m.from...)
	r.Put(at, importer.Struct(m.from[0].At, "volume", volume), m.from...)
	r.Nearly(at, "a volume of its own, which is empty at first, stands for the directory of the machine", m.from...)
}

// ofSystem reports whether a path is the machine's own, and no place for data.
func ofSystem(source string) bool {
	return slices.ContainsFunc([]string{"/etc", "/proc", "/sys", "/dev", "/run", "/var/run", "/var/lib/docker", "/boot", "/lib", "/usr", "/var/log", "/tmp/.X11-unix"}, func(dir string) bool {
		return source == dir || strings.HasPrefix(source, dir+"/") || source == "/"
	}) || strings.HasSuffix(source, ".sock")
}

// mostConfig is how many bytes of a file are carried.
const mostConfig = 64 << 10

// carries reports whether a text may stand in a tenant.
func carries(text []byte) bool {
	return len(text) > 0 && len(text) <= mostConfig && utf8.Valid(text) && !strings.ContainsRune(string(text), 0) && importer.Credential("", string(text)) == ""
}

// config adds a file to the tenant's configuration, and returns its name there.
func (r *reader) config(name string, text []byte, from *data.Node) string {
	if known, ok := r.configs[name]; ok {
		return known
	}
	config := importer.Name(strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)))
	for r.Get(diag.At("config", config)) != nil {
		config = importer.Name(filepath.Base(filepath.Dir(name))) + "-" + config
		if len(config) > importer.LongName {
			break
		}
	}
	r.configs[name] = config
	r.Put(diag.At("config", config, fileName(name)), string(text), from)
	return config
}

// fileName is a name that a configuration's file may have.
func fileName(name string) string {
	return strings.Map(func(c rune) rune {
		if c == '.' || c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return '-'
	}, filepath.Base(name))
}

type carriedFile struct{ name, text string }

// directory returns the files of a directory that is small, flat and of texts; nil otherwise.
func (r *reader) directory(name string) (files []carriedFile) {
	if r.Options.Read != nil {
		return nil
	}
	entries, err := os.ReadDir(name)
	if err != nil || len(entries) == 0 || len(entries) > 20 {
		return nil
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			return nil
		}
		text, _, err := r.Open("-", filepath.Join(name, e.Name()))
		if err != nil || !carries(text) || fileName(e.Name()) != e.Name() {
			return nil
		}
		files = append(files, carriedFile{e.Name(), string(text)})
	}
	return files
}

// memoryVolume mounts a volume in memory.
func (r *reader) memoryVolume(s *service, m mount, n *data.Node) {
	target := path.Clean(m.target)
	name := importer.Name(path.Base(target))
	if r.Get(s.in("volumes", name)) != nil {
		name = importer.Name(target)
	}
	r.Put(s.in("volumes", name, "ephemeral", "medium"), "memory", n)
	if size := n.Get("tmpfs", "size"); size != nil {
		if bytes, ok := bytesOf(size.Text); ok && bytes.Sign() > 0 {
			text, _ := importer.MiB(bytes)
			r.Near(s.in("volumes", name, "ephemeral", "size"), text, "memory is given in whole MiB", size)
		}
	}
	r.Put(s.at("mounts", target), importer.Struct(n.At, "volume", name), n)
	r.Nearly(s.at("mounts", target), "it is a volume in memory", append(m.from, n)...)
}

func (r *reader) tmpfs(s *service, n *data.Node) {
	all := n.Elems
	if n.Kind != data.List {
		all = []*data.Node{n}
	}
	for _, e := range all {
		target, options, _ := strings.Cut(e.Text, ":")
		r.memoryVolume(s, mount{kind: "tmpfs", target: target, from: []*data.Node{e}}, e)
		if options != "" {
			r.Nearly(s.at("mounts", path.Clean(target)), "it is a volume in memory, without options", e)
		}
	}
}

// sharedMemory is a volume in memory at /dev/shm.
func (r *reader) sharedMemory(s *service, n *data.Node) {
	bytes, ok := bytesOf(n.Text)
	if !ok || bytes.Sign() == 0 {
		r.Lose("it is no amount of memory", n)
		return
	}
	text, _ := importer.MiB(bytes)
	r.Put(s.in("volumes", "shm", "ephemeral", "medium"), "memory", n)
	r.Put(s.in("volumes", "shm", "ephemeral", "size"), text, n)
	r.Near(s.at("mounts", "/dev/shm"), importer.Struct(n.At, "volume", "shm"), "it is a volume in memory", n)
}
