package compose

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// portMapping is a port in its long form (compose-spec, 05-services.md, ports).
type portMapping struct {
	hostIP, published, target, protocol, name string
	from                                      []*data.Node
}

// mappings reads both forms; a range is several.
func mappings(n *data.Node) ([]portMapping, error) {
	if n.Kind == data.Struct {
		m := portMapping{
			hostIP: n.TextAt("host_ip"), published: n.TextAt("published"), target: n.TextAt("target"),
			protocol: cmp.Or(n.TextAt("protocol"), "tcp"), name: n.TextAt("name"),
		}
		for _, f := range n.Fields {
			switch f.Name {
			case "host_ip", "published", "target", "protocol":
				m.from = append(m.from, f.Value)
			}
		}
		return []portMapping{m}, nil
	}
	text, protocol, _ := strings.Cut(n.Text, "/")
	m := portMapping{protocol: cmp.Or(protocol, "tcp"), from: []*data.Node{n}}
	i := strings.LastIndex(text, ":")
	m.target = text[i+1:]
	if i >= 0 {
		m.published = text[:i]
		if j := strings.LastIndex(m.published, ":"); j >= 0 {
			m.hostIP, m.published = strings.Trim(m.published[:j], "[]"), m.published[j+1:]
		}
	}
	first, last, ok := strings.Cut(m.target, "-")
	if !ok {
		return []portMapping{m}, nil
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err1 != nil || err2 != nil || to < from || to-from > 100 {
		return nil, fmt.Errorf("%s is no range of at most 100 ports", m.target)
	}
	base := from
	if m.published != "" {
		start, _, _ := strings.Cut(m.published, "-")
		if base, err1 = strconv.Atoi(start); err1 != nil {
			return nil, fmt.Errorf("%s is no port", m.published)
		}
	}
	var all []portMapping
	for p := from; p <= to; p++ {
		one := m
		one.target = strconv.Itoa(p)
		if m.published != "" {
			one.published = strconv.Itoa(base + p - from)
		}
		all = append(all, one)
	}
	return all, nil
}

// namedPort is a port that a service listens on, and its name in the tenant.
type namedPort struct {
	name   string
	number int
}

// portsOf are the ports that are set for a service so far.
func (r *reader) portsOf(s *service) (all []namedPort) {
	if s.pause {
		return nil
	}
	ports := r.Get(s.at("ports"))
	if ports == nil {
		return nil
	}
	for _, f := range ports.Fields {
		text := f.Value.Text
		if f.Value.Kind == data.Struct {
			text = f.Value.Get("port").Text
		}
		number, _ := strconv.Atoi(text)
		all = append(all, namedPort{f.Name, number})
	}
	return all
}

// ports sets the ports of a service: those that it publishes, those that it exposes, and
// those that others look for.
func (r *reader) ports(s *service) {
	to := s
	if s.pause {
		for _, other := range r.services {
			if other.workload == s.workload && !other.pause {
				to = other
				break
			}
		}
	}
	if list := s.node.Get("ports"); list != nil {
		for _, e := range list.Elems {
			r.port(s, to, e)
		}
	}
	if list := s.node.Get("expose"); list != nil {
		for _, e := range list.Elems {
			text, protocol, _ := strings.Cut(e.Text, "/")
			number, err := strconv.Atoi(text)
			if err != nil {
				r.Lose("a port is one number", e)
				continue
			}
			name, there := r.portName(to, number, protocol == "udp", "")
			if !there {
				r.Put(to.at("ports", name), short(number, protocol, "internal", e), e)
			}
			r.Nearly(to.at("ports", name), "services reach each port of others anyway", e)
		}
	}
	if s.pause {
		return
	}
	for _, l := range r.lookedFor[s] {
		number, err := strconv.Atoi(l.port)
		if err != nil || number < 1 || number > 65535 || l.by.workload == s.workload {
			continue
		}
		if name, there := r.portName(s, number, false, ""); !there {
			r.Put(s.at("ports", name), number, l.from)
		}
	}
}

// look is a port of a service that a variable of another names: http://api:9000.
type look struct {
	by   *service
	port string
	from *data.Node
}

// look finds the ports that the variables of services name.
func (r *reader) look() {
	for _, s := range r.services {
		r.hosts[s.host()] = s
	}
	for _, s := range r.services {
		env := r.project.named(s.node.Get("environment"))
		if env == nil {
			continue
		}
		for _, f := range env.Fields {
			for _, h := range r.hostsIn(f.Value.Text) {
				r.lookedFor[h.of] = append(r.lookedFor[h.of], look{s, h.port, f.Value})
			}
		}
	}
}

// portName returns the name of a port of a workload, and whether it is set already.
func (r *reader) portName(s *service, number int, udp bool, given string) (name string, there bool) {
	taken := map[string]bool{}
	for _, other := range r.services {
		if other.workload != s.workload {
			continue
		}
		for _, p := range r.portsOf(other) {
			taken[p.name] = true
			value := r.Get(other.at("ports", p.name))
			if p.number == number && (value.TextAt("protocol") == "udp") == udp {
				return p.name, true
			}
		}
	}
	if given != "" && plainName(given) && len(given) <= importer.PortName && !taken[given] {
		return given, false
	}
	return importer.PortOf(number, udp, func(s string) bool { return taken[s] }), false
}

// short is a port in its shortest form.
func short(number int, protocol, expose string, at *data.Node) any {
	if protocol != "udp" && expose == "internal" {
		return number
	}
	fields := []any{"port", number, "protocol", nil, "expose", nil}
	if protocol == "udp" {
		fields[3] = protocol
	}
	if expose != "internal" {
		fields[5] = expose
	}
	return importer.Struct(at.At, fields...)
}

// port sets a published port.
func (r *reader) port(s, to *service, n *data.Node) {
	if v := r.unset(n); v != "" {
		r.Lose("variable "+v+" has no value: --env-file gives it one", n)
		return
	}
	all, err := mappings(n)
	if err != nil {
		r.Errorf(n, diag.BadFormat, "%v", err)
		return
	}
	if len(r.project.info[n].vars) > 0 {
		r.Nearly(to.at("ports"), "variables of the file are replaced by their values", n)
	}
	for _, m := range all {
		r.publish(to, n, m)
	}
	if n.Kind == data.Struct {
		for _, f := range n.Fields {
			switch f.Name {
			case "mode":
				r.Holds("it is about Swarm alone", f.Value)
			case "name":
				if name, there := r.portName(to, atoi(all[0].target), all[0].protocol == "udp", ""); there && name == f.Value.Text {
					r.Said(to.at("ports", name), f.Value)
				} else {
					r.Lose("names of ports are short, and each is one port's", f.Value)
				}
			case "app_protocol":
				name, there := r.portName(to, atoi(all[0].target), all[0].protocol == "udp", "")
				if app := f.Value.Text; there && (app == "http" || app == "http2" || app == "grpc") {
					r.PortField(to.at("ports", name), "app", app, f.Value)
					r.Nearly(to.at("ports", name, "app"), "nothing reads it", f.Value)
				} else {
					r.Lose("the protocols above TCP are http, http2 and grpc", f.Value)
				}
			}
		}
	}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (r *reader) publish(s *service, n *data.Node, m portMapping) {
	number, err := strconv.Atoi(m.target)
	if err != nil || number < 1 || number > 65535 || m.protocol != "tcp" && m.protocol != "udp" {
		r.Errorf(n, diag.BadFormat, "%s is no port of tcp or udp", n.Text)
		return
	}
	name, there := r.portName(s, number, m.protocol == "udp", m.name)
	path := s.at("ports", name)
	if there {
		r.Lose("a port stands at one port of the machine", m.from...)
		return
	}
	r.Carry(path, n)
	if address := r.address(); publishedAt(m.hostIP) != address || strings.Count(address, ".") != 3 {
		r.Put(path, short(number, m.protocol, "internal", n), m.from...)
		r.Nearly(path, "ports are published at one address, "+address+": this one is not published", m.from...)
		return
	} else if address != "127.0.0.1" {
		r.Put(diag.At("extensions", "compose", "address"), address, m.from...)
	}
	r.Put(path, short(number, m.protocol, "public", n), m.from...)
	why := ""
	host, err := strconv.Atoi(m.published)
	switch {
	case m.published == "":
		why = "the machine's port is the same number, and not any that is free"
	case err != nil:
		why = "the machine's port is one number"
	case host != number:
		r.Put(s.in("extensions", "compose", "hostPorts", name), host, m.from...)
	}
	if why != "" {
		r.Nearly(path, why, m.from...)
		return
	}
	r.Said(path, m.from...)
}

// address is where the machine publishes ports: at one address for all of them. It is the
// widest that the file has, and ports that have another are not published there.
func (r *reader) address() string {
	if r.published != "" {
		return r.published
	}
	address := ""
	for _, s := range r.services {
		list := s.node.Get("ports")
		if list == nil {
			continue
		}
		for _, e := range list.Elems {
			all, _ := mappings(e)
			for _, m := range all {
				ip := publishedAt(m.hostIP)
				if address == "" || ip == everywhere {
					address = ip
				}
			}
		}
	}
	r.published = address
	return address
}

const everywhere = "0.0.0.0"

// publishedAt is the address that a port without one is published at, too.
func publishedAt(ip string) string {
	switch ip {
	case "", "::", "[::]":
		return everywhere
	case "localhost", "::1":
		return "127.0.0.1"
	}
	return ip
}
