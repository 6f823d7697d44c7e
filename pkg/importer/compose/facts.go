package compose

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// facts gathers what a project states. It reads the files by itself, and knows nothing of
// what Import made of them.
type facts struct {
	*project
	all []importer.Fact
}

// factsOf returns what Compose files state, short forms written out (compose-spec).
func factsOf(d *importer.Draft, docs []*importer.Document, id string) []importer.Fact {
	rendered := len(docs) == 0 || docs[0] != d.Docs[0]
	f := &facts{project: load(d, docs, rendered)}
	root := f.root
	if name := root.Get("name"); name != nil {
		f.add("name", name.Text, name)
	}
	if services := root.Get("services"); services != nil {
		for _, s := range services.Fields {
			f.service(partName(s.Name), s.Value)
		}
	}
	if volumes := root.Get("volumes"); volumes != nil {
		for _, v := range volumes.Fields {
			if opts := v.Value.Get("driver_opts"); opts != nil {
				for _, o := range opts.Fields {
					f.add("volumes/"+v.Name+"/"+o.Name, o.Value.Text, o.Value)
				}
			}
		}
	}
	if secrets := root.Get("secrets"); secrets != nil {
		for _, v := range secrets.Fields {
			for _, o := range v.Value.Fields {
				f.add("secrets/"+importer.Name(v.Name)+"/"+o.Name, o.Value.Text, o.Value)
			}
		}
	}
	return f.all
}

// partName is what a service is called when it is rendered: workload.container.
func partName(service string) string {
	if strings.Contains(service, ".") {
		return service
	}
	return importer.Name(service) + ".app"
}

func (f *facts) add(key, value string, n *data.Node) {
	f.all = append(f.all, importer.Fact{Key: key, Value: value, Node: n})
}

// scalars are fields of a service that are one value, and what they are without a word.
var scalars = map[string]string{
	"platform": "", "working_dir": "", "user": "", "privileged": "false", "read_only": "false", "cpu_shares": "", "network_mode": "",
	"restart": "no", "stop_signal": "", "memswap_limit": "",
}

func (f *facts) service(name string, s *data.Node) {
	if image := s.Get("image"); image != nil {
		text := image.Text
		if !strings.ContainsAny(text[strings.LastIndex(text, "/")+1:], ":@") {
			text += ":latest"
		}
		f.add(name+"/image", text, image)
	}
	for field, standard := range scalars {
		n := s.Get(field)
		switch {
		case n != nil && n.Kind != data.Null:
			value := n.Text
			switch field {
			case "memswap_limit":
				value = memory(value)
			case "restart":
				if value == "false" {
					value = "no"
				}
			case "stop_signal":
				value = "SIG" + strings.TrimPrefix(strings.ToUpper(value), "SIG")
			}
			f.add(name+"/"+field, value, n)
		case standard != "":
			f.add(name+"/"+field, standard, nil)
		}
	}
	f.duration(name+"/stop_grace_period", s.Get("stop_grace_period"), "10s")
	for _, field := range []string{"entrypoint", "command"} {
		if n := s.Get(field); n != nil {
			list, _ := (&reader{project: f.project}).commandOf(n)
			f.list(name+"/"+field, list, n)
		}
	}
	for _, field := range []string{"cap_add", "cap_drop", "profiles"} {
		if n := s.Get(field); n != nil {
			var list []string
			for _, e := range n.Elems {
				text := e.Text
				if field != "profiles" {
					text = strings.TrimPrefix(strings.ToUpper(text), "CAP_")
				}
				list = append(list, text)
			}
			f.list(name+"/"+field, list, n)
		}
	}
	f.environment(name, s)
	if labels := f.named(s.Get("labels")); labels != nil {
		for _, l := range labels.Fields {
			f.add(name+"/labels/"+l.Name, l.Value.Text, l.Value)
		}
	}
	f.ports(name, s.Get("ports"))
	f.mounts(name, s)
	f.health(name, s.Get("healthcheck"))
	f.amounts(name, s)
	if on := s.Get("depends_on"); on != nil {
		for _, e := range on.Elems {
			f.add(name+"/depends_on/"+partName(e.Text), "service_started", e)
		}
		for _, e := range on.Fields {
			if c := e.Value.Get("condition"); c != nil {
				f.add(name+"/depends_on/"+partName(e.Name), c.Text, c)
			}
		}
	}
}

func (f *facts) list(key string, list []string, n *data.Node) {
	value := fmt.Sprintf("%q", list)
	f.add(key, value, n)
	for _, e := range n.Elems {
		f.add(key, value, e)
	}
}

func (f *facts) duration(key string, n *data.Node, standard string) {
	if n == nil {
		n, standard = nil, seconds(standard)
		f.add(key, standard, nil)
		return
	}
	f.add(key, seconds(n.Text), n)
}

func seconds(text string) string {
	n, _, ok := importer.WholeSeconds(text)
	if !ok {
		return text
	}
	return strconv.FormatInt(n, 10) + "s"
}

func memory(text string) string {
	if bytes, ok := bytesOf(text); ok {
		return bytes.String()
	}
	return text
}

func (f *facts) environment(name string, s *data.Node) {
	env := f.named(s.Get("environment"))
	if env == nil {
		return
	}
	for _, e := range env.Fields {
		value := e.Value.Text
		info := f.info[e.Value]
		switch {
		case e.Value.Kind == data.Null:
			value = "${" + e.Name + "}"
		case info.whole != "" && len(info.unset) > 0:
			value = "${" + info.unset[0] + "}"
		}
		f.add(name+"/environment/"+e.Name, value, e.Value)
	}
}

func (f *facts) ports(name string, n *data.Node) {
	if n == nil {
		return
	}
	for _, e := range n.Elems {
		all, err := mappings(e)
		if err != nil {
			continue
		}
		for _, m := range all {
			ip := m.hostIP
			if ip == "" || ip == "::" {
				ip = "0.0.0.0"
			}
			if ip == "localhost" {
				ip = "127.0.0.1"
			}
			key := name + "/ports/" + m.target + "/" + m.protocol
			for _, from := range m.from {
				f.add(key, ip+":"+m.published, from)
			}
			if given := e.Get("name"); given != nil {
				f.add(key+"/name", given.Text, given)
			}
		}
	}
}

func (f *facts) mounts(name string, s *data.Node) {
	if volumes := s.Get("volumes"); volumes != nil {
		for _, e := range volumes.Elems {
			m := mountOf(e)
			value := m.kind
			if m.readOnly {
				value += ", read-only"
			}
			for _, from := range m.from {
				f.add(name+"/mounts/"+path.Clean(m.target), value, from)
			}
		}
	}
	for field, dir := range map[string]string{"configs": "/", "secrets": "/run/secrets/"} {
		list := s.Get(field)
		if list == nil {
			continue
		}
		for _, e := range list.Elems {
			m := fileMountOf(e, dir)
			top := f.root.Get(field, m.source)
			value := top.TextAt("environment")
			if field == "configs" {
				content := top.Get("content")
				value = textOf(content)
				if content != nil {
					f.add(name+"/mounts/"+path.Clean(m.target), value, content)
				}
			}
			for _, from := range m.from {
				f.add(name+"/mounts/"+path.Clean(m.target), value, from)
			}
		}
	}
}

func (f *facts) health(name string, n *data.Node) {
	command := []string(nil)
	if n != nil {
		command = testOf(n.Get("test"))
	}
	if command == nil {
		return
	}
	key := name + "/healthcheck/"
	f.list(key+"test", command, n.Get("test"))
	for _, t := range timings {
		f.duration(key+t.field, n.Get(t.field), t.docker)
	}
	if retries := n.Get("retries"); retries != nil {
		f.add(key+"retries", retries.Text, retries)
	} else {
		f.add(key+"retries", "3", nil)
	}
}

// amounts are those of deploy and of the older fields, which mean the same.
func (f *facts) amounts(name string, s *data.Node) {
	key := name + "/resources/"
	if n := s.Get("deploy", "replicas"); n != nil {
		f.add(name+"/replicas", n.Text, n)
	} else if n := s.Get("scale"); n != nil {
		f.add(name+"/replicas", n.Text, n)
	} else {
		f.add(name+"/replicas", "1", nil)
	}
	for field, at := range map[string][]string{
		"limits/cpus": {"deploy", "resources", "limits", "cpus"}, "limits/memory": {"deploy", "resources", "limits", "memory"},
		"reservations/cpus": {"deploy", "resources", "reservations", "cpus"}, "reservations/memory": {"deploy", "resources", "reservations", "memory"},
	} {
		n := s.Get(at...)
		if n == nil {
			n = s.Get(map[string]string{"limits/cpus": "cpus", "limits/memory": "mem_limit", "reservations/memory": "mem_reservation"}[field])
		}
		if n == nil {
			continue
		}
		value := memory(n.Text)
		if strings.HasSuffix(field, "cpus") {
			millis, _, _ := millisOf(n.Text)
			value = strconv.FormatInt(millis, 10)
		}
		f.add(key+field, value, n)
	}
	if devices := s.Get("deploy", "resources", "reservations", "devices"); devices != nil {
		for _, e := range devices.Elems {
			value := e.TextAt("driver") + " " + e.TextAt("count")
			f.add(key+"devices", value, e.Get("count"))
			f.add(key+"devices", value, e.Get("driver"))
			if c := e.Get("capabilities"); c != nil {
				for _, g := range c.Elems {
					f.add(key+"devices", value, g)
				}
			}
		}
	}
}

// added returns why rendering states what the file does not.
func added(key string) string {
	_, field, _ := strings.Cut(key, "/")
	first, _, _ := strings.Cut(field, "/")
	switch first {
	case "stop_grace_period":
		return "a tenant's default, where Docker's own is 10s"
	case "restart":
		return "a service is always started again, where Docker's own default is no"
	case "memswap_limit":
		return "a container does not swap"
	case "ports":
		if strings.HasSuffix(field, "/name") {
			return "a port has a name"
		}
	case "image":
		return "a tenant names an image"
	case "mounts", "environment", "network_mode", "labels", "cpu_shares", "resources":
		return "it stands for what the account calls approximated"
	}
	if strings.HasPrefix(key, "name") {
		return "a project has the tenant's id for its name"
	}
	if strings.HasPrefix(key, "volumes/") || strings.HasPrefix(key, "secrets/") {
		return "it stands for what the account calls approximated"
	}
	return ""
}
