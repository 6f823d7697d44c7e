package nomad

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// stage is one of the three times at which Nomad starts the tasks of a group. Tasks
// of one stage start together; a stage begins once those of the last one run, or have
// completed where they do not run on (client/allocrunner/tasklifecycle.Coordinator).
type stage int

const (
	prestart stage = iota
	mainStage
	poststart
)

// mainTask: a group of lifecycle tasks alone is refused (structs.TaskGroup.Validate).
func mainTask(c *check, w workload) {
	for _, container := range w.Containers {
		if container.Role == plan.Main {
			return
		}
	}
	d := c.Errorf(diag.MissingField, w.path.To("containers"), "workload %q has no container of role main, and a nomad task group needs one", w.name)
	d.Help = "leave out the role of the container that does the work"
	d.Docs = docs + "lifecycle"
}

// startOrder: stages are all the order there is, and no stage waits for health
// (client/allocrunner/tasklifecycle.Coordinator).
func startOrder(c *check, w workload) {
	at := stages(w.Workload)
	for name, container := range plan.Sorted(w.Containers) {
		for dep, condition := range plan.Sorted(container.DependsOn) {
			on, ok := w.Containers[dep]
			if !ok {
				continue
			}
			path := w.container(name).To("dependsOn", dep)
			var d *diag.Diagnostic
			switch {
			case condition == "healthy":
				d = c.Errorf(diag.Unsupported, path, "nomad does not wait for container %q to be healthy", dep)
				d.Help = `depend on "started", and let the container try again until the other one answers`
			case condition == "completed" && runsOn(w.Kind, on):
				d = c.Errorf(diag.Unsupported, path, "container %q runs on, so container %q would never start", dep, name)
				d.Help = "give the container that completes the role init"
			case at[dep] > at[name]:
				d = c.Errorf(diag.Unsupported, path, "nomad starts container %q before container %q", name, dep)
				d.Help = "there are three stages: init containers with sidecars, main containers, and what depends on those"
			case at[dep] == at[name] || condition == "completed" && at[dep] != prestart:
				d = c.Errorf(diag.Unsupported, path, "nomad starts container %q together with container %q", name, dep)
				d.Help = "make one container of the two, or let this one try again until the other is there"
			case condition == "completed" && on.Role == plan.Main:
				if other, ok := heldBack(w.Workload, at, dep); ok {
					d = c.Approximate("dependsOn", path, "container %q waits for container %q too", other, dep)
				} else {
					continue
				}
			default:
				continue
			}
			d.Docs = docs + "lifecycle"
		}
	}
}

// runsOn reports whether a container runs until it is stopped.
func runsOn(kind plan.Kind, container plan.Container) bool {
	return container.Role == plan.Sidecar || container.Role == plan.Main && kind == plan.Service
}

// stages puts each container into the earliest stage that its role allows and that is
// later than those of the containers it depends on; where there is none, into the last
// that its role allows.
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
			early[dep] = early[dep] || condition == "completed" && on.Role == plan.Main && !runsOn(w.Kind, on)
		}
	}
	at := place(w, early)
	if n := unordered(w, at); n > 0 && w.Kind == plan.Service {
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

// place does the placing of stages, with the mains that may start before the others given.
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

// unordered counts the dependencies that do not lead to an earlier stage.
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

// heldBack finds a main container that does not depend on the container dep, and yet
// starts after it has completed.
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
