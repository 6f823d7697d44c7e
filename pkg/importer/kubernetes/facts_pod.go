package kubernetes

import (
	"cmp"
	"path"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

func (f *facts) pod(w string, pod *data.Node) {
	key := w + "/pod"
	f.scalars(key, pod, podDefaults)
	if alias := pod.Get("serviceAccount"); alias != nil {
		f.add(key+"/serviceAccountName", alias.Text, alias)
	}
	for _, field := range []string{"nodeSelector", "os"} {
		f.scalars(key+"/"+field, pod.Get(field), nil)
	}
	if s := pod.Get("securityContext"); s != nil {
		f.scalars(key+"/securityContext", s, nil)
		f.scalars(key+"/seccomp", s.Get("seccompProfile"), nil)
	}
	for _, field := range []string{"tolerations", "topologySpreadConstraints"} {
		if list := pod.Get(field); list != nil {
			for i, e := range list.Elems {
				standards := map[string]string{"maxSkew": "1"}
				if field == "tolerations" {
					standards = map[string]string{"operator": "Equal"}
				}
				f.scalars(key+"/"+field+"/"+strconv.Itoa(i), e, standards)
			}
		}
	}
	if list := pod.Get("imagePullSecrets"); list != nil {
		for _, e := range list.Elems {
			f.add(key+"/imagePullSecrets/"+e.TextAt("name"), "", e.Get("name"))
		}
	}
	if list := pod.Get("volumes"); list != nil {
		for _, v := range list.Elems {
			if dir := v.Get("emptyDir"); dir != nil {
				volume := w + "/volumes/" + importer.Name(v.TextAt("name"))
				f.add(volume, "", v.Get("name"))
				f.add(volume, "", dir)
				f.add(volume+"/medium", dir.TextAt("medium"), dir.Get("medium"))
				f.quantity(volume+"/size", dir.Get("sizeLimit"))
			}
		}
	}
	for field, role := range map[string]string{"containers": "main", "initContainers": "init"} {
		if list := pod.Get(field); list != nil {
			for _, c := range list.Elems {
				f.container(w, role, pod, c)
			}
		}
	}
}

func (f *facts) container(w, role string, pod, c *data.Node) {
	key := w + "/containers/" + containerName(c)
	if restart := c.Get("restartPolicy"); restart != nil {
		role = "sidecar"
		f.add(key+"/role", role, restart)
	}
	f.add(key, role, c.Get("name"))
	if image := c.Get("image"); image != nil {
		f.add(key+"/image", tagged(image.Text), image)
	}
	f.add(key+"/workingDir", c.TextAt("workingDir"), c.Get("workingDir"))
	f.add(key+"/imagePullPolicy", c.TextAt("imagePullPolicy"), c.Get("imagePullPolicy"))
	env := values(c)
	for _, field := range []string{"command", "args"} {
		if n := c.Get(field); n != nil {
			f.list(key+"/"+field, expandedList(n, env), n)
		}
	}
	f.env(key, c)
	if ports := c.Get("ports"); ports != nil {
		for _, p := range ports.Elems {
			port := key + "/ports/" + p.TextAt("containerPort") + "/" + cmp.Or(strings.ToUpper(p.TextAt("protocol")), "TCP")
			f.add(port, "", p.Get("containerPort"))
			f.add(port, "", p.Get("protocol"))
			f.add(port+"/name", p.TextAt("name"), p.Get("name"))
		}
	}
	if resources := c.Get("resources"); resources != nil {
		for _, list := range resources.Fields {
			for _, q := range list.Value.Fields {
				value := q.Value.Text
				if q.Name == "cpu" {
					millis, _, _ := millisOf(value)
					value = strconv.FormatInt(millis, 10)
				} else if bytes, ok := bytesOf(value); ok {
					value = bytes.String()
				}
				f.add(key+"/resources/"+list.Name+"/"+q.Name, value, q.Value)
			}
		}
	}
	for _, field := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		if p := c.Get(field); p != nil {
			f.probe(key+"/"+field, p)
		}
	}
	f.mounts(key, pod, c)
	f.security(w, key, pod, c)
}

func expandedList(n *data.Node, env map[string]string) (list []string) {
	for _, e := range n.Elems {
		text, _ := expanded(e.Text, env)
		list = append(list, text)
	}
	return list
}

func (f *facts) env(key string, c *data.Node) {
	list := c.Get("env")
	if list == nil {
		return
	}
	before := map[string]string{}
	for _, e := range list.Elems {
		name := e.TextAt("name")
		value, _ := expanded(e.TextAt("value"), before)
		before[name] = value
		nodes := []*data.Node{e.Get("name"), e.Get("value")}
		if from := e.Get("valueFrom"); from != nil {
			before[name] = unknown
			for _, g := range from.Fields {
				of := g.Value.TextAt("name")
				if g.Name == "configMapKeyRef" {
					of = f.short(of)
				}
				value = g.Name + " " + of + " " + g.Value.TextAt("key")
				nodes = append(nodes, g.Value.Get("name"), g.Value.Get("key"))
			}
		}
		for _, n := range nodes {
			f.add(key+"/env/"+name, value, n)
		}
	}
}

func (f *facts) probe(key string, p *data.Node) {
	f.scalars(key, p, probeDefaults)
	for _, how := range []string{"httpGet", "tcpSocket", "grpc"} {
		if n := p.Get(how); n != nil {
			standards := map[string]string{}
			if how == "httpGet" {
				standards["path"] = "/"
			}
			f.scalars(key+"/"+how, n, standards)
		}
	}
	if n := p.Get("exec", "command"); n != nil {
		f.list(key+"/exec", expandedList(n, nil), n)
	}
}

// mounts are what stands at each path, whatever the volume is called.
func (f *facts) mounts(key string, pod, c *data.Node) {
	list := c.Get("volumeMounts")
	if list == nil {
		return
	}
	for _, m := range list.Elems {
		at := key + "/mounts/" + path.Clean(m.TextAt("mountPath"))
		var volume *data.Node
		if volumes := pod.Get("volumes"); volumes != nil {
			for _, v := range volumes.Elems {
				if v.TextAt("name") == m.TextAt("name") {
					volume = v
				}
			}
		}
		sub := m.TextAt("subPath")
		value := "volume " + importer.Name(m.TextAt("name"))
		nodes := []*data.Node{m.Get("name"), m.Get("mountPath"), m.Get("subPath")}
		if config := volume.Get("configMap"); config != nil {
			value = "config " + f.short(config.TextAt("name")) + " " + cmp.Or(items(config)[sub], sub)
			nodes = append(nodes, volume.Get("name"), config.Get("name"))
		} else if secret := volume.Get("secret"); secret != nil {
			value = "secret " + secret.TextAt("secretName") + " " + cmp.Or(items(secret)[sub], sub)
			nodes = append(nodes, volume.Get("name"), secret.Get("secretName"))
		} else if m.TextAt("readOnly") == "true" {
			f.add(at+"/readOnly", "true", m.Get("readOnly"))
		}
		for _, n := range nodes {
			f.add(at, value, n)
		}
	}
}

// security is that of a container, with what its pod says of all.
func (f *facts) security(w, key string, pod, c *data.Node) {
	own, all := c.Get("securityContext"), pod.Get("securityContext")
	for _, field := range []string{"runAsUser", "runAsGroup", "runAsNonRoot"} {
		n := own.Get(field)
		if n == nil {
			n = all.Get(field)
		}
		f.add(key+"/"+field, textOf(n), n)
	}
	if own == nil {
		return
	}
	f.scalars(key+"/securityContext", own, nil)
	f.scalars(w+"/pod/seccomp", own.Get("seccompProfile"), nil)
	if caps := own.Get("capabilities"); caps != nil {
		for _, g := range caps.Fields {
			var list []string
			for _, e := range g.Value.Elems {
				list = append(list, strings.TrimPrefix(e.Text, "CAP_"))
			}
			f.list(key+"/capabilities/"+g.Name, list, g.Value)
		}
	}
}
