package nomad

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// task reads a task into a container.
func (r *reader) task(w *workload, task *data.Node) {
	name := importer.Name(task.TextAt("Name"))
	at := w.in("containers", name)
	r.Put(at, nil, task)
	driver := task.TextAt("Driver")
	if driver != "docker" && driver != "podman" {
		e := r.Errorf(orNode(task.Get("Driver"), task), diag.Unsupported, "task %s has the driver %s, and a container has an image", name, driver)
		e.Help = "docker and podman are the drivers of containers"
		return
	}
	r.config(w, at, task)
	for _, f := range task.Fields {
		n := f.Value
		if empty(n) {
			r.Holds("nothing is stated", n)
			continue
		}
		switch f.Name {
		case "Name":
			if n.Text == name {
				r.Said(at, n)
			} else {
				r.Nearly(at, "names are of lower-case letters, digits and hyphens", n)
			}
		case "Driver":
			if driver == "docker" {
				r.Said(at, n)
			} else {
				r.Set(w.ext("driver"), driver, n)
			}
		case "User":
			r.Set(at.To("user"), n.Text, n)
		case "Config":
		case "Env":
			for _, e := range n.Fields {
				r.variable(at, e)
			}
		case "Services":
			for _, s := range n.Elems {
				r.service(w, s, task.TextAt("Name"))
			}
		case "Resources":
			r.resources(w, at, task, n)
		case "KillTimeout":
			r.killTimeout(w, n)
		case "KillSignal":
			r.Set(at.To("stopSignal"), n.Text, n)
		case "Lifecycle":
			r.lifecycle(at, n)
		case "Templates":
			for _, t := range n.Elems {
				r.template(w, at, task, t)
			}
		case "VolumeMounts":
			for _, m := range n.Elems {
				r.volumeMount(at, m)
			}
		case "Constraints":
			r.constraints(w, n)
		case "ShutdownDelay":
			if number(n) == 0 {
				r.Holds("nothing is stated", n)
			} else {
				r.duration(w.ext("shutdownDelay"), n, "5s")
			}
		case "Leader":
			if n.Text == "false" {
				r.Holds("the platform's default", n)
			} else {
				r.Lose("a copy ends with its main containers", n)
			}
		case "LogConfig":
			r.Lose("logs are the platform's own matter", n)
		case "Artifacts":
			r.Lose("a container's image brings its files", n)
		case "RestartPolicy":
			if w.group.Get("RestartPolicy") == nil {
				r.restart(w, n)
			} else {
				r.Lose("a workload's containers are started again alike", n)
			}
		}
	}
	if task.Get("KillTimeout") == nil {
		r.Put(w.in("stopGrace"), "5s", task)
	}
}

func orNode(n, other *data.Node) *data.Node {
	if n == nil {
		return other
	}
	return n
}

// killTimeout is the workload's: the longest of its tasks. 5s is Nomad's own default.
func (r *reader) killTimeout(w *workload, n *data.Node) {
	seconds, exact := secondsOf(n)
	if seconds == 30 && exact {
		r.Holds("a tenant's default", n)
		return
	}
	for _, task := range elems(w.group.Get("Tasks")) {
		if longest := number(task.Get("KillTimeout")); longest > number(n) {
			r.Nearly(w.in(), "all containers of a workload have the same time to stop", n)
			return
		}
	}
	r.duration(w.in("stopGrace"), n, "30s")
}

// unescaped is a text of a driver's configuration as the process gets it; ok is false where
// Nomad replaces a part of it.
func unescaped(s string) (string, bool) {
	if quoted, ok := strings.CutPrefix(s, `${"`); ok && strings.HasSuffix(s, `"}`) {
		var text string
		err := json.Unmarshal([]byte(`"`+strings.TrimSuffix(quoted, `}`)), &text)
		return text, err == nil
	}
	plain := strings.NewReplacer("$${", "\x00{", "%%{", "\x01{").Replace(s)
	ok := !strings.Contains(plain, "${") && !strings.Contains(plain, "%{")
	return strings.NewReplacer("\x00", "$", "\x01", "%").Replace(plain), ok
}

// put sets what the driver's configuration says, unless Nomad replaces a part of it.
func (r *reader) put(at diag.Path, n *data.Node) {
	text, ok := unescaped(n.Text)
	if !ok {
		r.Lose("${…} is not replaced in a tenant", n)
		return
	}
	r.Set(at, text, n)
}

func (r *reader) putList(at diag.Path, list []*data.Node, n *data.Node) {
	var all []string
	whole := true
	for _, e := range list {
		text, ok := unescaped(e.Text)
		if !ok {
			r.Lose("${…} is not replaced in a tenant", e)
		}
		all, whole = append(all, text), whole && ok
	}
	if len(all) == 0 {
		return
	}
	r.Put(at, all, n)
	if whole {
		r.Said(at, list...)
		r.Said(at, n)
		return
	}
	r.Nearly(at, "another part of the command is lost", list...)
}

// config reads the configuration of the docker and the podman driver.
func (r *reader) config(w *workload, at diag.Path, task *data.Node) {
	config := task.Get("Config")
	if config == nil || config.Get("image") == nil {
		r.Errorf(task, diag.MissingField, "task %s has no image", task.TextAt("Name"))
		return
	}
	for _, f := range config.Fields {
		n := f.Value
		if empty(n) {
			r.Holds("nothing is stated", n)
			continue
		}
		switch f.Name {
		case "image":
			text, ok := unescaped(n.Text)
			if !ok {
				r.Lose("${…} is not replaced in a tenant", n)
				continue
			}
			if !strings.ContainsAny(text[strings.LastIndex(text, "/")+1:], ":@") {
				text += ":latest"
			}
			r.Set(at.To("image"), text, n)
		case "entrypoint":
			r.putList(at.To("command"), elems(n), n)
		case "command":
			if config.Get("args") == nil {
				text, _ := unescaped(n.Text)
				r.Set(at.To("args"), []string{text}, n)
			} else {
				r.Nearly(at, "a command is the first of the arguments", n)
			}
		case "args":
			if command := config.Get("command"); command != nil {
				r.putList(at.To("args"), append([]*data.Node{command}, n.Elems...), n)
				r.Nearly(at.To("args"), "a command is the first of the arguments", append(n.Elems, n, command)...)
				continue
			}
			r.putList(at.To("args"), elems(n), n)
		case "work_dir", "working_dir":
			r.put(at.To("workingDir"), n)
		case "ports":
			r.Nearly(at, "a container has the ports that it states", n)
		case "readonly_rootfs", "privileged":
			if n.Text == "true" {
				r.Set(at.To("security", map[string]string{"readonly_rootfs": "readOnlyRootFilesystem", "privileged": "privileged"}[f.Name]), true, n)
			} else {
				r.Holds("the platform's default", n)
			}
		case "cap_add", "cap_drop":
			var list []string
			for _, e := range n.Elems {
				list = append(list, strings.TrimPrefix(strings.ToUpper(e.Text), "CAP_"))
			}
			r.Set(at.To("security", "capabilities", strings.TrimPrefix(f.Name, "cap_")), list, n)
		case "port_map":
			r.Nearly(at, "a container has the ports that it states", n)
		case "auth_soft_fail":
			r.Lose("how drivers sign in to registries is the tenant's extension: registries", n)
		case "cpu_hard_limit": // read with the resources
		case "volumes":
			for _, e := range n.Elems {
				r.bind(w, at, task, e)
			}
		case "mount", "mounts":
			for _, e := range elems(n) {
				r.mount(w, at, e)
			}
		case "image_pull_timeout":
			r.Set(w.ext("imagePullTimeout"), n.Text, n)
		case "auth":
			r.Lose("how drivers sign in to registries is the tenant's extension: registries", n)
		case "force_pull":
			r.Lose("the platform pulls what it does not have", n)
		case "network_mode":
			r.Lose("a workload has a network of its own", n)
		}
	}
}

func (r *reader) variable(at diag.Path, e data.Field) {
	path := at.To("env", e.Name)
	text := e.Value.Text
	switch {
	case importer.Credential(e.Name, text) != "":
		r.Hidden(text)
		place := "nomad/jobs/" + r.id
		r.Near(path.To("secret"), r.Secret(e.Name, place, secretKey(e.Name), e.Value), "its value is not written: put it into the variable "+place+", under "+secretKey(e.Name), e.Value)
	case strings.Contains(text, "${"):
		r.Lose("${…} is not replaced in a tenant", e.Value)
	default:
		r.Set(path, text, e.Value)
	}
}

// secretKey is a key of a Nomad variable.
func secretKey(name string) string { return strings.ToLower(strings.ReplaceAll(name, "-", "_")) }

func (r *reader) resources(w *workload, at diag.Path, task, n *data.Node) {
	to := at.To("resources")
	hard := task.Get("Config").TextAt("cpu_hard_limit") == "true"
	for _, f := range n.Fields {
		v := f.Value
		switch {
		case empty(v), number(v) == 0 && v.Kind == data.Int:
			r.Holds("nothing is stated", v)
		case f.Name == "CPU":
			r.Set(to.To("cpu"), importer.Millis(number(v)), v)
			if hard {
				r.Set(to.To("cpuMax"), importer.Millis(number(v)), task.Get("Config", "cpu_hard_limit"))
			}
		case f.Name == "Cores":
			r.Set(to.To("cpu"), number(v), v)
			r.Put(w.ext("reserveCores"), true, v)
		case f.Name == "MemoryMB":
			r.Set(to.To("memory"), importer.Size(number(v)), v)
		case f.Name == "MemoryMaxMB":
			r.Set(to.To("memoryMax"), importer.Size(number(v)), v)
			r.Put(tenant("memoryOversubscription"), true, v)
		case f.Name == "Devices":
			for i, d := range v.Elems {
				if i > 0 || !strings.HasSuffix(d.TextAt("Name"), "gpu") && !strings.Contains(d.TextAt("Name"), "gpu/") {
					r.Lose("a container asks for processor, memory and GPUs", d)
					continue
				}
				r.Set(to.To("gpu"), max(1, number(d.Get("Count"))), d.Get("Count"))
				if name := d.Get("Name"); name.Text == "nvidia/gpu" {
					r.Holds("a tenant's default", name)
				} else {
					r.Set(w.ext("gpuDevice"), name.Text, name)
				}
			}
		case f.Name == "DiskMB", f.Name == "IOPS":
			r.Holds("it is no longer read", v)
		case f.Name == "Networks": // read with the group's
		}
	}
}

// lifecycle says which role a container has.
func (r *reader) lifecycle(at diag.Path, n *data.Node) {
	hook, sidecar := n.Get("Hook"), n.Get("Sidecar")
	runsOn := sidecar != nil && sidecar.Text == "true"
	switch n.TextAt("Hook") {
	case "prestart":
		role := "init"
		if runsOn {
			role = "sidecar"
		}
		r.Set(at.To("role"), role, hook)
		switch {
		case runsOn:
			r.Said(at.To("role"), sidecar)
		case sidecar != nil:
			r.Holds("the platform's default", sidecar)
		}
	case "poststart":
		if runsOn {
			r.Put(at.To("role"), "sidecar", n)
			r.Nearly(at.To("role"), "a sidecar starts before or beside others", n)
			return
		}
		r.Lose("a container starts before or beside others", n)
	default:
		r.Lose("a container starts before or beside others", n)
	}
}

func (r *reader) volumeMount(at diag.Path, m *data.Node) {
	volume, target := m.Get("Volume"), m.Get("Destination")
	if volume == nil || target == nil || !absolute.MatchString(path.Clean(target.Text)) {
		r.loseStated("a mount has a volume and an absolute path", m)
		return
	}
	to := at.To("mounts", path.Clean(target.Text))
	node := importer.Struct(m.At, "volume", importer.Name(volume.Text))
	if m.TextAt("ReadOnly") == "true" {
		node = importer.Struct(m.At, "volume", importer.Name(volume.Text), "readOnly", true)
	}
	r.Put(to, node, m)
	r.Said(to, volume, target)
	for _, f := range m.Fields {
		switch {
		case empty(f.Value), f.Value.Text == "false", f.Value.Text == "private":
			r.Holds("the default", f.Value)
		case f.Name == "ReadOnly":
			r.Said(to, f.Value)
		}
	}
}

// mount reads a mount of the docker driver: a volume in memory.
func (r *reader) mount(w *workload, at diag.Path, m *data.Node) {
	target := m.TextAt("target")
	if m.TextAt("type") != "tmpfs" || !absolute.MatchString(target) {
		r.Lose("a container does not see files of its machine", m)
		return
	}
	name := importer.Name(target)
	r.Put(w.in("volumes", name, "ephemeral", "medium"), "memory", m)
	node := importer.Struct(m.At, "volume", name)
	if m.TextAt("readonly") == "true" {
		node = importer.Struct(m.At, "volume", name, "readOnly", true)
	}
	if size := m.Get("tmpfs_options", "size"); size != nil {
		r.Put(w.in("volumes", name, "ephemeral", "size"), importer.Size((number(size)+(1<<20)-1)>>20), size)
	}
	r.Put(at.To("mounts", target), node, m)
	r.Nearly(at.To("mounts", target), "it is a volume in memory", m)
}

// bind reads a directory or file that a container sees: one that a template writes, or a
// directory of its copy.
func (r *reader) bind(w *workload, at diag.Path, task, n *data.Node) {
	text, _ := unescaped(n.Text)
	parts := strings.Split(text, ":")
	if len(parts) < 2 {
		r.Lose("a mount has a source and a path", n)
		return
	}
	from, target := path.Clean(parts[0]), path.Clean(parts[1])
	if !absolute.MatchString(target) {
		r.Lose("a mount has an absolute path", n)
		return
	}
	readOnly := len(parts) > 2 && parts[2] == "ro"
	to := at.To("mounts", target)
	for _, t := range elems(task.Get("Templates")) {
		dest := path.Clean(t.TextAt("DestPath"))
		if m := secretText.FindStringSubmatch(t.TextAt("EmbeddedTmpl")); dest == from && m != nil {
			key := m[2]
			if key == "" {
				key = unquoted(m[3])
			}
			r.Put(to, importer.Struct(n.At, "secret", r.Secret(path.Base(dest), unquoted(m[1]), key, n)), n)
			r.Said(to, n)
			return
		}
		if _, ok := verbatim(t); !ok || dest != from && !strings.HasPrefix(dest, from+"/") {
			continue
		}
		rendered := "local/config/" + configOf(dest)
		if dest == from {
			r.Put(to, importer.Struct(n.At, "config", configOf(dest), "file", path.Base(dest)), n)
			rendered += "/" + path.Base(dest)
		} else {
			r.Put(to, importer.Struct(n.At, "config", configOf(dest)), n)
		}
		if text == rendered+":"+target+":ro" {
			r.Said(to, n)
		} else {
			r.Nearly(to, "a configuration is mounted, and can be read only", n)
		}
		return
	}
	if !strings.HasPrefix(from, "../alloc/") {
		r.Lose("a container does not see files of its machine", n)
		return
	}
	name := importer.Name(path.Base(from))
	r.Put(w.in("volumes", name, "ephemeral"), nil, n)
	node := importer.Struct(n.At, "volume", name)
	if readOnly {
		node = importer.Struct(n.At, "volume", name, "readOnly", true)
	}
	r.Put(to, node, n)
	r.Nearly(to, "a directory of the copy is a volume", n)
}

// absolute is a path that a mount of the vocabulary may have.
var absolute = lazyregexp.New(`^(/[^/:.][^/:]*|/\.[^/:.][^/:]*)+$`)
