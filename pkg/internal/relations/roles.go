package relations

import (
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// mainContainer: a workload has a main container. Init containers run before the main ones, and
// sidecars end with them. No platform runs a workload without one (Kubernetes:
// validateContainers of pkg/apis/core/validation; Nomad: structs.TaskGroup.Validate; ECS API
// reference, ContainerDefinition: essential).
func mainContainer(w *workload) {
	for _, c := range w.Containers {
		if c.Role == plan.Main {
			return
		}
	}
	d := w.diags.Errorf(diag.MissingField, w.at("containers"), "workload %q has no container of role main", w.name)
	d.Help = "leave out the role of the container that does the work"
}

// initOrder: init containers end before the main ones start, so one that waits for a main
// container, directly or indirectly, never starts (Kubernetes documentation, "Init Containers";
// Nomad: client/allocrunner/tasklifecycle.Coordinator; on ECS, where main containers are made
// to wait for init containers, it is a cycle).
func initOrder(c *container) {
	if c.Role != plan.Init {
		return
	}
	isMain := func(name string) bool { return c.Containers[name].Role == plan.Main }
	isInit := func(name string) bool { return c.Containers[name].Role == plan.Init }
	isThis := func(name string) bool { return name == c.name }
	for on := range plan.Sorted(c.DependsOn) {
		chain := c.chain(nil, on, isMain, map[string]bool{})
		if chain == nil || slices.ContainsFunc(chain, isInit) { // reported for that init container
			continue
		}
		first := chain[len(chain)-1]
		if c.chain(nil, first, isThis, map[string]bool{}) != nil { // reported as a cycle
			continue
		}
		d := c.diags.Errorf(diag.Conflict, c.at("dependsOn", on), "init container %q ends before main container %q starts, and cannot wait for it", c.name, first)
		d.Help = "let it wait for other init containers, and for sidecars that wait for no main container"
		c.relateWaits(d, chain)
	}
}

// chain extends trail from a container, through the containers that each waits for, to one that
// is wanted. It returns nil if there is none.
func (w *workload) chain(trail []string, from string, wanted func(name string) bool, seen map[string]bool) []string {
	if seen[from] {
		return nil
	}
	seen[from] = true
	trail = append(trail, from)
	if wanted(from) {
		return trail
	}
	for on := range plan.Sorted(w.Containers[from].DependsOn) {
		if whole := w.chain(trail, on, wanted, seen); whole != nil {
			return whole
		}
	}
	return nil
}

// sidecarEnd: a sidecar ends with the main containers, so a container that starts before or
// with them cannot wait for its end.
func sidecarEnd(c *container) {
	for on, condition := range plan.Sorted(c.DependsOn) {
		if condition == "completed" && on != c.name && c.Containers[on].Role == plan.Sidecar {
			d := c.diags.Errorf(diag.Conflict, c.at("dependsOn", on), "sidecar %q ends with the main containers, and %q would wait for that before it starts", on, c.name)
			d.Help = `wait until it is "started" or "healthy", or give it the role init if it ends by itself`
			c.relate(d, c.workload.at("containers", on, "role"), "its role is set here")
		}
	}
}

// sidecarStart: a sidecar that waits for the completion of every main container would start
// when it has to end.
func sidecarStart(c *container) {
	if c.Role != plan.Sidecar {
		return
	}
	over := map[string]bool{}
	var first string
	var visit func(name string)
	visit = func(name string) {
		for on, condition := range plan.Sorted(c.Containers[name].DependsOn) {
			if condition == "completed" && c.Containers[on].Role == plan.Main && !over[on] {
				over[on] = true
				if name == c.name && first == "" {
					first = on
				}
				visit(on)
			}
		}
	}
	visit(c.name)
	for name, other := range c.Containers {
		if other.Role == plan.Main && !over[name] {
			return
		}
	}
	if first == "" {
		return
	}
	d := c.diags.Errorf(diag.Conflict, c.at("dependsOn", first), "sidecar %q ends with the main containers, and would start when every one has completed", c.name)
	d.Help = fmt.Sprintf("give %q the role main, or leave the dependency out", c.name)
}
