package compose

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func schedule(c *check, w *workload) {
	if w.Kind == plan.Cron {
		d := c.Errorf(diag.Unsupported, w.At("kind"), "compose starts nothing on a schedule")
		d.Help = `use kind "job", and have the machine's own cron start it`
		d.Docs = docs + "services/"
	}
}

func restartPolicy(c *check, w *workload) {
	path := w.At("restart")
	var d *diag.Diagnostic
	switch {
	case w.Restart.Policy != plan.RestartAlways:
		return
	case w.Kind.Ends():
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

func timeout(c *check, w *workload) {
	if w.TimeoutSeconds > 0 {
		d := c.Approximate("timeout", w.At("timeout"), "compose does not end a job that runs too long")
		d.Help = "list timeout in the workload's accept"
	}
}

// restart returns the policy of a container, in Compose's words. An init container that
// succeeded is not started again, whatever the policy of its workload.
func (w *workload) restart(c plan.Container) string {
	policy, attempts := w.Restart.Policy, w.Restart.Attempts
	switch {
	case policy == plan.RestartNever, attempts != nil && *attempts == 0 && policy == plan.RestartOnFailure:
		return "no" // Docker reads a count of 0 as no limit
	case policy == plan.RestartAlways && c.Role != plan.Init:
		return "always"
	}
	return onFailure(attempts)
}

// ends reports whether a container can complete: it is not started again after success.
func (w *workload) ends(c plan.Container) bool { return w.restart(c) != "always" }

func companions(c *check, w *workload) {
	if w.Kind != plan.Job {
		return
	}
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Sidecar {
			d := c.Approximate("restart", w.AtContainer(name, "role"), "compose leaves sidecar %q running when the job's main containers have ended", name)
			d.Help = "stop it with docker compose down"
		}
	}
	if w.sharesNetwork() {
		c.Notef("restart", w.At("containers"), "the container that holds the job's network runs until docker compose down")
	}
}

// sharesNetwork reports whether containers run side by side. Init containers run before any
// other, and separately.
func (w *workload) sharesNetwork() bool {
	running := 0
	for _, c := range w.Containers {
		if c.Role != plan.Init {
			running++
		}
	}
	return running > 1
}

// single returns why only one copy of a workload can run, empty if any number can.
func (w *workload) single() string {
	switch {
	case w.sharesNetwork():
		return "containers can share the network of one copy only" // docker/compose, resolveSharedNamespaces in pkg/compose/convergence.go
	case len(w.published()) > 0:
		return "a port of the machine is published by one copy only"
	}
	for _, v := range w.Volumes {
		if v.Shared == "" {
			return "copies would share its volumes"
		}
	}
	return ""
}

// copies returns the number of copies.
func (w *workload) copies() int {
	if w.single() != "" {
		return min(w.Replicas, 1)
	}
	return w.Replicas
}

func copies(c *check, w *workload) {
	if w.copies() == w.Replicas || w.Autoscale != nil {
		return
	}
	d := c.Approximate("replicas", w.At("replicas"), "compose runs one copy of workload %q: %s", w.Name, w.single())
	d.Help = "list replicas in the workload's accept"
}

func autoscale(c *check, w *workload) {
	if w.Autoscale == nil {
		return
	}
	n, noun := w.copies(), "copies"
	if n == 1 {
		noun = "copy"
	}
	d := c.Approximate("autoscale", w.At("autoscale"), "compose does not scale: it runs %d %s", n, noun)
	d.Help = "list autoscale in the workload's accept"
}

func rollout(c *check, w *workload) {
	if w.Rollout == nil {
		return
	}
	d := c.Approximate("rollout", w.At("rollout"), "compose ends a container before it starts the new one, and goes back to none")
	d.Help = "list rollout in the workload's accept"
}

func placement(c *check, w *workload) {
	if w.Placement == nil {
		return
	}
	path := w.At("placement")
	if w.Windows() {
		d := c.Errorf(diag.Unsupported, path.To("os"), "compose runs linux containers here: those of windows share no network")
		d.Help = "leave os out, or compile for a platform with windows machines"
	}
	if w.Placement.Spread {
		d := c.Approximate("placement", path.To("spread"), "compose runs all copies on one machine")
		d.Help = "leave spread out, or list placement in the workload's accept"
	}
}

// runRows are the rows of what runs, how often and when.
var runRows = provider.Table{
	{Field: "workloads", Level: exact, How: "services called WORKLOAD.CONTAINER, which the project's network knows as WORKLOAD", Effect: replacement, Source: "docker/compose, ServiceHash in pkg/compose/hash.go: a container is made again where the hash of its service differs"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "services that are restarted"},
	{Field: "workloads.kind", When: "daemon", Level: exact, How: "a service: there is one machine"},
	{Field: "workloads.kind", When: "job", Level: approximated, How: "services that end, of the profile jobs: they run when they are asked to", Instead: "run it with docker compose --profile jobs up WORKLOAD.CONTAINER, and list restart in the workload's accept"},
	{Field: "workloads.kind", When: "cron", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.schedule", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.timezone", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.concurrency", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and have the machine's own cron start it"},
	{Field: "workloads.timeout", Level: approximated, How: "a job runs until it ends", Instead: "list timeout in the workload's accept", Effect: none},
	{Field: "workloads.replicas", When: "with one container, no published port and no volume", Level: exact, How: "`deploy.replicas`", Effect: inPlace, Source: "not in ServiceHash"},
	{Field: "workloads.replicas", Level: approximated, How: "one copy, since others would share its network, port or volume", Instead: "list replicas in the workload's accept"},
	{Field: "workloads.autoscale", Level: approximated, How: "as many copies as start", Instead: "list autoscale in the workload's accept", Effect: inPlace},
	{Field: "workloads.accept", Effect: none},
}

// updateRows are the rows of how a workload is updated, restarted and stopped.
var updateRows = provider.Table{
	{Field: "workloads.rollout", Level: approximated, How: "a container ends before its new one starts", Instead: "list rollout in the workload's accept", Effect: none},
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "`restart` always; on-failure of its init containers"},
	{Field: "workloads.restart", When: "on-failure", Level: exact, How: "`restart` on-failure"},
	{Field: "workloads.restart", When: "never", Level: exact, How: "`restart` no"},
	{Field: "workloads.restart", When: "always, of a job", Level: unsupported, How: "it would be started again after it succeeded too", Instead: "use on-failure or never, or kind service"},
	{Field: "workloads.restart.attempts", When: "on-failure", Level: exact, How: "the count of on-failure"},
	{Field: "workloads.restart.attempts", When: "always", Level: approximated, How: "containers are started again without limit", Instead: "leave it out, or let the policy be on-failure"},
	{Field: "workloads.stopGrace", Level: exact, How: "`stop_grace_period`"},
}

// placementRows are the rows of where copies run.
var placementRows = provider.Table{
	{Field: "workloads.placement.arch", Level: exact, How: "`platform`"},
	{Field: "workloads.placement.os", When: "linux", Level: exact, How: "what runs there anyway"},
	{Field: "workloads.placement.os", When: "windows", Level: unsupported, How: "containers of windows share no network", Instead: "leave it out, or compile for another platform"},
	{Field: "workloads.placement.spread", Level: approximated, How: "all copies are on one machine", Instead: "leave it out, or list placement in the workload's accept", Effect: none},
}
