package kubernetes

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	started   = "started"
	healthy   = "healthy"
	completed = "completed"
)

const sidecarDocs = "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/"

func dependencies(c *check, w *workload) {
	for n, ctr := range w.all {
		for on, condition := range plan.Sorted(ctr.DependsOn) {
			if _, ok := w.Containers[on]; ok {
				dependency(c, w, n, on, condition)
			}
		}
	}
	if ownContainer(c, w) {
		sequences(c, w)
	}
}

// ownContainer: a pod has a container of its own, whose end is the job's (validateContainers of
// pkg/apis/core/validation). If sidecars wait for every main container of a job to complete,
// there is none; it returns false then.
func ownContainer(c *check, w *workload) bool {
	for n := range w.all {
		if w.stage(n) == mainStage || !w.Kind.Ends() {
			return true
		}
	}
	for n, ctr := range w.all {
		for on, condition := range plan.Sorted(ctr.DependsOn) {
			if ctr.Role == plan.Sidecar && condition == completed && w.Containers[on].Role == plan.Main {
				d := c.Errorf(diag.Conflict, w.At("containers", n, "dependsOn", on), "sidecar %q ends with the main containers, and would start when every one has completed", n)
				d.Help = "give " + quote(n) + " the role main, or leave the dependency out"
				d.Docs = sidecarDocs
				return false
			}
		}
	}
	return true
}

// dependency is one edge of the order: container n waits for another.
func dependency(c *check, w *workload, n, on, condition string) {
	at := w.At("containers", n, "dependsOn", on)
	switch {
	case condition == completed && w.stage(on) != initStage:
		d := c.Errorf(diag.Unsupported, at, "kubernetes starts %q again whenever it ends, so it is never completed", on)
		d.Help = "give " + quote(on) + " the role init, or wait until it is started or healthy"
		d.Docs = sidecarDocs

	case w.stage(on) == mainStage && w.stage(n) != mainStage:
		d := c.Errorf(diag.Unsupported, at, "kubernetes starts %q before the main containers of a %s, and cannot make it wait for %q", n, w.Kind, on)
		d.Help = "let " + quote(on) + " wait for " + quote(n) + " instead, or leave the dependency out"
		d.Docs = sidecarDocs

	case w.stage(on) == mainStage && condition == healthy:
		d := c.Errorf(diag.Unsupported, at, "the main containers of a %s start without waiting for one another to be healthy", w.Kind)
		d.Help = "make " + quote(on) + " a sidecar: it starts first, and ends with the main containers"
		d.Docs = sidecarDocs

	case w.stage(on) == mainStage:
		// SyncPod of pkg/kubelet/kuberuntime starts them in their order, whether the one
		// before could be started or not.
		d := c.Approximate("dependsOn", at, "kubernetes starts %q after %q, even if that failed to start", n, on)
		d.Help = "make " + quote(on) + " a sidecar: it starts first, and ends with the main containers"
		d.Docs = sidecarDocs

	case condition == healthy && w.stage(on) == initStage:
		d := c.Errorf(diag.Unsupported, at, "%q is an init container, which is never healthy: it ends", on)
		d.Help = "wait until it is completed"
		d.Docs = sidecarDocs

	case condition == healthy && gate(w.Containers[on]) == nil:
		d := c.Errorf(diag.MissingField, at, "container %q has no check that says when it is healthy", on)
		d.Help = "give it a startup, health or ready check, or wait until it is started"
		d.Docs = sidecarDocs
	}
}

// sequences reports main containers of a job that run one after another, because others wait
// for one to complete: that one is an init container then, and containers that would run beside
// it run after it.
func sequences(c *check, w *workload) {
	for n, ctr := range w.all {
		if ctr.Role != plan.Main || w.stage(n) != initStage {
			continue
		}
		before, after := reach(waitsFor(w.Workload), n), reach(waiters(w.Workload), n)
		var beside []string
		for m, other := range w.all {
			if m != n && other.Role == plan.Main && !after[m] && !before[m] {
				beside = append(beside, quote(m))
			}
		}
		if len(beside) > 0 {
			d := c.Approximate("dependsOn", w.At("containers", n), "kubernetes runs %q by itself and not beside %s, since others wait for its end", n, strings.Join(beside, ", "))
			d.Help = "give " + quote(n) + " the role init, or make " + beside[0] + " wait for it"
		}
	}
}

func quote(n string) string { return `"` + n + `"` }

// orderRows are the rows of the order of start.
var orderRows = provider.Table{
	{Field: "workloads.containers.dependsOn", When: "started or healthy, in a service or of a sidecar", Level: exact, How: "a restartable init container, whose startup probe is the gate"},
	{Field: "workloads.containers.dependsOn", When: "completed, of an init container, or of a main in a job or cron", Level: exact, How: "an init container"},
	{Field: "workloads.containers.dependsOn", When: "started, among the mains of a job or cron", Level: approximated, How: "started one after another, even if the first failed to start", Instead: "make the first a sidecar"},
	{Field: "workloads.containers.dependsOn", When: "healthy, among the mains of a job or cron", Level: unsupported, How: "they start without waiting for one another", Instead: "make the first a sidecar"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what runs on", Level: unsupported, How: "it is started again whenever it ends", Instead: "give it the role init, or wait until it is started or healthy"},
	{Field: "workloads.containers.dependsOn", When: "healthy, of an init container", Level: unsupported, How: "it ends, and is never healthy", Instead: "wait until it is completed"},
	{Field: "workloads.containers.dependsOn", When: "of a sidecar on a main, in a job or cron", Level: unsupported, How: "sidecars start before the mains", Instead: "let the main wait for the sidecar"},
}
