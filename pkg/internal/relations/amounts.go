package relations

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// autoscaleOrReplicas: only one field sets the number of copies.
func autoscaleOrReplicas(w *workload) {
	if w.Autoscale != nil && w.wrote("replicas") {
		d := w.diags.Errorf(diag.Conflict, w.at("replicas"), "replicas and autoscale both set the number of copies")
		d.Help = "keep one of them: autoscale starts with its min"
		w.relate(d, w.at("autoscale"), "autoscale is set here")
	}
}

// daemonCopies: the number of machines determines the number of a daemon's copies, and each
// copy has its own data.
func daemonCopies(w *workload) {
	if w.Kind != plan.Daemon {
		return
	}
	if w.wrote("replicas") {
		d := w.diags.Errorf(diag.Conflict, w.at("replicas"), "a daemon has one copy on every machine, whatever replicas says")
		d.Help = "leave replicas out"
	}
	if p := w.Placement; p != nil && p.Spread {
		d := w.diags.Errorf(diag.Conflict, w.at("placement", "spread"), "a daemon has one copy on every machine, and no two to keep apart")
		d.Help = "leave spread out"
	}
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Persistent != nil {
			d := w.diags.Errorf(diag.Conflict, w.at("volumes", name, "persistent"), "a daemon has no persistent volumes: its copies come and go with machines")
			d.Help = `use an ephemeral volume, or kind "service"`
		}
	}
}

func autoscaleBounds(w *workload) {
	if a := w.Autoscale; a != nil && a.Min > a.Max {
		w.diags.Errorf(diag.Conflict, w.at("autoscale", "min"), "min is %d, more than max %d", a.Min, a.Max)
	}
}

// rolloutProgress: an update needs a copy that may be missing or one that may be extra.
// Otherwise Kubernetes refuses it (ValidateDeploymentSpec of pkg/apis/apps/validation), and ECS
// would wait for ever (API reference, DeploymentConfiguration).
func rolloutProgress(w *workload) {
	r := w.Rollout
	if r == nil || !isZero(r.MaxUnavailable) || !isZero(r.MaxSurge) {
		return
	}
	d := w.diags.Errorf(diag.Conflict, w.at("rollout", "maxUnavailable"), "maxUnavailable and maxSurge are both 0, so no copy can be replaced")
	d.Help = "let one copy be missing, or one more run"
	w.relate(d, w.at("rollout", "maxSurge"), "maxSurge is set here")
}

func isZero(n *plan.Count) bool { return n != nil && n.N == 0 }

// noAttempts: a restart policy of "never" allows no attempts.
func noAttempts(w *workload) {
	r := w.Restart
	if r.Policy != plan.RestartNever || r.Attempts == nil || *r.Attempts == 0 {
		return
	}
	d := w.diags.Errorf(diag.Conflict, w.at("restart", "attempts"), "attempts is %d, and the policy %q allows none", *r.Attempts, r.Policy)
	d.Help = `set policy to "on-failure", or leave attempts out`
	w.relate(d, w.at("restart", "policy"), "the policy is set here")
}

// limitsAboveRequests: a container's maximum is at least its request.
func limitsAboveRequests(c *container) {
	r := c.Resources
	if r.CPUMaxMillis > 0 && r.CPUMillis > r.CPUMaxMillis {
		c.diags.Errorf(diag.Conflict, c.at("resources", "cpuMax"), "cpuMax is %dm, less than cpu %dm", r.CPUMaxMillis, r.CPUMillis)
	}
	if r.MemoryMaxMiB > 0 && r.MemoryMiB > r.MemoryMaxMiB {
		c.diags.Errorf(diag.Conflict, c.at("resources", "memoryMax"), "memoryMax is %dMi, less than memory %dMi", r.MemoryMaxMiB, r.MemoryMiB)
	}
}

// appProtocols: the application protocol fits the port.
func appProtocols(w *workload) {
	for name, c := range plan.Sorted(w.Containers) {
		for pname, p := range plan.Sorted(c.Ports) {
			at := w.at("containers", name, "ports", pname, "app")
			switch {
			case p.App == "":
			case p.Protocol == "udp":
				w.diags.Errorf(diag.Conflict, at, "port %q is udp, and %s is spoken over tcp", pname, p.App)
			case p.Expose == "none":
				d := w.diags.Errorf(diag.Conflict, at, "port %q is not exposed, so nothing speaks %s to it", pname, p.App)
				d.Help = "leave app out"
			}
		}
	}
}

// uniquePorts: containers share a network, so a port's name, and its number with its protocol,
// are unique in a workload.
func uniquePorts(w *workload) {
	type place struct {
		container, port string
	}
	type number struct {
		port     int
		protocol string
	}
	byName, byNumber := map[string]place{}, map[number]place{}
	for cname, c := range plan.Sorted(w.Containers) {
		for name, p := range plan.Sorted(c.Ports) {
			here, number := place{cname, name}, number{p.Number, p.Protocol}
			if first, ok := byName[name]; ok {
				at := w.at("containers", cname, "ports", name)
				w.reportTaken(at, fmt.Sprintf("port %q is already a port of container %q", name, first.container), first.container, first.port)
			} else if first, ok := byNumber[number]; ok {
				at := w.at("containers", cname, "ports", name)
				w.reportTaken(at, fmt.Sprintf("port %d/%s is already %q of container %q", p.Number, p.Protocol, first.port, first.container), first.container, first.port)
			}
			byName[name], byNumber[number] = here, here
		}
	}
}

func (w *workload) reportTaken(at diag.Path, msg, container, port string) {
	d := w.diags.Errorf(diag.Duplicate, at, "%s", msg)
	d.Help = "containers of a workload share one network"
	w.relate(d, w.at("containers", container, "ports", port), "taken here")
}
