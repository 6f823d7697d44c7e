package nomad

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// stage is one of the three times at which Nomad starts the tasks of a group. Tasks of one
// stage start together; a stage begins once those of the previous one run, or have completed if
// they do not run on (client/allocrunner/tasklifecycle.Coordinator).
type stage int

const (
	prestart stage = iota
	mainStage
	poststart
)

// startOrder: stages are the only order, and no stage waits for health
// (client/allocrunner/tasklifecycle.Coordinator).
func startOrder(c *check, w *workload) {
	at := stages(w.Workload)
	for name, container := range plan.Sorted(w.Containers) {
		for dep := range plan.Sorted(container.DependsOn) {
			if _, ok := w.Containers[dep]; !ok {
				continue
			}
			if d := c.order(w, at, name, dep); d != nil {
				d.Docs = docs + "lifecycle"
			}
		}
	}
}

// order checks one dependency against the stages of both containers.
func (c *check) order(w *workload, at map[string]stage, name, dep string) *diag.Diagnostic {
	on, condition := w.Containers[dep], w.Containers[name].DependsOn[dep]
	path := w.AtContainer(name, "dependsOn", dep)
	switch {
	case condition == "healthy":
		d := c.Errorf(diag.Unsupported, path, "nomad does not wait for container %q to be healthy", dep)
		d.Help = `depend on "started", and let the container try again until the other one answers`
		return d
	case condition == "completed" && on.Role == plan.Main && !w.Kind.Ends():
		d := c.Errorf(diag.Unsupported, path, "nomad starts container %q again whenever it ends, so it is never completed", dep)
		d.Help = "give " + dep + " the role init, or wait until it is started"
		return d
	case at[dep] > at[name]:
		d := c.Errorf(diag.Unsupported, path, "nomad starts container %q before container %q", name, dep)
		d.Help = "init containers and sidecars start first, then main containers, then what depends on those"
		return d
	case at[dep] == at[name] || condition == "completed" && at[dep] != prestart:
		d := c.Errorf(diag.Unsupported, path, "nomad starts container %q together with container %q", name, dep)
		d.Help = "make one container of the two, or let this one try again until the other is there"
		return d
	}
	if condition == "completed" && on.Role == plan.Main {
		if other, ok := heldBack(w.Workload, at, dep); ok {
			return c.Approximate("dependsOn", path, "nomad makes container %q wait for the end of container %q too", other, dep)
		}
	}
	return nil
}

// stages puts each container into the earliest stage that its role allows and that is later
// than those of its dependencies or, if there is none, into the last that its role allows.
//
// A sidecar may start after the mains if it waits for one of them. A main container
// that another main waits for may start before the others: in a job so that it
// completes first, in a service only where the three stages are needed.
func stages(w plan.Workload) map[string]stage {
	early := map[string]bool{}
	for _, container := range w.Containers {
		if container.Role != plan.Main {
			continue
		}
		for dep, condition := range container.DependsOn {
			on := w.Containers[dep]
			early[dep] = early[dep] || condition == "completed" && on.Role == plan.Main && w.Kind.Ends()
		}
	}
	at := place(w, early)
	if n := unordered(w, at); n > 0 && !w.Kind.Ends() {
		for _, container := range w.Containers {
			for dep := range container.DependsOn {
				early[dep] = early[dep] || container.Role == plan.Main && w.Containers[dep].Role == plan.Main
			}
		}
		if all := place(w, early); unordered(w, all) < n {
			return all
		}
	}
	return at
}

// place assigns stages, given the main containers that may start before the others.
func place(w plan.Workload, early map[string]bool) map[string]stage {
	at := map[string]stage{}
	var put func(name string) stage
	put = func(name string) stage {
		if s, ok := at[name]; ok {
			return s
		}
		container := w.Containers[name]
		allowed := []stage{mainStage, poststart}
		switch {
		case container.Role == plan.Init:
			allowed = []stage{prestart}
		case container.Role == plan.Sidecar:
			allowed = []stage{prestart, poststart}
		case early[name]:
			allowed = []stage{prestart, mainStage, poststart}
		}
		at[name] = allowed[0]
		least := prestart
		for dep := range plan.Sorted(container.DependsOn) {
			if _, ok := w.Containers[dep]; ok {
				least = max(least, put(dep)+1)
			}
		}
		s := allowed[len(allowed)-1]
		if i := slices.IndexFunc(allowed, func(s stage) bool { return s >= least }); i >= 0 {
			s = allowed[i]
		}
		at[name] = s
		return s
	}
	for name := range plan.Sorted(w.Containers) {
		put(name)
	}
	return at
}

// unordered returns the number of dependencies that do not lead to an earlier stage.
func unordered(w plan.Workload, at map[string]stage) int {
	n := 0
	for name, container := range w.Containers {
		for dep := range container.DependsOn {
			if _, ok := w.Containers[dep]; ok && at[dep] >= at[name] {
				n++
			}
		}
	}
	return n
}

// heldBack returns a main container that does not depend on the container dep, but starts after
// it has completed.
func heldBack(w plan.Workload, at map[string]stage, dep string) (string, bool) {
	var waits func(name string) bool
	waits = func(name string) bool {
		for on := range w.Containers[name].DependsOn {
			if on == dep || at[on] < at[name] && waits(on) {
				return true
			}
		}
		return false
	}
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Main && at[name] > at[dep] && !waits(name) {
			return name, true
		}
	}
	return "", false
}

// orderRows are the rows of the order of start.
var orderRows = provider.Table{
	{Field: "workloads.containers.dependsOn", When: "started, on an earlier stage: prestart, main, poststart", Level: exact, How: "a `lifecycle` hook", Effect: inPlace, Source: "lifecycle, which counts at the next start"},
	{Field: "workloads.containers.dependsOn", When: "completed, of an init container", Level: exact, How: "a prestart task"},
	{Field: "workloads.containers.dependsOn", When: "completed, of a main of a job or cron", Level: exact, How: "a prestart task"},
	{Field: "workloads.containers.dependsOn", When: "completed, of a main of a job or cron, beside mains that do not wait", Level: approximated, How: "those wait too", Instead: "make them workloads of their own"},
	{Field: "workloads.containers.dependsOn", When: "within a stage, or on a later one", Level: unsupported, How: "there are three stages, and no order within one", Instead: "make one container of the two, or let one try again until the other is there"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what runs on", Level: unsupported, How: "it is started again whenever it ends", Instead: "give it the role init"},
	{Field: "workloads.containers.dependsOn", When: "healthy", Level: unsupported, How: "no stage waits for health", Instead: "depend on started, and try again until the other one answers"},
}
