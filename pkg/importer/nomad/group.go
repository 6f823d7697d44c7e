package nomad

import (
	"strconv"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// secondsOf is a duration in nanoseconds, rounded up to a second.
func secondsOf(n *data.Node) (seconds int64, exact bool) {
	d := time.Duration(number(n))
	seconds = int64((d + time.Second - 1) / time.Second)
	return seconds, time.Duration(seconds)*time.Second == d
}

// duration sets a duration unless it is the tenant's default.
func (r *reader) duration(path diag.Path, n *data.Node, standard string) {
	seconds, exact := secondsOf(n)
	text := importer.Seconds(seconds)
	switch {
	case text == standard && exact:
		r.Holds("a tenant's default", n)
	case !exact:
		r.Near(path, text, "durations are whole seconds", n)
	default:
		r.Set(path, text, n)
	}
}

// readGroup reads what is placed, copied and updated as one.
func (r *reader) readGroup(w *workload) {
	r.networks(w, w.group.Get("Networks"))
	for _, task := range elems(w.group.Get("Tasks")) { // as older jobs have it
		if list := task.Get("Resources", "Networks"); list != nil && !empty(list) {
			r.networks(w, list)
			r.Nearly(w.in(), "a workload has one network for all of its containers", importer.Leaves(list)...)
		}
	}
	for _, task := range elems(w.group.Get("Tasks")) {
		r.task(w, task)
	}
	for _, f := range w.group.Fields {
		n := f.Value
		if empty(n) {
			r.Holds("nothing is stated", n)
			continue
		}
		switch f.Name {
		case "Name":
			if n.Text == w.id {
				r.Said(w.in(), n)
			} else {
				r.Nearly(w.in(), "a workload has one name", n)
			}
		case "Count":
			if n.Text == "1" {
				r.Holds("a tenant's default", n)
			} else if w.group.Get("Scaling") == nil || empty(w.group.Get("Scaling")) {
				r.Set(w.in("replicas"), number(n), n)
			} else {
				r.Nearly(w.in(), "the scaling says how many copies there are", n)
			}
		case "Networks", "Tasks":
		case "Services":
			for _, s := range n.Elems {
				r.service(w, s, "")
			}
		case "Volumes":
			r.volumes(w, n)
		case "EphemeralDisk":
			r.disk(w, n)
		case "RestartPolicy":
			r.restart(w, n)
		case "ReschedulePolicy":
			r.Nearly(w.in(), "whether a copy goes to another machine follows from restart", n)
		case "Update":
			r.update(w, n)
		case "Scaling":
			r.scaling(w, n)
		case "Meta":
			for _, m := range n.Fields {
				r.Set(w.ext("meta", m.Name), m.Value.Text, m.Value)
			}
		case "MaxRunDuration":
			r.duration(w.in("timeout"), n, "")
		case "ShutdownDelay":
			r.duration(w.ext("shutdownDelay"), n, "5s")
		case "Constraints":
			r.constraints(w, n)
		case "Affinities":
			r.rules(w, "affinities", n)
		case "Spreads":
			r.spreads(w, n)
		case "Migrate", "Disconnect", "PreventRescheduleOnLost", "StopAfterClientDisconnect", "MaxClientDisconnect":
			r.Lose("where copies go when machines do is the platform's own matter", n)
		}
	}
	if w.group.Get("ShutdownDelay") == nil {
		r.noDelay(w)
	}
}

// noDelay says that a service leaves the catalog when it is told to stop, where it has a port.
func (r *reader) noDelay(w *workload) {
	for _, task := range elems(w.group.Get("Tasks")) {
		if d := task.Get("ShutdownDelay"); d != nil && number(d) > 0 {
			return
		}
	}
	if w.job.TextAt("Type") != "batch" && len(w.ports) > 0 {
		r.Put(w.ext("shutdownDelay"), "0s", w.group)
	}
}

// networks reads the ports that other machines reach. Which container has one says its
// driver's configuration, its service, or that it is the first.
func (r *reader) networks(w *workload, list *data.Node) {
	for i, n := range elems(list) {
		if i > 0 {
			r.Lose("a workload has one network", n)
			continue
		}
		for _, f := range n.Fields {
			v := f.Value
			switch {
			case empty(v):
				r.Holds("nothing is stated", v)
			case f.Name == "Mode" && (v.Text == "bridge" || strings.HasPrefix(v.Text, "cni/")):
				if v.Text == "bridge" {
					r.Holds("a tenant's default", v)
				} else {
					r.Set(w.ext("network"), v.Text, v)
				}
			case f.Name == "Mode":
				r.Nearly(w.in(), "a workload has a network of its own", v)
			case f.Name == "DynamicPorts", f.Name == "ReservedPorts":
				for _, p := range v.Elems {
					r.port(w, p, f.Name == "ReservedPorts")
				}
			case f.Name == "MBits":
				r.Holds("it is no longer read", v)
			}
		}
	}
}

func (r *reader) port(w *workload, p *data.Node, static bool) {
	label, to := p.TextAt("Label"), number(p.Get("To"))
	host := number(p.Get("Value"))
	if to <= 0 {
		to = mapped(w, label)
	}
	if to <= 0 {
		to = host
	}
	if to <= 0 {
		r.Lose("a process listens on a port of its own choice, and not on any that is free", p)
		return
	}
	name := importer.Name(label)
	if len(name) > importer.PortName {
		name = importer.PortOf(int(to), false, func(string) bool { return false })
	}
	task := r.owner(w, label)
	path := w.in("containers", task, "ports", name)
	w.ports[label], w.container[label] = name, task
	r.parted(w, int(to))
	if static {
		r.Put(path, importer.Struct(p.At, "port", to, "expose", "public"), p)
	} else {
		r.Put(path, to, p)
	}
	for _, f := range p.Fields {
		switch {
		case f.Name == "Label" && f.Value.Text != name:
			r.Nearly(path, "names of ports are short, of lower-case letters, digits and hyphens", f.Value)
		case f.Name == "Label", f.Name == "To" && number(f.Value) == to:
			r.Said(path, f.Value)
		case f.Name == "Value" && static && host == to:
			r.Said(path, f.Value)
		case f.Name == "Value" && static:
			r.Nearly(path, "a public port stands on each machine at its own number", f.Value)
		case f.Name == "HostNetwork" && !empty(f.Value) && f.Value.Text != "default":
			r.Set(w.ext("hostNetworks", name), f.Value.Text, f.Value)
		default:
			r.Holds("the default", f.Value)
		}
	}
}

// mapped is the number that a container listens on for a label, as older jobs have it (the
// docker driver's port_map).
func mapped(w *workload, label string) int64 {
	for _, task := range elems(w.group.Get("Tasks")) {
		all := task.Get("Config", "port_map")
		for _, m := range append(elems(all), all) {
			if n := m.Get(label); n != nil {
				return number(n)
			}
		}
	}
	return 0
}

// parted makes a public port one of udp where another has its number: a label stands for both
// protocols, and a tenant's ports are of one.
func (r *reader) parted(w *workload, number int) {
	for _, c := range fieldsOf(r.Get(w.in("containers"))) {
		for _, p := range fieldsOf(c.Value.Get("ports")) {
			if p.Value.TextAt("port") == strconv.Itoa(number) && p.Value.TextAt("protocol") == "" {
				p.Value.Set("protocol", p.Value.At, &data.Node{Kind: data.String, Text: "udp", At: p.Value.At})
			}
		}
	}
}

// owner is the task that has a port.
func (r *reader) owner(w *workload, label string) string {
	tasks := elems(w.group.Get("Tasks"))
	for _, task := range tasks {
		for _, p := range texts(task.Get("Config", "ports")) {
			if p == label {
				return importer.Name(task.TextAt("Name"))
			}
		}
		for _, s := range elems(task.Get("Services")) {
			if s.TextAt("PortLabel") == label {
				return importer.Name(task.TextAt("Name"))
			}
		}
	}
	for _, s := range elems(w.group.Get("Services")) {
		if s.TextAt("PortLabel") != label {
			continue
		}
		for _, c := range elems(s.Get("Checks")) { // which are called by the task that they are of
			for _, task := range tasks {
				name := task.TextAt("Name")
				if c.TextAt("TaskName") == name || strings.HasPrefix(c.TextAt("Name"), name+"-") {
					return importer.Name(name)
				}
			}
		}
	}
	for _, task := range tasks {
		if task.Get("Lifecycle") == nil || empty(task.Get("Lifecycle")) {
			return importer.Name(task.TextAt("Name"))
		}
	}
	return importer.Name(tasks[0].TextAt("Name"))
}

func (r *reader) volumes(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		name := importer.Name(f.Name)
		at := w.in("volumes", name)
		r.Put(at.To("persistent", "size"), assumedSize, f.Value)
		for _, g := range f.Value.Fields {
			v := g.Value
			switch {
			case empty(v):
				r.Holds("nothing is stated", v)
			case g.Name == "Type" && v.Text == "csi":
				r.Set(w.ext("volumes", name, "type"), "csi", v)
			case g.Name == "Type", g.Name == "Name":
				r.Nearly(at, "the volume is made with the tenant; of the size that is assumed, "+assumedSize, v)
			case g.Name == "Source":
				if v.Text == r.id+"-"+w.id+"-"+name {
					r.Said(at, v)
				} else {
					r.Set(w.ext("volumes", name, "source"), v.Text, v)
				}
			case g.Name == "AccessMode", g.Name == "AttachmentMode", g.Name == "Sticky", g.Name == "PerAlloc", g.Name == "MountOptions":
				r.Nearly(at, "how a copy claims its volume follows from the kind of the workload", v)
			case g.Name == "ReadOnly" && v.Text == "false":
				r.Holds("the default", v)
			}
		}
	}
}

// assumedSize is the size of a volume, which a job does not state.
const assumedSize = "10Gi"

func (r *reader) disk(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		switch {
		case f.Name == "SizeMB" && number(f.Value) == 300, f.Name != "SizeMB" && f.Value.Text == "false":
			r.Holds("the platform's default", f.Value)
		case f.Name == "SizeMB":
			r.Nearly(w.in(), "the disk has room for the workload's volumes", f.Value)
		default:
			r.Lose("what is on the disk ends with its copy", f.Value)
		}
	}
}

// restart reads how often a copy's tasks are started again.
func (r *reader) restart(w *workload, n *data.Node) {
	mode, attempts := n.TextAt("Mode"), number(n.Get("Attempts"))
	batch := w.job.TextAt("Type") == "batch"
	path := w.in("restart")
	var stated any
	switch {
	case mode == "delay" && !batch:
	case attempts == 0 && n.Get("Attempts") != nil:
		stated = "never"
	case batch && attempts == 3:
	default:
		policy := "on-failure"
		if !batch {
			policy = "always"
		}
		stated = importer.Struct(n.At, "policy", policy, "attempts", attempts)
	}
	if stated != nil {
		r.Put(path, stated, n)
	} else {
		path = w.in()
	}
	for _, f := range n.Fields {
		switch {
		case empty(f.Value):
			r.Holds("nothing is stated", f.Value)
		case f.Name == "Delay":
			if seconds, _ := secondsOf(f.Value); seconds == 15 {
				r.Holds("a tenant's default", f.Value)
			} else {
				r.duration(w.ext("restart", "delay"), f.Value, "")
			}
		default:
			r.Nearly(path, "how often is counted over an interval of the provider's choice", f.Value)
		}
	}
}

// update reads how an update replaces copies.
func (r *reader) update(w *workload, n *data.Node) {
	at := w.in("rollout")
	for _, f := range n.Fields {
		v := f.Value
		switch {
		case empty(v):
			r.Holds("nothing is stated", v)
		case f.Name == "MaxParallel" && number(v) == 1, f.Name == "AutoRevert" && v.Text == "false", f.Name == "Canary" && number(v) == 0, f.Name == "AutoPromote" && v.Text == "false":
			r.Holds("a tenant's default", v)
		case f.Name == "MaxParallel" && number(v) > 0:
			r.Near(at.To("maxUnavailable"), number(v), "so many copies are replaced at a time", v)
		case f.Name == "AutoRevert":
			r.Set(at.To("rollback"), true, v)
		case f.Name == "HealthyDeadline":
			if seconds, _ := secondsOf(v); seconds == 300 {
				r.Holds("the platform's default", v)
			} else {
				r.duration(at.To("healthyDeadline"), v, "")
			}
		case f.Name == "MinHealthyTime":
			if seconds, _ := secondsOf(v); seconds == 10 {
				r.Holds("the platform's default", v)
			} else {
				r.duration(w.ext("update", "minHealthyTime"), v, "")
			}
		case f.Name == "ProgressDeadline", f.Name == "HealthCheck", f.Name == "Stagger", f.Name == "Canary", f.Name == "AutoPromote":
			r.Nearly(w.in(), "the pace of an update follows from the rollout", v)
		}
	}
}

func (r *reader) scaling(w *workload, n *data.Node) {
	at := w.in("autoscale")
	target := n.Get("Policy", "check")
	cpu := firstOf(firstOf(target).Get("cpu"))
	goal := firstOf(firstOf(cpu.Get("strategy")).Get("target-value")).Get("target")
	if goal == nil {
		r.Lose("copies follow the use of processors", n)
		return
	}
	for _, f := range n.Fields {
		switch f.Name {
		case "Min":
			r.Set(at.To("min"), number(f.Value), f.Value)
		case "Max":
			r.Set(at.To("max"), number(f.Value), f.Value)
		case "Enabled":
			r.Holds("the platform's default", f.Value)
		case "Policy":
			r.Nearly(at, "copies follow the use of processors", f.Value)
		default:
			r.Holds("the server writes it", f.Value)
		}
	}
	percent, err := strconv.ParseFloat(goal.Text, 64)
	if err == nil && percent != 80 && percent >= 1 && percent <= 100 {
		r.Put(at.To("cpu"), int64(percent), goal)
	}
}

func firstOf(n *data.Node) *data.Node {
	if n != nil && len(n.Elems) > 0 {
		return n.Elems[0]
	}
	return n
}
