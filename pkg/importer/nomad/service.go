package nomad

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// service reads by which name and checks a workload is found.
func (r *reader) service(w *workload, s *data.Node, task string) {
	name := w.ports[s.TextAt("PortLabel")]
	for _, f := range s.Fields {
		v := f.Value
		switch {
		case empty(v):
			if f.Name == "Provider" {
				r.provider("consul", v)
				continue
			}
			r.Holds("nothing is stated", v)
		case f.Name == "Name", f.Name == "PortLabel":
			r.Nearly(w.in(), "a workload is in the catalog under its own name, with a tag for each port", v)
		case f.Name == "Provider":
			r.provider(v.Text, v)
		case f.Name == "Tags":
			r.tags(w, name, v)
		case f.Name == "Checks":
			for _, c := range v.Elems {
				r.check(w, s, c, cmp.Or(task, s.TextAt("TaskName")))
			}
		case f.Name == "AddressMode" && v.Text == "auto", f.Name == "OnUpdate" && v.Text == "require_healthy", f.Name == "EnableTagOverride" && v.Text == "false":
			r.Holds("the platform's default", v)
		case f.Name == "Connect":
			r.loseStated("the service mesh is the platform's own matter", v)
		}
	}
}

func (r *reader) provider(text string, n *data.Node) {
	set := r.Get(tenant("serviceProvider"))
	switch {
	case text == "nomad" && set == nil:
		r.Holds("a tenant's default", n)
	case set != nil && set.Text != text, text == "nomad":
		r.Lose("all services of a tenant are in one catalog", n)
	case n.Text == "":
		r.Put(tenant("serviceProvider"), text, n)
		r.Nearly(tenant("serviceProvider"), "Consul is the default where none is stated", n)
	default:
		r.Set(tenant("serviceProvider"), text, n)
	}
}

func (r *reader) tags(w *workload, port string, n *data.Node) {
	var own []string
	for _, e := range n.Elems {
		if e.Text != port && port != "" {
			own = append(own, e.Text)
		}
	}
	if port == "" {
		r.Lose("tags are of a port", n)
		return
	}
	if len(own) > 0 {
		r.Put(w.ext("serviceTags", port), own, n)
		r.Nearly(w.ext("serviceTags", port), "the port's name is a tag too", n)
		return
	}
	r.Nearly(w.in(), "the port's name is a tag", n)
}

// check reads a check: one that starts its container again says whether it is alive, another
// whether it is ready.
func (r *reader) check(w *workload, s, c *data.Node, task string) {
	label := cmp.Or(c.TextAt("PortLabel"), s.TextAt("PortLabel"))
	container := importer.Name(cmp.Or(c.TextAt("TaskName"), task))
	for _, t := range elems(w.group.Get("Tasks")) {
		if name := t.TextAt("Name"); task == "" && c.TextAt("TaskName") == "" && strings.HasPrefix(c.TextAt("Name"), name+"-") {
			container = importer.Name(name)
		}
	}
	if (task == "" && container == importer.Name("")) || r.Get(w.in("containers", container)) == nil {
		container = w.container[label]
	}
	restart := c.Get("CheckRestart")
	field := "ready"
	if restart != nil && !empty(restart) {
		field = "health"
	}
	if field == "health" && strings.HasSuffix(c.TextAt("Name"), "-startup") {
		field = "startup"
	}
	at := w.in("containers", container, field)
	var port any = w.ports[label]
	if i, err := strconv.Atoi(label); err == nil {
		port = i
	}
	kind := c.TextAt("Type")
	if kind != "script" && (port == "" || port == any("")) || container == "" || r.Get(at) != nil {
		r.loseStated("a container has one check of a kind, at a port of its own", c)
		return
	}
	switch kind {
	case "http", "tcp", "grpc":
		r.Put(at.To(kind, "port"), port, c)
		r.Said(at, c.Get("Type"))
		if n := c.Get("PortLabel"); n != nil && !empty(n) {
			r.Nearly(at, "the port has a name of its own", n)
		}
	case "script":
		command := append([]string{c.TextAt("Command")}, texts(c.Get("Args"))...)
		r.Put(at.To("exec", "command"), command, c)
		r.Said(at, c.Get("Type"), c.Get("Command"), c.Get("Args"))
	default:
		r.loseStated("there is no such check", c)
		return
	}
	for _, f := range c.Fields {
		v := f.Value
		switch {
		case empty(v):
			r.Holds("nothing is stated", v)
		case f.Name == "Path" && kind == "http":
			if v.Text != "/" {
				r.Set(at.To("http", "path"), v.Text, v)
			} else {
				r.Said(at, v)
			}
		case f.Name == "GRPCService":
			r.Set(at.To("grpc", "service"), v.Text, v)
		case f.Name == "Interval":
			r.duration(at.To("interval"), v, "10s")
		case f.Name == "Timeout":
			r.duration(at.To("timeout"), v, "2s")
		case f.Name == "Name", f.Name == "TaskName":
			r.Nearly(at, "a check has a name of its own", v)
		case f.Name == "AddressMode" && v.Text == "alloc":
			r.Nearly(at, "a port that is not exposed is asked at the group's own address", v)
		case f.Name == "CheckRestart":
			r.checkRestart(at, c, v)
		case f.Name == "FailuresBeforeCritical" && number(v) > 0:
			r.Set(at.To("retries"), number(v), v)
		case f.Name == "Method" && v.Text == "GET", f.Name == "TLSSkipVerify" && v.Text == "false", f.Name == "Expose" && v.Text == "false",
			f.Name == "SuccessBeforePassing", f.Name == "FailuresBeforeWarning", f.Name == "FailuresBeforeCritical", f.Name == "OnUpdate":
			r.Holds("the platform's default", v)
		case f.Name == "Protocol" && v.Text == "http":
			r.Holds("the platform's default", v)
		}
	}
}

// checkRestart is after how many failures a container is started again. Its grace holds the
// first time that is asked, too.
func (r *reader) checkRestart(at diag.Path, c, n *data.Node) {
	consul := c.Get("FailuresBeforeCritical") != nil && number(c.Get("FailuresBeforeCritical")) > 0
	interval, _ := secondsOf(c.Get("Interval"))
	timeout, _ := secondsOf(c.Get("Timeout"))
	for _, f := range n.Fields {
		switch f.Name {
		case "Limit":
			switch {
			case consul:
				r.Nearly(at, "Consul counts failures", f.Value)
			case f.Value.Text == "3":
				r.Holds("a tenant's default", f.Value)
			case number(f.Value) > 0:
				r.Set(at.To("retries"), number(f.Value), f.Value)
			}
		case "Grace":
			grace, exact := secondsOf(f.Value)
			if consul {
				interval *= number(c.Get("FailuresBeforeCritical"))
			}
			delay := grace - interval - timeout
			if delay > 0 {
				r.Put(at.To("startDelay"), importer.Seconds(delay), f.Value)
			}
			if exact && delay >= 0 {
				r.Said(at, f.Value)
			} else {
				r.Nearly(at, "a container has at least the time of one check", f.Value)
			}
		case "IgnoreWarnings":
			r.Holds("the platform's default", f.Value)
		}
	}
}
