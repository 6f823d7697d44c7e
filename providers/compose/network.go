package compose

import (
	"cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// hostPort is a port of the machine.
type hostPort struct {
	number   int
	protocol string
}

// published are the ports of a workload that the machine has, by name: public ones, and
// those that an ingress leads to.
func (w workload) published() map[string]plan.Port {
	published := map[string]plan.Port{}
	ports := w.Ports()
	for name, port := range ports {
		if port.Expose == "public" {
			published[name] = port
		}
	}
	for _, in := range w.Ingress {
		if port, ok := ports[in.Port]; ok {
			published[in.Port] = port
		}
	}
	return published
}

// hostPort is where a published port stands.
func (w workload) hostPort(name string, p plan.Port) hostPort {
	return hostPort{cmp.Or(w.ext.HostPorts[name], p.Number), p.Protocol}
}

// portPath is the place of a port's number on the machine.
func (w workload) portPath(name string) diag.Path {
	if w.ext.HostPorts[name] > 0 {
		return w.path.To("extensions", "compose", "hostPorts", name)
	}
	for container, c := range plan.Sorted(w.Containers) {
		if _, ok := c.Ports[name]; ok {
			return w.container(container).To("ports", name)
		}
	}
	return w.path
}

// hostPorts: what is placed has to be there, and to be published.
func hostPorts(c *check, w workload) {
	ports, published := w.Ports(), w.published()
	for name, number := range plan.Sorted(w.ext.HostPorts) {
		at := w.path.To("extensions", "compose", "hostPorts", name)
		port, there := ports[name]
		if !there {
			c.Errorf(diag.UnknownName, at, "no port %q", name)
			continue
		}
		if _, ok := published[name]; !ok {
			d := c.Errorf(diag.Conflict, at, "port %q is %s, and cannot stand at the machine's port %d", name, port.Expose, number)
			d.Help = `set the port's expose to "public", or take it out of hostPorts`
		}
	}
}

// takenPorts: the machine has each port once. Docker refuses the second container
// (docker/docs, content/manuals/engine/network/port-publishing.md).
func takenPorts(c *check, w workload) {
	for name, port := range plan.Sorted(w.published()) {
		at, host := w.portPath(name), w.hostPort(name, port)
		if first, ok := c.taken[host]; ok {
			d := c.Errorf(diag.Duplicate, at, "port %d/%s of the machine is taken by %s", host.number, host.protocol, first)
			d.Help = "give one of them another number in extensions.compose.hostPorts of its workload"
			continue
		}
		c.taken[host] = at
	}
}

// hiddenPorts: a project has one network, in which each service reaches all ports of the
// others (compose-spec, 06-networks.md).
func hiddenPorts(c *check, w workload) {
	for name, container := range plan.Sorted(w.Containers) {
		for portName, port := range plan.Sorted(container.Ports) {
			if _, out := w.published()[portName]; port.Expose != "none" || out {
				continue
			}
			d := c.Notef("expose", w.container(name).To("ports", portName, "expose"), "compose has one network for all workloads, and port %q is reached in it", portName)
			d.Help = "let the process listen on 127.0.0.1 alone"
			d.Docs = docs + "networks/"
		}
	}
}

// ingress: the nearest to an entry is its port on the machine.
func ingress(c *check, w workload) {
	for i, in := range w.Ingress {
		port, ok := w.Port(in.Port)
		if !ok {
			continue
		}
		d := c.Approximate("ingress", w.path.To("ingress", i), "compose has no ingress: port %q is published at http://%s:%d, for any host and path, without tls",
			in.Port, c.ext.Address, w.hostPort(in.Port, port).number)
		d.Help = "list ingress in the workload's accept"
	}
}
