package kubernetes

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// selected is the workload whose pods a Service finds.
func (r *reader) selected(selector *data.Node) *workload {
	if selector == nil || len(selector.Fields) == 0 {
		return nil
	}
	for _, w := range r.workloads {
		labels := w.template.Get("metadata", "labels")
		all := true
		for _, f := range selector.Fields {
			all = all && labels.Get(f.Name) != nil && labels.TextAt(f.Name) == f.Value.Text
		}
		if all {
			return w
		}
	}
	return nil
}

// service reads by which name and ports a workload is found.
func (r *reader) service(o object) {
	spec := o.node.Get("spec")
	w := r.selected(spec.Get("selector"))
	if w == nil {
		r.Lose("it leads to no workload of the input", o.node)
		return
	}
	headless := spec.TextAt("clusterIP") == "None" && strings.HasSuffix(o.name, "-headless")
	if r.services[o.name] = w; headless && w.kind == "StatefulSet" && w.node.Get("spec").TextAt("serviceName") == o.name {
		r.Nearly(w.in(), "each copy of a workload with persistent volumes has a name anyway", o.node)
		delete(r.services, o.name)
		return
	}
	kind := spec.TextAt("type")
	public := kind == "LoadBalancer"
	served := false
	if ports := spec.Get("ports"); ports != nil {
		for _, p := range ports.Elems {
			served = r.servicePort(w, o, p, public) || served
		}
	}
	if !served {
		r.Lose("it leads to no port of the workload", o.node)
		return
	}
	r.metadata(o, w)
	r.annotations(o.node.Get("metadata"), w.extension("serviceAnnotations"))
	for _, f := range spec.Fields {
		n := f.Value
		switch f.Name {
		case "ports": // read before
		case "selector":
			r.Nearly(w.in(), "labels tell the workload in words of their own", n)
		case "type":
			switch kind {
			case "ClusterIP":
				r.Holds("the platform's default", n)
			case "LoadBalancer":
				r.Said(w.in("containers"), n)
			default:
				r.Lose("a port is reached within the cluster, or by a load balancer", n)
			}
		case "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy", "allocateLoadBalancerNodePorts", "healthCheckNodePort":
			if n.Text == "None" {
				r.Nearly(w.in(), "the workload's name leads to one of its copies by an address of its own", n)
			} else {
				r.Holds("the platform chooses addresses", n)
			}
		case "sessionAffinity":
			standard("None", "each request may go to another copy")(r, w, n)
		case "loadBalancerSourceRanges":
			var list []string
			for _, e := range n.Elems {
				list = append(list, e.Text)
			}
			r.Set(w.extension("loadBalancerSourceRanges"), list, n)
		case "externalTrafficPolicy":
			r.Set(w.extension("externalTrafficPolicy"), n.Text, n)
		case "loadBalancerClass":
			r.Set(w.extension("loadBalancerClass"), n.Text, n)
		case "publishNotReadyAddresses":
			standard("false", "copies that are not ready are not found")(r, w, n)
		}
	}
}

// portOf is the name of the workload's port that a port of a Service leads to.
func (r *reader) portOf(w *workload, p *data.Node) string {
	target := p.TextAt("targetPort")
	if target == "" {
		target = p.TextAt("port")
	}
	all := r.Get(w.in("containers"))
	if all == nil {
		return ""
	}
	for _, c := range all.Fields {
		ports := c.Value.Get("ports")
		if ports == nil {
			continue
		}
		for _, f := range ports.Fields {
			number := f.Value
			if number.Kind == data.Struct {
				number = number.Get("port")
			}
			udp := f.Value.TextAt("protocol") == "udp"
			if (number.Text == target || f.Name == target) && udp == strings.EqualFold(p.TextAt("protocol"), "udp") {
				return f.Name
			}
		}
	}
	return ""
}

// servicePort reads a port of a Service, and reports whether it leads to one of the workload.
func (r *reader) servicePort(w *workload, o object, p *data.Node, public bool) bool {
	name := r.portOf(w, p)
	if _, err := strconv.Atoi(p.TextAt("port")); err != nil {
		r.Lose("it leads to no port of the workload", p)
		return false
	}
	if name == "" {
		target := p.TextAt("targetPort")
		if target == "" {
			target = p.TextAt("port")
		}
		number, err := strconv.Atoi(target)
		if err != nil {
			r.Lose("it leads to no port of the workload", p)
			return false
		}
		first := w.pod.Get("containers").Elems[0]
		name = r.newPort(w, containerName(first), number, strings.EqualFold(p.TextAt("protocol"), "udp"), p.TextAt("name"), p)
	}
	w.served[name] = true
	w.public[name] = w.public[name] || public
	path := w.in("containers")
	number := r.number(w, name)
	for _, f := range p.Fields {
		n := f.Value
		switch f.Name {
		case "name":
			if n.Text == name && o.name == r.id+"-"+w.id && p.TextAt("port") == number {
				r.Said(path, n)
			} else {
				r.Nearly(path, "a workload's ports are found by their own names and numbers", n)
			}
		case "port":
			if n.Text == number {
				r.Said(path, n)
			} else {
				r.Nearly(path, "a workload's ports are found by their own names and numbers", n)
			}
		case "targetPort":
			if n.Text == name && p.TextAt("port") == number {
				r.Said(path, n)
			} else {
				r.Nearly(path, "a workload's ports are found by their own names and numbers", n)
			}
		case "protocol":
			if strings.EqualFold(n.Text, "tcp") {
				r.Holds("the default", n)
			} else {
				r.Said(path, n)
			}
		case "nodePort":
			r.Lose("a port is reached within the cluster, or by a load balancer", n)
		case "appProtocol":
			r.appProtocol(w, name, p, n)
		}
	}
	return true
}

// apps are the protocols above TCP, by their names in a Service.
var apps = map[string]string{"http": "http", "kubernetes.io/h2c": "http2", "grpc": "grpc"}

func (r *reader) appProtocol(w *workload, port string, p, n *data.Node) {
	for _, c := range r.Get(w.in("containers")).Fields {
		path := w.in("containers", c.Name, "ports", port)
		if r.Get(path) == nil {
			continue
		}
		if apps[n.Text] == "" {
			r.Lose("the protocols above TCP are http, http2 and grpc", n)
			return
		}
		r.PortField(path, "app", apps[n.Text], n)
		if p.TextAt("port") == r.number(w, port) {
			r.Said(path.To("app"), n)
		} else {
			r.Nearly(path.To("app"), "a workload's ports are found by their own names and numbers", n)
		}
	}
}

// exposed says who reaches the ports of a workload: nobody where no Service has them.
func (r *reader) exposed(w *workload) {
	all := r.Get(w.in("containers"))
	for _, c := range all.Fields {
		ports := c.Value.Get("ports")
		if ports == nil {
			continue
		}
		for i := range ports.Fields {
			f := &ports.Fields[i]
			expose := "none"
			switch {
			case w.public[f.Name]:
				expose = "public"
			case w.served[f.Name]:
				continue
			}
			if f.Value.Kind != data.Struct {
				f.Value = importer.Struct(f.Value.At, "port", f.Value)
			}
			f.Value.Set("expose", f.Value.At, &data.Node{Kind: data.String, Text: expose, At: f.Value.At})
		}
	}
}

// ingress reads public entries; each belongs to the workload of its Service.
func (r *reader) ingress(o object) {
	spec := o.node.Get("spec")
	if spec == nil {
		return
	}
	var of *workload
	if rules := spec.Get("rules"); rules != nil {
		for _, rule := range rules.Elems {
			host := rule.Get("host")
			paths := rule.Get("http", "paths")
			if paths == nil {
				continue
			}
			if host == nil || host.Text == "" {
				r.Lose("an entry has a host", rule)
				continue
			}
			for _, p := range paths.Elems {
				if w := r.entry(host, p); w != nil {
					of = w
				}
			}
		}
	}
	if of == nil {
		r.Lose("it leads to no workload of the input", o.node)
		return
	}
	r.metadata(o, of)
	r.annotations(o.node.Get("metadata"), of.extension("ingressAnnotations"))
	if class := spec.Get("ingressClassName"); class != nil {
		path := diag.At("extensions", "kubernetes", "ingressClass")
		if set := r.Get(path); set == nil || set.Text == class.Text {
			r.Set(path, class.Text, class)
		} else {
			r.Lose("all Ingresses of a tenant have one class", class)
		}
	}
	if tls := spec.Get("tls"); tls != nil {
		for _, t := range tls.Elems {
			for _, e := range r.certified(t) {
				r.Said(of.in("ingress"), e)
			}
		}
	}
}

// entry reads a path of a host, and returns the workload that it leads to.
func (r *reader) entry(host, p *data.Node) *workload {
	backend := p.Get("backend", "service")
	name, port := backend.Get("name"), backend.Get("port")
	w := r.services[textOf(name)]
	if w == nil {
		r.Lose("it leads to no workload of the input", p)
		return nil
	}
	target := ""
	for _, s := range r.objects {
		if s.kind != "Service" || s.name != name.Text {
			continue
		}
		for _, sp := range s.node.Get("spec", "ports").Elems {
			if sp.TextAt("name") == port.TextAt("name") && port.TextAt("name") != "" || sp.TextAt("port") == port.TextAt("number") {
				target = r.portOf(w, sp)
			}
		}
	}
	if target == "" {
		r.Lose("it leads to no port of the workload", p)
		return nil
	}
	entry := importer.Struct(p.At, "host", host.Text)
	text := p.TextAt("path")
	if text != "" && text != "/" {
		entry.Set("path", p.At, &data.Node{Kind: data.String, Text: text, At: p.At})
	}
	entry.Set("port", p.At, &data.Node{Kind: data.String, Text: target, At: p.At})
	at := w.in("ingress").To(r.Append(w.in("ingress"), entry))
	r.Said(at, host)
	if n := p.Get("path"); n != nil {
		r.Said(at, n)
	}
	if n := p.Get("pathType"); n != nil {
		if n.Text == "Prefix" {
			r.Holds("a path is a prefix", n)
		} else {
			r.Nearly(at, "a path is a prefix", n)
		}
	}
	own := name.Text == r.id+"-"+w.id
	for _, n := range []*data.Node{name, port.Get("name"), port.Get("number")} {
		if n == nil {
			continue
		}
		if own && n.Text == target || n == name && own {
			r.Said(at, n)
		} else {
			r.Nearly(at, "an entry leads to the workload's own port", n)
		}
	}
	return w
}

// certified gives entries of the hosts of a certificate their tls, and returns what says so.
func (r *reader) certified(t *data.Node) (said []*data.Node) {
	hosts := t.Get("hosts")
	secret := t.Get("secretName")
	found := false
	if hosts != nil {
		for _, h := range hosts.Elems {
			for _, w := range r.workloads {
				list := r.Get(w.in("ingress"))
				if list == nil {
					continue
				}
				for _, e := range list.Elems {
					if e.TextAt("host") != h.Text {
						continue
					}
					found = true
					value := &data.Node{Kind: data.Bool, Text: "true", At: t.At}
					if secret != nil && secret.Text != "" {
						value = importer.Struct(t.At, "secret", r.Secret(importer.Name(secret.Text), secret.Text, "", secret))
					}
					e.Set("tls", t.At, value)
				}
			}
			if found {
				said = append(said, h)
			}
		}
	}
	if !found {
		r.Lose("a certificate is of hosts that have entries", t)
		return nil
	}
	if secret != nil {
		r.use(r.secrets[secret.Text])
		said = append(said, secret)
	}
	return said
}

func textOf(n *data.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// target is the workload that an autoscaler scales.
func (r *reader) target(ref *data.Node) *workload {
	for _, w := range r.workloads {
		if ref != nil && w.kind == ref.TextAt("kind") && w.name == ref.TextAt("name") {
			return w
		}
	}
	return nil
}

// autoscaler reads an autoscaler of either version of the API.
func (r *reader) autoscaler(o object) {
	spec := o.node.Get("spec")
	ref := spec.Get("scaleTargetRef")
	w := r.target(ref)
	if w == nil {
		r.Lose("it leads to no workload of the input", o.node)
		return
	}
	at := w.in("autoscale")
	cpu, memory := spec.Get("targetCPUUtilizationPercentage"), (*data.Node)(nil)
	var metrics []*data.Node
	if list := spec.Get("metrics"); list != nil {
		metrics = list.Elems
	}
	for _, m := range metrics {
		name := m.Get("resource").TextAt("name")
		if target := m.Get("resource", "target", "averageUtilization"); target != nil && (name == "cpu" || name == "memory") {
			if name == "cpu" {
				cpu = target
			} else {
				memory = target
			}
			for _, n := range []*data.Node{m.Get("type"), m.Get("resource", "name"), m.Get("resource", "target", "type")} {
				if n != nil {
					r.Said(at, n)
				}
			}
		} else {
			r.Lose("copies follow the use of processors and memory", m)
		}
	}
	if cpu == nil && memory == nil {
		r.Lose("copies follow the use of processors and memory", o.node)
		return
	}
	r.metadata(o, w)
	r.Delete(w.in("replicas"))
	if n := w.node.Get("spec", "replicas"); n != nil {
		r.Nearly(at, "the autoscaler says how many copies there are", n)
	}
	if n := spec.Get("minReplicas"); n != nil {
		r.Set(at.To("min"), scalar(n), n)
	} else {
		r.Put(at.To("min"), 1, spec)
	}
	if n := spec.Get("maxReplicas"); n != nil {
		r.Set(at.To("max"), scalar(n), n)
	}
	switch {
	case cpu == nil:
	case cpu.Text == "80" && memory == nil:
		r.Holds("a tenant's default", cpu)
	default:
		r.Set(at.To("cpu"), scalar(cpu), cpu)
	}
	if memory != nil {
		r.Set(at.To("memory"), scalar(memory), memory)
	}
	for _, f := range ref.Fields {
		r.Nearly(at, "it is the workload's own", f.Value)
	}
	if n := spec.Get("behavior"); n != nil {
		r.Lose("how fast copies follow is the platform's own matter", n)
	}
}

// budget reads how many copies maintenance leaves.
func (r *reader) budget(o object) {
	spec := o.node.Get("spec")
	w := r.selected(spec.Get("selector", "matchLabels"))
	if w == nil || kinds[w.kind] != "" {
		r.Lose("it leads to no service of the input", o.node)
		return
	}
	r.metadata(o, w)
	for _, f := range spec.Fields {
		if f.Name == "selector" {
			r.Nearly(w.in(), "labels tell the workload in words of their own", f.Value)
			continue
		}
		r.Set(w.extension("disruptionBudget", f.Name), scalar(f.Value), f.Value)
	}
}
