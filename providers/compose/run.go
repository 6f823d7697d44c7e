package compose

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// schedule: docker compose starts nothing on a schedule (compose-spec, 05-services.md,
// has no field for one).
func schedule(c *check, w workload) {
	if w.Kind == plan.Cron {
		d := c.Errorf(diag.Unsupported, w.path.To("kind"), "compose starts nothing on a schedule")
		d.Help = `use kind "job", and have the machine's own cron start it`
		d.Docs = docs + "services/"
	}
}

// restartPolicy: a policy of always knows no count, and no success
// (compose-spec, 05-services.md, restart).
func restartPolicy(c *check, w workload) {
	path := w.path.To("restart")
	var d *diag.Diagnostic
	switch {
	case w.Restart.Policy != plan.RestartAlways:
		return
	case w.Kind != plan.Service:
		d = c.Errorf(diag.Unsupported, path, "compose would start a job again for ever, after it succeeded too")
		d.Help = `use "on-failure" or "never", or kind "service"`
	case w.Restart.Attempts != nil:
		d = c.Approximate("restart", path.To("attempts"), "compose starts a container again without limit")
		d.Help = `leave attempts out, or let the policy be "on-failure"`
	default:
		return
	}
	d.Docs = docs + "services/#restart"
}

// restart is the policy of a container, in Compose's words. An init container that
// succeeded is done, whatever the policy of its workload.
func (w workload) restart(c plan.Container) string {
	policy, attempts := w.Restart.Policy, w.Restart.Attempts
	switch {
	case policy == plan.RestartNever, attempts != nil && *attempts == 0 && policy == plan.RestartOnFailure:
		return "no" // a count of 0 is none to Docker: it would go on for ever
	case policy == plan.RestartAlways && c.Role != plan.Init:
		return "always"
	}
	return onFailure(attempts)
}

// ends reports whether a container can complete: it is not started again when it succeeds.
func (w workload) ends(c plan.Container) bool { return w.restart(c) != "always" }

// companions: nothing ends when something else does (docker/compose, pkg/compose/start.go).
func companions(c *check, w workload) {
	if w.Kind != plan.Job {
		return
	}
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Sidecar {
			d := c.Approximate("restart", w.container(name).To("role"), "compose leaves sidecar %q running when the job's main containers have ended", name)
			d.Help = "stop it with docker compose down"
		}
	}
	if w.sharesNetwork() {
		c.Notef("restart", w.path.To("containers"), "the container that holds the job's network runs until docker compose down")
	}
}

// sharesNetwork reports whether containers run side by side. Init containers run before
// any other, and one after another or by themselves.
func (w workload) sharesNetwork() bool {
	running := 0
	for _, c := range w.Containers {
		if c.Role != plan.Init {
			running++
		}
	}
	return running > 1
}

// single is why only one copy of a workload can run; empty where any number can.
func (w workload) single() string {
	switch {
	case w.sharesNetwork():
		return "containers can share the network of one copy only" // docker/compose, resolveSharedNamespaces in pkg/compose/convergence.go
	case len(w.published()) > 0:
		return "a port of the machine is published by one copy only"
	case len(w.Volumes) > 0:
		return "copies would share its volumes"
	}
	return ""
}

// copies is how many copies run.
func (w workload) copies() int {
	if w.single() != "" {
		return min(w.Replicas, 1)
	}
	return w.Replicas
}

func copies(c *check, w workload) {
	if w.copies() == w.Replicas || w.Autoscale != nil {
		return
	}
	d := c.Approximate("replicas", w.path.To("replicas"), "compose runs one copy of workload %q: %s", w.name, w.single())
	d.Help = "list replicas in the workload's accept"
}

// autoscale: a Compose file states a number (compose-spec, deploy.md, replicas).
func autoscale(c *check, w workload) {
	if w.Autoscale == nil {
		return
	}
	n, noun := w.copies(), "copies"
	if n == 1 {
		noun = "copy"
	}
	d := c.Approximate("autoscale", w.path.To("autoscale"), "compose does not scale: it runs %d %s", n, noun)
	d.Help = "list autoscale in the workload's accept"
}

// rollout: a container is removed, and then recreated (docker/compose,
// pkg/compose/reconcile.go; deploy.update_config is read by Swarm alone).
func rollout(c *check, w workload) {
	if w.Rollout == nil {
		return
	}
	d := c.Approximate("rollout", w.path.To("rollout"), "compose ends a container before it starts the new one, and goes back to none")
	d.Help = "list rollout in the workload's accept"
}

// placement: all that runs is on one machine, and on Linux.
func placement(c *check, w workload) {
	if w.Placement == nil {
		return
	}
	path := w.path.To("placement")
	if w.Windows() {
		d := c.Errorf(diag.Unsupported, path.To("os"), "compose runs linux containers here: those of windows share no network")
		d.Help = "leave os out, or compile for a platform with windows machines"
	}
	if w.Placement.Spread {
		d := c.Approximate("placement", path.To("spread"), "compose runs all copies on one machine")
		d.Help = "leave spread out, or list placement in the workload's accept"
	}
}
