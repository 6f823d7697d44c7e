package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// essential reports whether the container's end is the task's end: every main that no
// other container waits for to complete, and a service's sidecars, which the service
// then starts again with their task. A sidecar of a job must not end it.
func (w *workload) essential(cname string) bool {
	switch role := w.Containers[cname].Role; {
	case role == plan.Init, role == plan.Sidecar && w.Kind != plan.Service:
		return false
	}
	for _, other := range w.Containers {
		if other.DependsOn[cname] == "completed" {
			return false
		}
	}
	return true
}

// endings: a task has an essential container, and ends when the first of them does
// (API reference, ContainerDefinition: essential). So a job has just one.
func endings(c *check, w *workload) {
	var essential []string
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Main && w.essential(cname) {
			essential = append(essential, cname)
		}
	}
	switch {
	case len(essential) == 0:
		c.report(diag.Conflict, w.at("containers"), containerDocs, "let no container wait for the end of the one that the task is about",
			"every main container is waited for to complete: ecs needs one whose end is the task's end")
	case len(essential) > 1 && w.Kind != plan.Service:
		c.unsupported(w.container(essential[1]), containerDocs,
			"make the other a sidecar, let one wait for the other with dependsOn completed, or make two jobs of them",
			"ecs ends a %s with the first of its main containers to end: %q would end %q", w.Kind, essential[0], essential[1])
	}
}

// dependencies: HEALTHY waits for the container's own health check, which only an exec
// check becomes (API reference, ContainerDependency). START and SUCCESS need nothing:
// a container that another waits for to complete is made inessential.
func dependencies(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for other, condition := range plan.Sorted(container.DependsOn) {
			target, ok := w.Containers[other]
			if !ok || condition != "healthy" {
				continue
			}
			if field, _ := ownCheck(&target); field == "" && !w.lacksCheck(&target) {
				c.report(diag.MissingField, w.container(cname, "dependsOn", other), api+"API_ContainerDependency.html",
					"give "+other+" a health or ready check with exec",
					"ecs cannot wait for %q to be healthy: it has no exec check", other)
			}
		}
	}
}
