package nomad

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// network is the network of a group: the ports that other machines reach, and the services that
// they use to find them.
type network struct {
	mode   string
	labels map[string]string   // port name → label, for exposed ports
	ports  map[string]api.Port // by label

	// inGroup is whether services with a port are the group's; on Windows, where the
	// group has no network of its own, they are the tasks'.
	inGroup bool
	group   []*api.Service
	tasks   map[string][]*api.Service // by container
}

// networkOf returns the network of a workload's group.
func (r *renderer) networkOf(w *workload) *network {
	net := &network{mode: w.Ext.Network, labels: map[string]string{}, ports: map[string]api.Port{}, tasks: map[string][]*api.Service{}}
	if w.Windows() {
		net.mode = "" // the machine's own: Windows clients have no other
	}
	ports := w.Ports()
	for name, port := range plan.Sorted(ports) {
		if port.Expose == "none" {
			continue
		}
		label := name
		if port.Expose == "public" {
			label = sharedLabel(ports, port.Number)
		}
		net.labels[name] = label
		host := w.Ext.HostNetworks[name]
		if host == "" {
			host = net.ports[label].HostNetwork
		}
		net.ports[label] = portOf(label, port, host)
	}
	if w.Windows() {
		for number := range hiddenChecks(w) {
			label := hiddenLabel(number)
			net.ports[label] = api.Port{Label: label, To: number}
		}
	} else {
		net.inGroup = true
	}
	r.addServices(w, net)
	return net
}

// sharedLabel returns the label of the static ports with one number: a machine's port is
// reserved for tcp and udp, so a second label for it would be refused
// (structs.TaskGroup.validateNetworks).
func sharedLabel(ports map[string]plan.Port, number int) string {
	for _, name := range slices.Sorted(maps.Keys(ports)) {
		if ports[name].Expose == "public" && ports[name].Number == number {
			return name
		}
	}
	return ""
}

// portOf returns a port of the group: a public one has its own number on each machine.
func portOf(label string, port plan.Port, hostNetwork string) api.Port {
	p := api.Port{Label: label, To: port.Number, HostNetwork: hostNetwork}
	if port.Expose == "public" {
		p.Value = port.Number
	}
	return p
}

// resource returns the group's network block.
func (net *network) resource() *api.NetworkResource {
	res := &api.NetworkResource{Mode: net.mode}
	for _, port := range plan.Sorted(net.ports) {
		if port.Value != 0 {
			res.ReservedPorts = append(res.ReservedPorts, port)
		} else {
			res.DynamicPorts = append(res.DynamicPorts, port)
		}
	}
	return res
}

// published returns the labels that a container's own network forwards, if it does not share
// the group's (docker's ports option).
func (net *network) published(w *workload, container plan.Container) []string {
	if !w.Windows() {
		return nil
	}
	labels := map[string]bool{}
	for name := range container.Ports {
		if label, ok := net.labels[name]; ok {
			labels[label] = true
		}
	}
	for _, check := range container.Checks() {
		if number, hidden := hiddenPort(container, check); hidden {
			labels[hiddenLabel(number)] = true
		}
	}
	return slices.Sorted(maps.Keys(labels))
}

// hiddenChecks returns the unexposed ports that checks use, by number.
func hiddenChecks(w *workload) map[int]bool {
	numbers := map[int]bool{}
	for _, container := range w.Containers {
		for _, check := range container.Checks() {
			if number, hidden := hiddenPort(container, check); hidden {
				numbers[number] = true
			}
		}
	}
	return numbers
}

// hiddenPort returns the port of a check if it is not exposed.
func hiddenPort(container plan.Container, check *plan.Check) (number int, hidden bool) {
	ref, ok := check.Port()
	if !ok || exposedPort(container, ref) != "" {
		return 0, false
	}
	number, _ = container.PortNumber(ref)
	return number, true
}

// hiddenLabel returns the label of a port that is only checked. It differs from authors' names,
// which have no underscores.
func hiddenLabel(number int) string { return fmt.Sprintf("check_%d", number) }

// exposedPort is the name of the exposed port that a check refers to, by name or number.
func exposedPort(container plan.Container, ref plan.PortRef) string {
	for name, port := range plan.Sorted(container.Ports) {
		if port.Expose != "none" && (name == ref.Name || ref.Name == "" && port.Number == ref.Number && port.Protocol == "tcp") {
			return name
		}
	}
	return ""
}

// checkPort returns where Nomad runs a check: at an exposed port of the machine, or at the
// group's own address, which only a service of the group may use (validateServices in
// nomad/structs/structs.go).
func (net *network) checkPort(container plan.Container, ref plan.PortRef) (label, addressMode string) {
	if name := exposedPort(container, ref); name != "" {
		return net.labels[name], ""
	}
	number, _ := container.PortNumber(ref)
	if !net.inGroup {
		return hiddenLabel(number), ""
	}
	return strconv.Itoa(number), "alloc"
}
