package kubernetes

import (
	"cmp"
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// volumeOf is a volume of a pod by its name; template is one that a StatefulSet claims.
func (w *workload) volumeOf(name string) (volume *data.Node, template bool) {
	if list := w.pod.Get("volumes"); list != nil {
		for _, v := range list.Elems {
			if v.TextAt("name") == name {
				return v, false
			}
		}
	}
	if list := w.node.Get("spec", "volumeClaimTemplates"); list != nil {
		for _, v := range list.Elems {
			if v.Get("metadata").TextAt("name") == name {
				return v, true
			}
		}
	}
	return nil, false
}

// volumes reads those that the pod has itself. What configurations and secrets they are of is
// read with their mounts.
func (r *reader) volumes(w *workload, list *data.Node) {
	for _, v := range list.Elems {
		name := v.TextAt("name")
		volume := w.in("volumes", importer.Name(name))
		for _, f := range v.Fields {
			switch f.Name {
			case "name", "configMap", "secret", "projected":
			case "emptyDir":
				r.emptyDir(volume, f.Value, v)
			case "persistentVolumeClaim":
				r.claimed(w, volume, f.Value, v)
			case "hostPath":
				r.Lose("a container does not see files of its machine", v)
			default:
				r.Lose("there is no such kind of volume", v)
			}
		}
		if !r.mounted(w, name) {
			r.Holds("nothing mounts it", v)
		}
	}
}

// mounted reports whether a container mounts a volume.
func (r *reader) mounted(w *workload, name string) bool {
	for _, field := range []string{"containers", "initContainers"} {
		list := w.pod.Get(field)
		if list == nil {
			continue
		}
		for _, c := range list.Elems {
			if mounts := c.Get("volumeMounts"); mounts != nil {
				for _, m := range mounts.Elems {
					if m.TextAt("name") == name {
						return true
					}
				}
			}
		}
	}
	return false
}

func (r *reader) emptyDir(volume diag.Path, n, v *data.Node) {
	r.Put(volume.To("ephemeral"), nil, v)
	r.Said(volume.To("ephemeral"), v.Get("name"))
	if len(n.Fields) == 0 {
		r.Said(volume.To("ephemeral"), n)
	}
	for _, f := range n.Fields {
		switch {
		case f.Name == "medium" && f.Value.Text == "Memory":
			r.Set(volume.To("ephemeral", "medium"), "memory", f.Value)
		case f.Name == "medium" && f.Value.Text == "":
			r.Holds("the default", f.Value)
		case f.Name == "sizeLimit":
			r.memory(volume.To("ephemeral", "size"), f.Value)
		}
	}
}

// claimed reads a volume whose claim is in the input: each replica then has one of its own.
func (r *reader) claimed(w *workload, volume diag.Path, n, v *data.Node) {
	claim, ok := r.claims[n.TextAt("claimName")]
	if r.Get(volume) != nil {
		r.Nearly(volume, "each replica has a claim of its own", v)
		return
	}
	if !ok {
		r.Put(volume.To("persistent", "size"), assumedSize, n)
		r.Nearly(volume, "the claim is not in the input, and the volume is a new one: "+assumedSize+" is assumed", v)
		return
	}
	r.use(claim)
	why := "the claim has a name of the workload's"
	if w.kind != "Job" && w.kind != "CronJob" {
		why = "each replica has a claim of its own"
	}
	r.Nearly(volume, why, v)
	r.claim(volume, claim.node, why)
	for _, f := range claim.node.Fields {
		if f.Name != "spec" && f.Name != "metadata" {
			r.Holds("a claim is made of the volume", f.Value)
		}
	}
}

// assumedSize is the size of a volume whose claim is not in the input.
const assumedSize = "10Gi"

// claim reads what storage a claim asks for.
func (r *reader) claim(volume diag.Path, claim *data.Node, why string) {
	if meta := claim.Get("metadata"); meta != nil {
		for _, f := range meta.Fields {
			switch f.Name {
			case "name":
				if why == "" {
					r.Said(volume, f.Value)
				} else {
					r.Nearly(volume, why, f.Value)
				}
			case "creationTimestamp":
				r.Holds("the platform writes it", f.Value)
			case "labels":
				r.Nearly(volume, "labels tell the workload in words of their own", f.Value)
			}
		}
	}
	spec := claim.Get("spec")
	if spec == nil {
		return
	}
	for _, f := range spec.Fields {
		switch f.Name {
		case "accessModes":
			for _, e := range f.Value.Elems {
				if e.Text == "ReadWriteOnce" {
					r.Holds("one node at a time writes to it", e)
				} else {
					r.Lose("one node at a time writes to a volume", e)
				}
			}
		case "storageClassName":
			if f.Value.Text == "" {
				r.Lose("a class has a name", f.Value)
				continue
			}
			r.Set(volume.To("persistent", "class"), f.Value.Text, f.Value)
		case "volumeMode":
			standard("Filesystem", "a volume is a file system")(r, nil, f.Value)
		case "resources":
			if size := f.Value.Get("requests", "storage"); size != nil {
				r.memory(volume.To("persistent", "size"), size)
			}
		}
	}
	if r.Get(volume.To("persistent", "size")) == nil {
		r.Put(volume.To("persistent", "size"), assumedSize, claim)
	}
}

func (r *reader) claimTemplates(w *workload, list *data.Node) {
	for _, v := range list.Elems {
		for _, f := range v.Fields {
			if f.Name == "apiVersion" || f.Name == "kind" || f.Name == "status" {
				r.Holds("the platform writes it", f.Value)
			}
		}
		r.claim(w.in("volumes", importer.Name(v.Get("metadata").TextAt("name"))), v, "")
	}
}

func (r *reader) mounts(w *workload, at diag.Path, list *data.Node) {
	for _, m := range list.Elems {
		r.mount(w, at, m)
	}
}

// mount reads what stands at a path of a container.
func (r *reader) mount(w *workload, at diag.Path, m *data.Node) {
	name, target := m.Get("name"), m.Get("mountPath")
	if name == nil || target == nil {
		r.Errorf(m, diag.MissingField, "a mount has a name and a mountPath")
		return
	}
	to := path.Clean(target.Text)
	mount := at.To("mounts", to)
	volume, template := w.volumeOf(name.Text)
	sub := m.TextAt("subPath")
	switch {
	case volume == nil:
		r.Errorf(m, diag.UnknownName, "no volume %q", name.Text)
		return
	case volume.Get("configMap") != nil:
		r.configMount(mount, m, volume, sub)
	case volume.Get("secret") != nil:
		r.secretMount(mount, m, volume, sub)
	case volume.Get("hostPath") != nil, !template && volume.Get("emptyDir") == nil && volume.Get("persistentVolumeClaim") == nil:
		r.Lose("there is no such kind of volume", m)
		return
	default:
		node := importer.Struct(m.At, "volume", importer.Name(name.Text))
		if m.TextAt("readOnly") == "true" {
			node = importer.Struct(m.At, "volume", importer.Name(name.Text), "readOnly", true)
			r.Said(mount, m.Get("readOnly"))
		}
		r.Put(mount, node, m)
		r.Said(mount, name, target)
		if s := m.Get("subPath"); s != nil && sub != "" {
			r.Lose("a whole volume is mounted", s)
		}
	}
	for _, f := range m.Fields {
		switch f.Name {
		case "readOnly":
			if f.Value.Text == "false" {
				r.Holds("the default", f.Value)
			}
		case "mountPropagation":
			standard("None", "mounts are a container's own")(r, w, f.Value)
		}
	}
}

// items are the files of a volume of a ConfigMap or Secret: of each key, its path.
func items(source *data.Node) map[string]string {
	list := source.Get("items")
	if list == nil {
		return nil
	}
	files := map[string]string{}
	for _, e := range list.Elems {
		files[e.TextAt("path")] = e.TextAt("key")
	}
	return files
}

// configMount mounts a configuration: all of it at a directory, or one of its files.
func (r *reader) configMount(mount diag.Path, m, volume *data.Node, sub string) {
	source := volume.Get("configMap")
	name := source.TextAt("name")
	files := items(source)
	key := cmp.Or(files[sub], sub)
	config, ok := r.configOf(name, key)
	if !ok {
		r.Lose("the ConfigMap is not in the input: its text is not there to be carried", m, volume)
		return
	}
	from := append(m.Elems, m.Get("name"), m.Get("mountPath"), m.Get("subPath"), volume.Get("name"), source.Get("name"))
	for _, f := range source.Fields {
		switch f.Name {
		case "defaultMode":
			r.Nearly(mount, "everybody may read a file", f.Value)
		case "optional":
			standard("false", "what is mounted has to be there")(r, nil, f.Value)
		}
	}
	if ro := m.Get("readOnly"); ro != nil {
		r.Holds("a configuration file is never writable", ro)
	}
	switch {
	case sub != "":
		r.Put(mount, importer.Struct(m.At, "config", config, "file", key), m)
		r.Said(mount, from...)
		r.listed(mount, source)
	case files == nil:
		r.Put(mount, importer.Struct(m.At, "config", config), m)
		r.Said(mount, from...)
	default:
		for file, key := range files {
			r.Put(mount[:len(mount)-1].To(path.Join(mount[len(mount)-1], file)), importer.Struct(m.At, "config", config, "file", key), m)
		}
		r.listed(mount[:len(mount)-1], source)
		r.Nearly(mount[:len(mount)-1], "each file is mounted by itself", from...)
	}
}

// listed accounts for the items of a volume.
func (r *reader) listed(at diag.Path, source *data.Node) {
	if list := source.Get("items"); list != nil {
		for _, e := range list.Elems {
			r.Nearly(at, "each file is mounted by itself", e)
		}
	}
}

// secretMount mounts entries of a Secret, each a file.
func (r *reader) secretMount(mount diag.Path, m, volume *data.Node, sub string) {
	source := volume.Get("secret")
	name := source.TextAt("secretName")
	files := items(source)
	if files == nil {
		files = map[string]string{}
		if o, ok := r.secrets[name]; ok {
			for _, key := range keysOf(o) {
				files[key] = key
			}
		}
	}
	if sub != "" {
		files = map[string]string{"": cmp.Or(files[sub], sub)}
	}
	if len(files) == 0 {
		r.Lose("the Secret's keys are not in the input, and each is mounted by itself", m, volume)
		r.Refuse(m, "a patch refers to no Secret")
		r.Refuse(volume, "a patch refers to no Secret")
		return
	}
	r.use(r.secrets[name])
	above := mount[:len(mount)-1]
	for file, key := range files {
		at := above.To(path.Join(mount[len(mount)-1], file))
		r.Put(at, importer.Struct(m.At, "secret", r.Secret(secretName(name, key), name, key, source)), m)
	}
	if ro := m.Get("readOnly"); ro != nil {
		r.Holds("a secret is never writable", ro)
	}
	for _, f := range source.Fields {
		switch f.Name {
		case "defaultMode":
			r.Nearly(above, "everybody may read a file", f.Value)
		case "optional":
			standard("false", "what is mounted has to be there")(r, nil, f.Value)
		}
	}
	from := []*data.Node{m.Get("name"), m.Get("mountPath"), m.Get("subPath"), volume.Get("name"), source.Get("secretName")}
	if sub != "" {
		r.Said(mount, from...)
	} else {
		r.Nearly(above, "each file is mounted by itself", from...)
	}
	r.listed(above, source)
}

// configOf is the name of a ConfigMap's configuration, where it is in the input and has a file.
func (r *reader) configOf(name, file string) (string, bool) {
	o, ok := r.configs[name]
	if !ok || file != "" && o.node.Get("data", file) == nil || o.node.Get("data") == nil {
		return "", false
	}
	r.use(o)
	short := importer.Name(shortName(name, r.id))
	return strings.Trim(short[:min(len(short), importer.LongName)], "-"), true
}
