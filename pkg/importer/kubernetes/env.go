package kubernetes

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// envName is what the vocabulary takes for the name of a variable.
var envName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func (r *reader) env(w *workload, at diag.Path, list *data.Node) {
	before, sources := map[string]string{}, map[string]*data.Node{} // of which the second come from elsewhere
	for _, e := range list.Elems {
		name := e.TextAt("name")
		path := at.To("env", name)
		if !envName.MatchString(name) {
			r.Lose("the variable has a name that a tenant's cannot have", e)
			continue
		}
		r.Carry(path, e)
		if from := e.Get("valueFrom"); from != nil {
			before[name] = unknown
			r.valueFrom(path, e, from)
			sources[name] = e
			continue
		}
		value := e.Get("value")
		if value != nil && r.composed(path, e, value, before, sources) {
			before[name] = unknown
			continue
		}
		text, ok := expanded(e.TextAt("value"), before)
		before[name] = text
		if !ok {
			before[name] = unknown
		}
		r.value(w, path, e, value, text, ok)
	}
}

// composed makes a value of several sources where a text names variables that come from
// elsewhere, and reports whether it does.
func (r *reader) composed(path diag.Path, e, n *data.Node, before map[string]string, sources map[string]*data.Node) bool {
	values := &data.Node{Kind: data.Struct, At: n.At}
	whole, own := true, path[len(path)-1]+"."
	var parts []string
	format := reference.ReplaceAllStringFunc(strings.NewReplacer("{", "{{", "}", "}}").Replace(n.Text), func(m string) string {
		if m == "$$" {
			return "$"
		}
		name := m[2 : len(m)-1]
		value, known := before[name]
		switch source := r.Get(path[:len(path)-1].To(name)); {
		case !known:
			return m
		case value != unknown:
			return strings.NewReplacer("{", "{{", "}", "}}").Replace(value)
		case sources[name] == nil || source == nil || source.Kind != data.Struct || source.Get("format") != nil || !valueName.MatchString(strings.TrimPrefix(name, own)):
			whole = false
			return m
		default:
			parts = append(parts, name)
			values.Set(strings.TrimPrefix(name, own), n.At, source)
			return "{" + strings.TrimPrefix(name, own) + "}"
		}
	})
	if len(parts) == 0 || !whole {
		return false
	}
	r.Put(path, importer.Struct(e.At, "format", format, "values", values), e)
	r.Said(path, e.Get("name"), n)
	for _, name := range parts {
		short, part := strings.CutPrefix(name, own) // as it is rendered
		if !part {
			r.Nearly(path, "the variables that it names are parts of its own", n, e.Get("name"))
			continue
		}
		r.Delete(path[:len(path)-1].To(name))
		r.Said(path.To("values", short), importer.Leaves(sources[name])...)
	}
	return true
}

// valueName is what the vocabulary takes for the name of a part of a value.
var valueName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// value sets a variable to a text, to the endpoint that it names, or to a secret, where it is a
// credential.
func (r *reader) value(w *workload, path diag.Path, e, n *data.Node, text string, whole bool) {
	name := path[len(path)-1]
	from := []*data.Node{e.Get("name")}
	if n != nil {
		from = append(from, n)
	}
	if kind := importer.Credential(name, text); kind != "" {
		r.Hidden(text)
		secret := r.Secret(name, r.id+"-"+w.id, name, n)
		r.Near(path.To("secret"), secret, "its value is not written: put it into Secret "+r.id+"-"+w.id+", under "+name, from...)
		return
	}
	if to, port, format, why := r.endpoint(w, text); to != nil && whole {
		fields := []any{"endpoint", to.id + "." + port, "format", nil}
		if format != "{host}:{port}" {
			fields[3] = format
		}
		r.Put(path, importer.Struct(e.At, fields...), e)
		if why != "" {
			r.Nearly(path, why, from...)
		} else {
			r.Said(path, from...)
		}
		return
	}
	r.Set(path, text, from...)
	if n != nil && n.Kind == data.Null {
		r.Holds("an empty text", n)
	}
	if !whole {
		r.Lose("$(NAME) is not replaced by what comes from elsewhere", n)
	}
}

// endpoint finds the name of a Service in a text, and its port: http://api.shop.svc:9000/v1.
func (r *reader) endpoint(w *workload, text string) (to *workload, port, format, why string) {
	if strings.ContainsAny(text, "{}") {
		return nil, "", "", ""
	}
	for _, o := range r.objects {
		other := r.services[o.name]
		if o.kind != "Service" || other == nil {
			continue
		}
		before, after, ok := host(text, o.name)
		if !ok {
			continue
		}
		if rest, ok := strings.CutPrefix(after, "."); ok { // of its namespace and cluster
			i := strings.IndexAny(rest, ":/")
			if i < 0 {
				i = len(rest)
			}
			after = rest[i:]
		}
		digits := after
		if i := strings.IndexFunc(after, func(c rune) bool { return c != ':' && (c < '0' || c > '9') }); i >= 0 {
			digits = after[:i]
		}
		number := strings.TrimPrefix(digits, ":")
		for _, p := range o.node.Get("spec", "ports").Elems {
			name := r.portOf(other, p)
			if name == "" || number != "" && p.TextAt("port") != number {
				continue
			}
			if o.name != r.id+"-"+other.id || r.number(other, name) != p.TextAt("port") {
				why = "the workload is found by the name and the port of its own Service"
			}
			if number != "" {
				return other, name, before + "{host}:{port}" + strings.TrimPrefix(after, digits), why
			}
			if before == "" && after == "" || strings.HasSuffix(before, "://") {
				return other, name, before + "{host}" + after, why
			}
		}
	}
	return nil, "", "", ""
}

// host finds a host's name in a text: the whole of it, or behind // or @, and before a port, a
// path or a domain.
func host(text, name string) (before, after string, ok bool) {
	i := strings.Index(text, name)
	if i < 0 {
		return "", "", false
	}
	before, after = text[:i], text[i+len(name):]
	starts := before == "" || strings.HasSuffix(before, "//") || strings.HasSuffix(before, "@")
	ends := after == "" || after[0] == ':' || after[0] == '/' && before != "" || strings.HasPrefix(after, ".") && strings.Contains(after, ".svc")
	return before, after, starts && ends
}

func (r *reader) number(w *workload, port string) string {
	for _, c := range w.pod.Get("containers").Elems {
		if n := r.Get(w.in("containers", containerName(c), "ports", port)); n != nil {
			if n.Kind == data.Struct {
				n = n.Get("port")
			}
			return n.Text
		}
	}
	return ""
}

// valueFrom reads where a value comes from.
func (r *reader) valueFrom(path diag.Path, e, from *data.Node) {
	name := e.Get("name")
	for _, f := range from.Fields {
		switch f.Name {
		case "secretKeyRef":
			at, key := f.Value.Get("name"), f.Value.Get("key")
			if at == nil || key == nil {
				r.Errorf(f.Value, diag.MissingField, "a reference to a Secret has a name and a key")
				continue
			}
			secret := r.Secret(secretName(at.Text, key.Text), at.Text, key.Text, at)
			r.use(r.secrets[at.Text])
			r.Set(path.To("secret"), secret, at, key, name)
			r.optional(f.Value)
		case "configMapKeyRef":
			at, key := f.Value.Get("name"), f.Value.Get("key")
			config, ok := r.configOf(f.Value.TextAt("name"), f.Value.TextAt("key"))
			if !ok {
				r.Lose("the ConfigMap is not in the input: its text is not there to be carried", e)
				continue
			}
			r.Put(path, importer.Struct(e.At, "config", config, "file", key.Text), e)
			r.Said(path, at, key, name)
			r.optional(f.Value)
		default:
			r.Lose("a variable does not hold what the platform says of its pod", e)
		}
	}
}

func (r *reader) optional(n *data.Node) {
	if o := n.Get("optional"); o != nil {
		standard("false", "what a variable reads has to be there")(r, nil, o)
	}
}

func secretName(path, key string) string {
	name := importer.Name(path)
	if suffix := importer.Name(key); !strings.HasSuffix(name, suffix) {
		name += "-" + suffix
	}
	return strings.Trim(name[:min(len(name), importer.LongName)], "-")
}

func (r *reader) use(o object) {
	if o.node != nil {
		r.used[o.node] = true
	}
}

// envFrom reads all that a ConfigMap or Secret of the input has into variables.
func (r *reader) envFrom(at diag.Path, list *data.Node) {
	for _, e := range list.Elems {
		prefix := e.TextAt("prefix")
		from, all, secret := e.Get("configMapRef"), r.configs, false
		if from == nil {
			from, all, secret = e.Get("secretRef"), r.secrets, true
		}
		o, ok := all[from.TextAt("name")]
		if !ok || from == nil {
			r.Lose("what it holds is not in the input, and variables have names", e)
			continue
		}
		r.use(o)
		for _, key := range keysOf(o) {
			path := at.To("env", prefix+key)
			if r.Get(path) != nil || !envName.MatchString(prefix+key) {
				continue
			}
			if secret {
				r.Put(path.To("secret"), r.Secret(secretName(o.name, key), o.name, key, e), e)
				continue
			}
			if config, ok := r.configOf(o.name, key); ok {
				r.Put(path, importer.Struct(e.At, "config", config, "file", key), e)
			}
		}
		r.Nearly(at.To("env"), "each variable is named, as they are now", e)
	}
}

// keysOf are the keys of a ConfigMap or a Secret.
func keysOf(o object) (keys []string) {
	for _, field := range []string{"data", "stringData"} {
		if d := o.node.Get(field); d != nil {
			keys = append(keys, d.Names()...)
		}
	}
	return keys
}

// containerPorts sets the ports of the containers. Those that no Service has are the pods' own.
func (r *reader) containerPorts(w *workload) {
	lists := []*data.Node{w.pod.Get("containers"), w.pod.Get("initContainers")}
	for _, list := range lists {
		if list == nil {
			continue
		}
		for _, c := range list.Elems {
			if ports := c.Get("ports"); ports != nil {
				for _, p := range ports.Elems {
					r.containerPort(w, c, p)
				}
			}
		}
	}
}

func (r *reader) containerPort(w *workload, c, p *data.Node) {
	number, err := strconv.Atoi(p.TextAt("containerPort"))
	protocol := strings.ToLower(p.TextAt("protocol"))
	if err != nil || protocol == "sctp" {
		r.Lose("a port is a number of tcp or udp", p)
		return
	}
	name := r.newPort(w, containerName(c), number, protocol == "udp", p.TextAt("name"), p)
	path := w.in("containers", containerName(c), "ports", name)
	for _, f := range p.Fields {
		switch f.Name {
		case "name":
			if f.Value.Text == name {
				r.Said(path, f.Value)
			} else {
				r.Nearly(path, "names of ports are unique in a workload", f.Value)
			}
		case "containerPort":
			r.Said(path, f.Value)
		case "protocol":
			if protocol == "tcp" {
				r.Holds("the default", f.Value)
			} else {
				r.Said(path, f.Value)
			}
		case "hostPort", "hostIP":
			r.Lose("a workload has a network of its own", f.Value)
		}
	}
}

// newPort adds a port to a container, and returns its name.
func (r *reader) newPort(w *workload, container string, number int, udp bool, given string, from *data.Node) string {
	taken := map[string]bool{}
	if all := r.Get(w.in("containers")); all != nil {
		for _, c := range all.Fields {
			if ports := c.Value.Get("ports"); ports != nil {
				for _, p := range ports.Fields {
					taken[p.Name] = true
				}
			}
		}
	}
	name := importer.Name(given)
	if given == "" || taken[name] || len(name) > importer.PortName {
		name = importer.PortOf(number, udp, func(s string) bool { return taken[s] })
	}
	path := w.in("containers", container, "ports", name)
	if udp {
		r.Put(path, importer.Struct(from.At, "port", number, "protocol", "udp"), from)
	} else {
		r.Put(path, number, from)
	}
	return name
}
