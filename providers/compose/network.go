package compose

import (
	"cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// hostPort is a port of the machine.
type hostPort struct {
	number   int
	protocol string
}

// published returns the ports of a workload that the machine publishes, by name: public ones,
// and those of an ingress.
func (w *workload) published() map[string]plan.Port {
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

// hostPort returns the machine's port of a published port.
func (w *workload) hostPort(name string, p plan.Port) hostPort {
	return hostPort{cmp.Or(w.Ext.HostPorts[name], p.Number), p.Protocol}
}

// portPath returns the path of a port's number on the machine.
func (w *workload) portPath(name string) diag.Path {
	if w.Ext.HostPorts[name] > 0 {
		return w.AtExtension("hostPorts", name)
	}
	for container, c := range plan.Sorted(w.Containers) {
		if _, ok := c.Ports[name]; ok {
			return w.AtContainer(container, "ports", name)
		}
	}
	return w.Path
}

func hostPorts(c *check, w *workload) {
	ports, published := w.Ports(), w.published()
	for name, number := range plan.Sorted(w.Ext.HostPorts) {
		at := w.AtExtension("hostPorts", name)
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

func takenPorts(c *check, w *workload) {
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

func hiddenPorts(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		for portName, port := range plan.Sorted(container.Ports) {
			if _, out := w.published()[portName]; port.Expose != "none" || out {
				continue
			}
			d := c.Notef("expose", w.AtContainer(name, "ports", portName, "expose"), "compose has one network for all workloads, and port %q is reached in it", portName)
			d.Help = "let the process listen on 127.0.0.1 alone"
			d.Docs = docs + "networks/"
		}
	}
}

func appProtocols(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		for portName, port := range plan.Sorted(container.Ports) {
			if port.App != "" {
				c.Notef("endpoint", w.AtContainer(name, "ports", portName, "app"), "compose reads no protocol above tcp: %s works as it is", port.App)
			}
		}
	}
}

func ingress(c *check, w *workload) {
	for i, in := range w.Ingress {
		port, ok := w.Port(in.Port)
		if !ok {
			continue
		}
		d := c.Approximate("ingress", w.At("ingress", i), "compose has no ingress: port %q is published at http://%s:%d, for any host and path, without tls",
			in.Port, c.Ext.Address, w.hostPort(in.Port, port).number)
		d.Help = "list ingress in the workload's accept"
	}
}

// ingressRows are the rows of ingress entries.
var ingressRows = provider.Table{
	{Field: "workloads.ingress", Level: approximated, How: "the port on the machine, for any host and path, without TLS", Instead: "list ingress in the workload's accept"},
}

// portRows are the rows of ports.
var portRows = provider.Table{
	{Field: "workloads.containers.ports", Level: exact, How: "a port in the project's network"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "`protocol`"},
	{Field: "workloads.containers.ports.app", Level: approximated, How: "nothing reads it", Effect: none},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "no port of the machine"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: approximated, How: "no port of the machine; the tenant's other workloads reach it", Instead: "let the process listen on 127.0.0.1 alone"},
	{Field: "workloads.containers.ports.expose", When: "public", Level: exact, How: "`ports`, on the address that the extension states"},
}
