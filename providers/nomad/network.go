package nomad

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// publicPorts: a static port is reserved on every machine that runs a copy, for both tcp and
// udp (getPortMapping in client/allocrunner/networking_cni.go).
func publicPorts(c *check, w *workload) {
	n := w.MostReplicas()
	if n < 2 {
		return
	}
	for cname, container := range plan.Sorted(w.Containers) {
		for pname, port := range plan.Sorted(container.Ports) {
			if port.Expose != "public" {
				continue
			}
			d := c.Notef("expose", w.AtContainer(cname, "ports", pname), "each of %d copies takes port %d of a machine of its own", n, port.Number)
			d.Docs = docs + "network#static-ports"
		}
	}
}

// ingress: Nomad has none. The landlord's gateway reads routes from the tags of services, and
// its certificates from its own configuration.
func ingress(c *check, w *workload) {
	if len(w.Ingress) == 0 {
		return
	}
	path := w.At("ingress")
	if c.Ext.Ingress == nil {
		d := c.Errorf(diag.Unsupported, path, "nomad has no ingress of its own")
		d.Help = `set extensions.nomad.ingress to {gateway: "traefik"} where the landlord runs one, or make the port public`
		return
	}
	for i, entry := range w.Ingress {
		if entry.TLSSecret == "" {
			continue
		}
		d := c.Errorf(diag.Unsupported, path.To(i, "tls"), "traefik takes no certificate from nomad, so it cannot use secret %q", entry.TLSSecret)
		d.Help = "set tls to true, and extensions.nomad.ingress.certResolver or a certificate of the gateway's own"
		d.Docs = "https://doc.traefik.io/traefik/https/tls/"
	}
}

// endpoints: a template resolves the address before the container starts, and restarts it when
// the address changes (the template block's change_mode).
func endpoints(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for at, value := range container.Sources() {
			if value.Endpoint == nil {
				continue
			}
			target := value.Endpoint.Workload
			d := c.Approximate("endpoint", w.AtContainer(cname, at...).To("endpoint"), "%s holds the address of one copy of %q, and the container restarts when that moves", at[1], target)
			if !waits(c.Plan, c.Ext, w.Name, target) {
				d.Message += fmt.Sprintf("; while there is none, it starts without %s", at[1])
			}
			d.Docs = docs + "template"
		}
	}
}

func composedAddresses(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for env, value := range plan.Sorted(container.Env) {
			for name, s := range plan.Sorted(value.Values) {
				if s.Endpoint != nil && c.Ext.ServiceProvider == "consul" {
					d := c.Errorf(diag.Unsupported, w.AtContainer(cname, "env", env, "values", name), "an address from consul's catalog is the whole of a variable, and no part of %s", env)
					d.Help = `set extensions.nomad.serviceProvider to "nomad", or use a variable for the endpoint alone`
					d.Docs = docs + "template"
				}
			}
		}
	}
}

func appProtocols(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		for portName, port := range plan.Sorted(container.Ports) {
			if port.App != "" {
				c.Notef("endpoint", w.AtContainer(name, "ports", portName, "app"), "nomad reads no protocol above tcp: %s works as it is", port.App)
			}
		}
	}
}

// windows: clients there have no network that the tasks of a group can share
// (client/allocrunner/network_manager_nonlinux.go), podman needs Linux, and paths have drive
// letters (parseVolumeSpecWindows in drivers/docker).
func windows(c *check, w *workload) {
	if !w.Windows() {
		return
	}
	if w.Ext.Driver == "podman" {
		d := c.Errorf(diag.Conflict, w.AtExtension("driver"), "the podman driver does not run on windows, where the workload is placed")
		d.Docs = "https://developer.hashicorp.com/nomad/plugins/drivers/podman"
	}
	n := 0
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role != plan.Init {
			n++
		}
		for at := range plan.Sorted(container.Mounts) {
			d := c.Errorf(diag.Unsupported, w.AtContainer(name, "mounts", at), "docker on windows mounts at a path with a drive, which %s has not", at)
			d.Help = "read a secret or a configuration file by env"
			d.Docs = dockerDriver + "#volumes"
		}
	}
	if n > 1 {
		d := c.Errorf(diag.Unsupported, w.At("placement", "os"), "%d containers cannot share a network on windows", n)
		d.Help = "make each a workload of its own"
		d.Docs = docs + "network#network-modes"
	}
}

// portRows are the rows of ports.
var portRows = provider.Table{
	{Field: "workloads.containers.ports", Level: exact, How: "a port of the group's network, and a service with the port's name as a tag"},
	{Field: "workloads.containers.ports", When: "public, of several copies", Level: approximated, How: "each copy takes the number on a machine of its own", Instead: "let copies be no more than machines, or use an ingress"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "every port is forwarded for tcp and udp"},
	{Field: "workloads.containers.ports.app", Level: approximated, How: "nothing reads it", Effect: none},
	{Field: "workloads.containers.ports.expose", When: "none", Level: exact, How: "no port of the machine"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "a port of the machine that Nomad chooses"},
	{Field: "workloads.containers.ports.expose", When: "public", Level: exact, How: "a `static` port"},
}
