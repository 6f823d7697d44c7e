package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// essential reports whether the container's end is the task's end: every main that no other
// container waits for to complete, and a service's sidecars, because the service then restarts
// them with their task. A sidecar of a job must not end it.
func (w *workload) essential(cname string) bool {
	switch role := w.Containers[cname].Role; {
	case role == plan.Init, role == plan.Sidecar && w.Kind.Ends():
		return false
	}
	for _, other := range w.Containers {
		if other.DependsOn[cname] == "completed" {
			return false
		}
	}
	return true
}

func endings(c *check, w *workload) {
	var essential []string
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Main && w.essential(cname) {
			essential = append(essential, cname)
		}
	}
	switch {
	case len(essential) == 0:
		c.report(diag.Conflict, w.At("containers"), containerDocs, "let no container wait for the end of the one that the task is about",
			"every main container is waited for to complete: ecs needs one whose end is the task's end")
	case len(essential) > 1 && w.Kind.Ends():
		c.unsupported(w.AtContainer(essential[1]), containerDocs,
			"make the other a sidecar, let one wait for the other with dependsOn completed, or make two jobs of them",
			"ecs ends a %s with the first of its main containers to end: %q would end %q", w.Kind, essential[0], essential[1])
	}
}

func dependencies(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for other, condition := range plan.Sorted(container.DependsOn) {
			target, ok := w.Containers[other]
			if !ok || condition != "healthy" {
				continue
			}
			if field, _ := ownCheck(&target); field == "" && !w.lacksCheck(&target) {
				c.report(diag.MissingField, w.AtContainer(cname, "dependsOn", other), api+"API_ContainerDependency.html",
					"give "+other+" a health or ready check with exec",
					"ecs cannot wait for %q to be healthy: it has no exec check", other)
			}
		}
	}
}

// orderRows are the rows of the order of start.
var orderRows = provider.Table{
	{Field: "workloads.containers.dependsOn", When: "started", Level: exact, How: "`dependsOn` with START"},
	{Field: "workloads.containers.dependsOn", When: "healthy", Level: exact, How: "`dependsOn` with HEALTHY"},
	{Field: "workloads.containers.dependsOn", When: "completed", Level: exact, How: "`dependsOn` with SUCCESS"},
}
