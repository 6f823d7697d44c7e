package ecs

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// reasons why fields of a container are lost.
var reasons = map[string]string{
	"environmentFiles":      "the files are in S3, and not in the input",
	"ulimits":               "limits of the kernel are the platform's own matter",
	"systemControls":        "limits of the kernel are the platform's own matter",
	"dockerLabels":          "labels are of the whole tenant",
	"links":                 "containers of a workload share their network",
	"hostname":              "a workload is found by its name alone",
	"extraHosts":            "names of hosts are the platform's own matter",
	"dnsServers":            "names of hosts are the platform's own matter",
	"firelensConfiguration": "the router of logs has no place in a tenant",
	"startTimeout":          "how long others wait for a container is the platform's own matter",
	"volumesFrom":           "containers mount volumes by name",
}

func (r *reader) container(w *workload, c *data.Node) {
	name := importer.Name(textAt(c, "name"))
	at := w.in("containers", name)
	r.Put(at, nil, c)
	for _, f := range c.Fields {
		n := f.Value
		switch field := lower(f.Name); {
		case empty(n):
			r.Holds("nothing is stated", n)
		case reasons[field] != "":
			r.Lose(reasons[field], n)
		default:
			r.containerField(w, at, c, field, n)
		}
	}
	if r.awaited(w, c) {
		r.Put(at.To("role"), "init", c)
	}
	if get(c, "image") == nil {
		r.Errorf(c, diag.MissingField, "container %s has no image", textAt(c, "name"))
	}
}

func (r *reader) containerField(w *workload, at diag.Path, c *data.Node, field string, n *data.Node) {
	switch field {
	case "name":
		if n.Text == at[len(at)-1] {
			r.Said(at, n)
		} else {
			r.Nearly(at, "names are of lower-case letters, digits and hyphens", n)
		}
	case "image":
		r.Set(at.To("image"), tagged(n.Text), n)
	case "entryPoint":
		r.Set(at.To("command"), texts(n), n)
	case "command":
		r.Set(at.To("args"), texts(n), n)
	case "workingDirectory":
		r.Set(at.To("workingDir"), n.Text, n)
	case "user":
		r.Set(at.To("user"), n.Text, n)
	case "environment":
		for _, e := range n.Elems {
			r.variable(w, at, e)
		}
	case "secrets":
		for _, e := range n.Elems {
			r.secret(at, e)
		}
	case "portMappings":
		for _, e := range n.Elems {
			r.port(w, at, e)
		}
	case "cpu":
		r.cpu(at, n)
	case "memory":
		r.Set(at.To("resources", "memoryMax"), importer.Size(number(n)), n)
	case "memoryReservation":
		if limit := get(c, "memory"); limit != nil && limit.Text == n.Text {
			r.Near(at.To("resources", "memory"), importer.Size(number(n)), "the limit is all that is stated of the same amount", n)
			return
		}
		r.Set(at.To("resources", "memory"), importer.Size(number(n)), n)
	case "resourceRequirements":
		for _, e := range n.Elems {
			if textAt(e, "type") == "GPU" {
				r.Set(at.To("resources", "gpu"), number(get(e, "value")), get(e, "value"), get(e, "type"))
			} else {
				r.Lose("a container asks for processor, memory and GPUs", e)
			}
		}
	case "essential":
		if (n.Text == "true") == r.main(w, c) {
			r.Said(at, n)
		} else {
			r.Nearly(at, "a task ends with its main containers", n)
		}
	case "healthCheck":
		r.health(at.To("health"), n)
	case "dependsOn":
		for _, e := range n.Elems {
			r.dependsOn(w, at, c, e)
		}
	case "linuxParameters":
		r.linux(w, at, n)
	case "mountPoints":
		for _, e := range n.Elems {
			r.mount(w, at, e)
		}
	case "readonlyRootFilesystem", "privileged":
		if n.Text != "true" {
			r.Holds("the platform's default", n)
			return
		}
		r.Set(at.To("security", map[string]string{"readonlyRootFilesystem": "readOnlyRootFilesystem", "privileged": "privileged"}[field]), true, n)
	case "repositoryCredentials":
		r.credentials(c, n)
	case "interactive", "pseudoTerminal", "disableNetworking":
		if n.Text != "true" {
			r.Holds("the platform's default", n)
		} else {
			r.Lose("nobody is at the terminal of a workload", n)
		}
	case "restartPolicy":
		if len(w.runs) > 0 && w.runs[0].what == "run" && textAt(n, "enabled") == "true" {
			for _, f := range n.Fields {
				if lower(f.Name) == "enabled" {
					r.Set(w.in("restart"), "always", f.Value)
				} else {
					r.Nearly(w.in("restart"), "how soon is the platform's own matter", f.Value)
				}
			}
			return
		}
		r.Lose("a service's tasks are replaced as a whole", n)
	case "versionConsistency":
		r.Holds("a tag that moves is the registry's matter", n)
	}
}

func tagged(image string) string {
	if !strings.ContainsAny(image[strings.LastIndex(image, "/")+1:], ":@") {
		return image + ":latest"
	}
	return image
}

func texts(n *data.Node) (list []string) {
	for _, e := range n.Elems {
		list = append(list, e.Text)
	}
	return list
}

// awaited reports whether another container waits until this one has ended.
func (r *reader) awaited(w *workload, c *data.Node) bool {
	for _, other := range get(w.node, "containerDefinitions").Elems {
		for _, on := range elems(get(other, "dependsOn")) {
			condition := textAt(on, "condition")
			if textAt(on, "containerName") == textAt(c, "name") && (condition == "SUCCESS" || condition == "COMPLETE") {
				return textAt(c, "essential") == "false"
			}
		}
	}
	return false
}

// main reports whether a task ends with a container.
func (r *reader) main(w *workload, c *data.Node) bool { return !r.awaited(w, c) }

func (r *reader) variable(w *workload, at diag.Path, e *data.Node) {
	name, value := get(e, "name"), get(e, "value")
	path := at.To("env", textOf(name))
	text := textOf(value)
	if importer.Credential(textOf(name), text) != "" {
		r.Hidden(text)
		place := "/" + r.id + "/" + importer.Name(textOf(name))
		r.Near(path.To("secret"), r.Secret(textOf(name), place, "", e), "its value is not written: put it into parameter "+place+" of Systems Manager", name, value)
		return
	}
	if to, port, format := r.endpoint(w, text); to != nil {
		fields := []any{"endpoint", to.id + "." + port, "format", nil}
		if format != "{host}:{port}" {
			fields[3] = format
		}
		r.Put(path, importer.Struct(e.At, fields...), e)
		if strings.Contains(text, r.id+"-"+to.id) {
			r.Said(path, name, value)
		} else {
			r.Nearly(path, "the workload is found by its own name", name, value)
		}
		return
	}
	r.Set(path, text, name, value)
}

// endpoint finds the name that a service is found by in a text, and its port.
func (r *reader) endpoint(w *workload, text string) (to *workload, port, format string) {
	if strings.ContainsAny(text, "{}") {
		return nil, "", ""
	}
	for _, other := range r.workloads {
		for _, run := range other.runs {
			for _, s := range elems(get(run.node, "serviceConnectConfiguration", "services")) {
				for _, alias := range elems(get(s, "clientAliases")) {
					name, number := textAt(alias, "dnsName"), textAt(alias, "port")
					if name == "" || other == w {
						continue
					}
					before, after, ok := strings.Cut(text, name)
					if !ok || before != "" && !strings.HasSuffix(before, "//") && !strings.HasSuffix(before, "@") {
						continue
					}
					if rest, ok := strings.CutPrefix(after, ":"+number); ok && (rest == "" || rest[0] == '/') {
						return other, textAt(s, "portName"), before + "{host}:{port}" + rest
					}
					if after == "" {
						return other, textAt(s, "portName"), before + "{host}"
					}
				}
			}
		}
	}
	return nil, "", ""
}

// secret reads where a secret lives: behind the ARN of one of Secrets Manager may stand a key.
func (r *reader) secret(at diag.Path, e *data.Node) {
	name, from := get(e, "name"), get(e, "valueFrom")
	path, key := textOf(from), ""
	why := ""
	if parts := strings.Split(path, ":"); len(parts) > 7 && parts[2] == "secretsmanager" {
		path, key = strings.Join(parts[:7], ":"), parts[7]
		if len(parts) > 8 && strings.Join(parts[8:], "") != "" {
			why = "a secret has its current version"
		}
	}
	to := at.To("env", textOf(name), "secret")
	secret := r.Secret(textOf(name), path, key, from)
	if why != "" {
		r.Near(to, secret, why, name, from)
		return
	}
	r.Set(to, secret, name, from)
}

func (r *reader) port(w *workload, at diag.Path, e *data.Node) {
	n := get(e, "containerPort")
	udp := textAt(e, "protocol") == "udp"
	if n == nil {
		r.Lose("a port is one number", e)
		return
	}
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
	given := get(e, "name")
	name := importer.Name(textOf(given))
	if given == nil || given.Text == "" || taken[name] || len(name) > importer.PortName {
		name = importer.PortOf(int(number(n)), udp, func(s string) bool { return taken[s] })
	}
	path := at.To("ports", name)
	if udp {
		r.Put(path, importer.Struct(e.At, "port", number(n), "protocol", "udp"), e)
	} else {
		r.Put(path, number(n), e)
	}
	for _, f := range e.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case field == "containerPort", field == "protocol":
			r.Said(path, v)
		case field == "name":
			if v.Text == name {
				r.Said(path, v)
			} else {
				r.Nearly(path, "names of ports are short, and unique in a workload", v)
			}
		case field == "hostPort":
			if v.Text == n.Text || v.Text == "0" {
				r.Holds("each task has an interface of its own", v)
			} else {
				r.Lose("each task has an interface of its own", v)
			}
		case field == "appProtocol" && !udp:
			r.PortField(path, "app", v.Text, v)
			r.Said(path.To("app"), v)
		}
	}
}

func (r *reader) cpu(at diag.Path, n *data.Node) {
	units := number(n)
	if units == 0 {
		r.Holds("nothing is set aside", n)
		return
	}
	millis := (units*1000 + 1023) / 1024
	if millis*1024/1000 == units {
		r.Set(at.To("resources", "cpu"), importer.Millis(millis), n)
		return
	}
	r.Near(at.To("resources", "cpu"), importer.Millis(millis), "processors are given to a thousandth", n)
}

// health reads the one check that a container has. Its interval is 30s and its timeout 5s where
// none is stated (API reference, HealthCheck).
func (r *reader) health(at diag.Path, n *data.Node) {
	command := get(n, "command")
	list := commandOf(command)
	if list == nil {
		r.Lose("a check that an image brings cannot be taken away", n)
		return
	}
	r.Set(at.To("exec", "command"), list, command)
	for _, t := range []struct {
		field, becomes    string
		standard, tenants int64
	}{{"interval", "interval", 30, 10}, {"timeout", "timeout", 5, 2}, {"startPeriod", "startDelay", 0, 0}} {
		v := get(n, t.field)
		switch {
		case v == nil || empty(v):
			if t.standard != t.tenants {
				r.Put(at.To(t.becomes), importer.Seconds(t.standard), n)
			}
		case number(v) == t.tenants:
			r.Holds("a tenant's default", v)
		default:
			r.Set(at.To(t.becomes), importer.Seconds(number(v)), v)
		}
	}
	if v := get(n, "retries"); v != nil {
		if number(v) == 3 {
			r.Holds("a tenant's default", v)
		} else {
			r.Set(at.To("retries"), number(v), v)
		}
	}
}

// commandOf is the command of a check; nil where there is none.
func commandOf(n *data.Node) []string {
	list := elems(n)
	switch {
	case len(list) > 1 && list[0].Text == "CMD":
		return texts(n)[1:]
	case len(list) > 1 && list[0].Text == "CMD-SHELL":
		return []string{"/bin/sh", "-c", list[1].Text}
	case len(list) == 1 && list[0].Text != "NONE":
		return []string{"/bin/sh", "-c", list[0].Text}
	case len(list) > 1 && list[0].Text != "NONE":
		return texts(n)
	}
	return nil
}

func (r *reader) dependsOn(w *workload, at diag.Path, c, e *data.Node) {
	on, condition := get(e, "containerName"), get(e, "condition")
	to := map[string]string{"START": "started", "HEALTHY": "healthy", "COMPLETE": "completed", "SUCCESS": "completed"}[textOf(condition)]
	if to == "" || on == nil {
		r.Lose("there is no such condition", e)
		return
	}
	other := slices.IndexFunc(get(w.node, "containerDefinitions").Elems, func(n *data.Node) bool { return textAt(n, "name") == on.Text })
	if other >= 0 && to == "completed" && r.awaited(w, get(w.node, "containerDefinitions").Elems[other]) && !r.awaited(w, c) {
		r.Holds("init containers end before others start", on, condition)
		if textOf(condition) == "COMPLETE" {
			r.Nearly(at, "an init container has to succeed", condition)
		}
		return
	}
	path := at.To("dependsOn", importer.Name(on.Text))
	r.Set(path, to, on)
	if condition.Text == "COMPLETE" {
		r.Nearly(path, "what ends for another to start has to succeed", condition)
		return
	}
	r.Said(path, condition)
}

func (r *reader) linux(w *workload, at diag.Path, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case field == "capabilities":
			for _, g := range v.Fields {
				if !empty(g.Value) {
					r.Set(at.To("security", "capabilities", lower(g.Name)), texts(g.Value), g.Value)
				}
			}
		case field == "tmpfs":
			for _, e := range v.Elems {
				r.tmpfs(w, at, e)
			}
		case field == "initProcessEnabled":
			if v.Text == "true" {
				r.Nearly(at, "a container has an init process where people may run commands in it", v)
			} else {
				r.Holds("the platform's default", v)
			}
		}
	}
}

func (r *reader) tmpfs(w *workload, at diag.Path, e *data.Node) {
	target, size := get(e, "containerPath"), get(e, "size")
	if target == nil {
		return
	}
	name := importer.Name(target.Text)
	r.Put(w.in("volumes", name, "ephemeral", "medium"), "memory", e)
	if size != nil {
		r.Set(w.in("volumes", name, "ephemeral", "size"), importer.Size(number(size)), size)
	}
	mount := importer.Struct(e.At, "volume", name)
	if options := get(e, "mountOptions"); options != nil {
		if len(options.Elems) == 1 && options.Elems[0].Text == "ro" {
			mount = importer.Struct(e.At, "volume", name, "readOnly", true)
			r.Said(at.To("mounts", target.Text), options)
		} else {
			r.Lose("a volume in memory is mounted without options", options)
		}
	}
	r.Put(at.To("mounts", target.Text), mount, e)
	r.Said(at.To("mounts", target.Text), target)
}

func (r *reader) mount(w *workload, at diag.Path, e *data.Node) {
	volume, target := get(e, "sourceVolume"), get(e, "containerPath")
	if volume == nil || target == nil {
		r.Lose("a mount has a volume and a path", e)
		return
	}
	path := at.To("mounts", target.Text)
	node := importer.Struct(e.At, "volume", importer.Name(volume.Text))
	if ro := get(e, "readOnly"); ro != nil && ro.Text == "true" {
		node = importer.Struct(e.At, "volume", importer.Name(volume.Text), "readOnly", true)
		r.Said(path, ro)
	} else if ro != nil {
		r.Holds("the default", ro)
	}
	r.Put(path, node, e)
	if importer.Name(volume.Text) == volume.Text {
		r.Said(path, volume, target)
	} else {
		r.Nearly(path, "names are of lower-case letters, digits and hyphens", volume, target)
	}
}

// credentials are the log-in of the image's registry.
func (r *reader) credentials(c, n *data.Node) {
	host, _, ok := strings.Cut(textAt(c, "image"), "/")
	if !ok || !strings.ContainsAny(host, ".:") {
		host = "docker.io"
	}
	if from := get(n, "credentialsParameter"); from != nil {
		r.Set(tenant("repositoryCredentials", host), from.Text, from)
	}
}
