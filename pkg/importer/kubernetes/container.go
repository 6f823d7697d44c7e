package kubernetes

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// container reads a container into one of the workload.
func (r *reader) container(w *workload, c *data.Node) {
	name := containerName(c)
	at := w.in("containers", name)
	r.Put(at, nil, c)
	r.Carry(at, c)
	for _, f := range c.Fields {
		n := f.Value
		if n.Kind == data.Null {
			r.Holds("nothing is stated", n)
			continue
		}
		switch f.Name {
		case "name":
			if n.Text == name {
				r.Said(at, n)
			} else {
				r.Nearly(at, "names are of lower-case letters, digits and hyphens", n)
			}
		case "image":
			r.image(at, n)
		case "command", "args":
			r.texts(at.To(f.Name), n, c)
		case "workingDir":
			r.Set(at.To("workingDir"), n.Text, n)
		case "env":
			r.env(w, at, n)
		case "envFrom":
			r.envFrom(at, n)
		case "resources":
			r.resources(w, at, n)
		case "volumeMounts":
			r.mounts(w, at, n)
		case "livenessProbe":
			r.probe(at.To("health"), n)
		case "readinessProbe":
			r.probe(at.To("ready"), n)
		case "startupProbe":
			r.probe(at.To("startup"), n)
		case "imagePullPolicy":
			r.pullPolicy(c, n)
		case "securityContext":
			r.security(w, at, n)
		case "terminationMessagePath":
			standard("/dev/termination-log", "a container ends without a message")(r, w, n)
		case "terminationMessagePolicy":
			standard("File", "a container ends without a message")(r, w, n)
		case "stdin", "stdinOnce", "tty":
			standard("false", "nobody is at the terminal of a workload")(r, w, n)
		case "lifecycle":
			r.Lose("a process is only told to end by its stop signal", n)
		}
	}
	r.identity(w, at, c)
	if c.Get("image") == nil {
		r.Errorf(c, diag.MissingField, "container %s has no image", c.TextAt("name"))
	}
}

func (r *reader) image(at diag.Path, n *data.Node) {
	r.Set(at.To("image"), tagged(n.Text), n)
}

// tagged is an image with the tag that a registry takes for none.
func tagged(image string) string {
	if !strings.ContainsAny(image[strings.LastIndex(image, "/")+1:], ":@") {
		return image + ":latest"
	}
	return image
}

// reference is what the kubelet replaces: Expand of third_party/forked/golang/expansion.
var reference = lazyregexp.New(`\$\$|\$\(([^)]*)\)`)

// expanded is a text as the process gets it; ok is false where it names a variable whose value
// is not in the container.
func expanded(text string, env map[string]string) (string, bool) {
	ok := true
	out := reference.ReplaceAllStringFunc(text, func(m string) string {
		if m == "$$" {
			return "$"
		}
		name := m[2 : len(m)-1]
		value, known := env[name]
		switch {
		case !known:
			return m // which stays as it is
		case value == unknown:
			ok = false
			return m
		}
		return value
	})
	return out, ok
}

// unknown is the value of a variable that comes from elsewhere.
const unknown = "\x00"

// values are the variables of a container whose values are in it.
func values(c *data.Node) map[string]string {
	env := map[string]string{}
	if list := c.Get("env"); list != nil {
		for _, e := range list.Elems {
			value := unknown
			if e.Get("valueFrom") == nil {
				value, _ = expanded(e.TextAt("value"), env)
			}
			env[e.TextAt("name")] = value
		}
	}
	return env
}

// texts sets a command, or its arguments.
func (r *reader) texts(path diag.Path, n, c *data.Node) {
	var list []string
	env, whole := values(c), true
	for _, e := range n.Elems {
		text, ok := expanded(e.Text, env)
		list, whole = append(list, text), whole && ok
	}
	if len(list) == 0 {
		r.Holds("nothing is stated", n)
		return
	}
	r.Set(path, list, n)
	if whole {
		return
	}
	for _, e := range n.Elems {
		if _, ok := expanded(e.Text, env); !ok {
			r.Lose("$(NAME) is not replaced by what comes from elsewhere", e)
		}
	}
}

func (r *reader) resources(w *workload, at diag.Path, n *data.Node) {
	for _, f := range n.Fields {
		for _, g := range f.Value.Fields {
			path := at.To("resources", map[string]string{"requests cpu": "cpu", "limits cpu": "cpuMax", "requests memory": "memory", "limits memory": "memoryMax"}[f.Name+" "+g.Name])
			switch {
			case g.Name == "cpu":
				r.cpu(path, g.Value)
			case g.Name == "memory":
				r.memory(path, g.Value)
			case strings.HasSuffix(g.Name, "/gpu"):
				r.gpu(w, at, f.Name, g)
			default:
				r.Lose("a container asks for processor, memory and GPUs", g.Value)
			}
		}
	}
}

func (r *reader) cpu(path diag.Path, n *data.Node) {
	millis, exact, ok := millisOf(n.Text)
	switch {
	case !ok || millis == 0:
		r.Lose("it is no amount of processor", n)
	case !exact:
		r.Near(path, importer.Millis(millis), "processors are given to a thousandth", n)
	default:
		r.Set(path, importer.Millis(millis), n)
	}
}

func (r *reader) memory(path diag.Path, n *data.Node) {
	bytes, ok := bytesOf(n.Text)
	if !ok || bytes.Sign() == 0 {
		r.Lose("it is no amount of memory", n)
		return
	}
	text, exact := importer.MiB(bytes)
	if !exact {
		r.Near(path, text, "memory is given in whole MiB", n)
		return
	}
	r.Set(path, text, n)
}

func (r *reader) gpu(w *workload, at diag.Path, list string, g data.Field) {
	path := at.To("resources", "gpu")
	if list == "requests" {
		r.Holds("the limit is its request too", g.Value)
		return
	}
	count, err := strconv.Atoi(g.Value.Text)
	if err != nil {
		r.Lose("GPUs are whole", g.Value)
		return
	}
	r.Set(path, count, g.Value)
	if g.Name != "nvidia.com/gpu" {
		r.Put(w.extension("gpuResource"), g.Name, g.Value)
	}
}

// probe reads a probe. Its timeout is 1s where none is stated, and a tenant's is 2s.
func (r *reader) probe(path diag.Path, n *data.Node) {
	how := false
	for _, f := range n.Fields {
		v := f.Value
		switch f.Name {
		case "httpGet":
			how = true
			r.httpGet(path, v)
		case "tcpSocket":
			how = true
			r.each(nil, v, fields{"port": func(r *reader, _ *workload, n *data.Node) { r.Set(path.To("tcp", "port"), scalar(n), n) }})
		case "grpc":
			how = true
			r.each(nil, v, fields{
				"port": func(r *reader, _ *workload, n *data.Node) {
					r.Set(path.To("grpc", "port"), r.named(path[:len(path)-1], n), n)
				},
				"service": func(r *reader, _ *workload, n *data.Node) { r.Set(path.To("grpc", "service"), n.Text, n) },
			})
		case "exec":
			how = true
			if command := v.Get("command"); command != nil {
				r.texts(path.To("exec", "command"), command, &data.Node{})
			}
		}
	}
	if !how {
		r.Lose("a check asks in one of four ways", n)
		return
	}
	for _, f := range n.Fields {
		v := f.Value
		switch f.Name {
		case "initialDelaySeconds":
			r.seconds(path.To("startDelay"), v, 0)
		case "periodSeconds":
			r.seconds(path.To("interval"), v, 10)
		case "timeoutSeconds":
			r.seconds(path.To("timeout"), v, 2)
		case "failureThreshold":
			r.unless(path.To("retries"), v, "3")
		case "successThreshold":
			standard("1", "one success is enough")(r, nil, v)
		case "terminationGracePeriodSeconds":
			r.Lose("a container that fails its check has the time that others have", v)
		}
	}
	if n.Get("timeoutSeconds") == nil {
		r.Put(path.To("timeout"), "1s", n)
	}
}

// named is the name of a container's port of that number, or the number.
func (r *reader) named(at diag.Path, n *data.Node) any {
	if ports := r.Get(at.To("ports")); ports != nil {
		for _, f := range ports.Fields {
			if f.Value.Text == n.Text || f.Value.TextAt("port") == n.Text {
				return f.Name
			}
		}
	}
	return scalar(n)
}

func (r *reader) seconds(path diag.Path, n *data.Node, standard int64) {
	seconds, err := strconv.ParseInt(n.Text, 10, 32)
	switch {
	case err != nil || seconds < 0:
		r.Lose("it is no number of seconds", n)
	case seconds == standard:
		r.Holds("a tenant's default", n)
	default:
		r.Set(path, importer.Seconds(seconds), n)
	}
}

func (r *reader) httpGet(path diag.Path, n *data.Node) {
	for _, f := range n.Fields {
		switch f.Name {
		case "path":
			text := f.Value.Text
			if !strings.HasPrefix(text, "/") {
				text = "/" + text // as the kubelet has it
			}
			if text == "/" {
				r.Holds("a tenant's default", f.Value)
				continue
			}
			r.Set(path.To("http", "path"), text, f.Value)
		case "port":
			r.Set(path.To("http", "port"), scalar(f.Value), f.Value)
		case "scheme":
			standard("HTTP", "a check asks by HTTP")(r, nil, f.Value)
		default:
			r.Lose("a check asks its container by GET, without headers", f.Value)
		}
	}
}

// pullPolicy holds where it is what the platform does anyway, and is the tenant's where all
// containers have it.
func (r *reader) pullPolicy(c, n *data.Node) {
	image := tagged(c.TextAt("image"))
	usual := "IfNotPresent"
	if strings.HasSuffix(image, ":latest") {
		usual = "Always"
	}
	for _, w := range r.workloads {
		for _, field := range []string{"containers", "initContainers"} {
			list := w.pod.Get(field)
			if list == nil {
				continue
			}
			for _, other := range list.Elems {
				if other.TextAt("imagePullPolicy") != n.Text {
					if n.Text == usual {
						r.Holds("the platform's default", n)
					} else {
						r.Lose("all containers of a tenant have one policy", n)
					}
					return
				}
			}
		}
	}
	r.Set(diag.At("extensions", "kubernetes", "imagePullPolicy"), n.Text, n)
}

func (r *reader) security(w *workload, at diag.Path, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch f.Name {
		case "readOnlyRootFilesystem", "privileged":
			if v.Text == "true" {
				r.Set(at.To("security", f.Name), true, v)
			} else {
				r.Holds("the platform's default", v)
			}
		case "capabilities":
			for _, g := range v.Fields {
				var list []string
				for _, e := range g.Value.Elems {
					list = append(list, strings.TrimPrefix(e.Text, "CAP_"))
				}
				if len(list) > 0 {
					r.Set(at.To("security", "capabilities", g.Name), list, g.Value)
				}
			}
		case "allowPrivilegeEscalation":
			r.escalation(w, v)
		case "seccompProfile":
			r.seccomp(w, v)
		case "runAsUser", "runAsGroup", "runAsNonRoot": // read with those of the pod
		default:
			r.Lose("the vocabulary has no such limit of a process", v)
		}
	}
}

// escalation is the workload's where all its containers say so.
func (r *reader) escalation(w *workload, n *data.Node) {
	for _, field := range []string{"containers", "initContainers"} {
		list := w.pod.Get(field)
		if list == nil {
			continue
		}
		for _, c := range list.Elems {
			if c.Get("securityContext").TextAt("allowPrivilegeEscalation") != n.Text {
				r.Lose("all containers of a workload have one setting", n)
				return
			}
		}
	}
	r.Set(w.extension("allowPrivilegeEscalation"), n.Text == "true", n)
}

// identity is who a process is: what its container says, or else the pod.
func (r *reader) identity(w *workload, at diag.Path, c *data.Node) {
	own, pod := c.Get("securityContext"), w.pod.Get("securityContext")
	of := func(field string) *data.Node {
		if n := own.Get(field); n != nil {
			return n
		}
		return pod.Get(field)
	}
	if n := of("runAsNonRoot"); n != nil {
		if n.Text == "true" {
			r.Set(at.To("security", "runAsNonRoot"), true, n)
		} else {
			r.Holds("the platform's default", n)
		}
	}
	user, group := of("runAsUser"), of("runAsGroup")
	switch {
	case user != nil && group != nil:
		r.Set(at.To("user"), user.Text+":"+group.Text, user, group)
	case user != nil:
		r.Set(at.To("user"), user.Text, user)
	case group != nil:
		r.Lose("a group stands behind a user", group)
	}
}
