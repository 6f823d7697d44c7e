package nomad

import (
	"net/url"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// eachCheck yields the checks of a workload's containers with their paths, except those of a
// service's init containers, which checkRoles reports.
func eachCheck(w *workload, visit func(check *plan.Check, path diag.Path)) {
	for name, container := range plan.Sorted(w.Containers) {
		if endsUnchecked(w, container) {
			continue
		}
		for field, check := range container.Checks() {
			visit(check, w.AtContainer(name, field))
		}
	}
}

// endsUnchecked reports whether a container ends before its copy counts as healthy.
func endsUnchecked(w *workload, container plan.Container) bool {
	return !w.Kind.Ends() && container.Role == plan.Init
}

// checkRoles: a copy is healthy once every check of its group passes, including those of tasks
// that have ended (client/allochealth.Tracker).
func checkRoles(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if !endsUnchecked(w, container) {
			continue
		}
		for field := range container.Checks() {
			d := c.Errorf(diag.Unsupported, w.AtContainer(name, field), "container %q ends before its check could pass, and its copy never becomes healthy", name)
			d.Help = "leave the check out: an init container that fails is tried again"
			d.Docs = docs + "update#health_check"
		}
	}
}

// checkTimings: interval and timeout are at least a second
// (structs.ServiceCheck.validateCommon).
func checkTimings(c *check, w *workload) {
	eachCheck(w, func(check *plan.Check, path diag.Path) {
		for field, n := range plan.Sorted(map[string]int64{"interval": check.IntervalSeconds, "timeout": check.TimeoutSeconds}) {
			if n < minCheckSeconds {
				d := c.Errorf(diag.OutOfBounds, path.To(field), "the least %s that nomad takes is 1s", field)
				d.Docs = docs + "check#" + field
			}
		}
	})
}

// checkKinds: structs.ServiceCheck.validateNomad and validateConsul.
func checkKinds(c *check, w *workload) {
	eachCheck(w, func(check *plan.Check, path diag.Path) {
		if how := check.How(); !c.takes(check) {
			d := c.Errorf(diag.Unsupported, path.To(how), "nomad has no %s check with the nomad service provider", how)
			d.Help = `set extensions.nomad.serviceProvider to "consul", or use a tcp or http check`
			d.Docs = docs + "check#type"
		}
	})
}

// takes reports whether the service provider supports a check.
func (c *check) takes(check *plan.Check) bool {
	return check.HTTP != nil || check.TCP != nil || c.Ext.ServiceProvider == "consul"
}

// checkPaths: the path is resolved as a reference, so two slashes lead to another host
// (structs.ServiceCheck.validateCommon; client/serviceregistration/checks; and
// createCheckReg in command/agent/consul/service_client.go).
func checkPaths(c *check, w *workload) {
	eachCheck(w, func(check *plan.Check, path diag.Path) {
		if check.HTTP == nil {
			return
		}
		u, err := url.Parse(check.HTTP.Path)
		if err == nil && u.Host == "" {
			return
		}
		d := c.Errorf(diag.BadFormat, path.To("http", "path"), "nomad cannot ask for the path %q", check.HTTP.Path)
		d.Help = "start it with one slash, and escape it as in a URL"
		d.Docs = docs + "check#path"
	})
}

// readiness: Nomad's catalog ignores checks, which count in rollouts only; Consul's omits
// copies whose checks fail, with a threshold that a script check does not accept
// (structs.ServiceCheck.validateConsul).
func readiness(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		check := container.Ready
		if check == nil || !c.takes(check) || endsUnchecked(w, container) {
			continue
		}
		path := w.AtContainer(name, "ready")
		switch {
		case c.Ext.ServiceProvider != "consul":
			d := c.Approximate("ready", path, "a copy that is not ready stays in nomad's catalog, where others find it")
			d.Help = `set extensions.nomad.serviceProvider to "consul", whose catalog leaves it out`
			d.Docs = "https://developer.hashicorp.com/nomad/docs/networking/service-discovery"
		case check.Exec != nil && check.Retries > 1:
			d := c.Notef("ready", path, "an exec check that fails once, not %d times, takes the copy out of consul's catalog", check.Retries)
			d.Docs = docs + "check#failures_before_critical"
		}
	}
}

// startup: the nearest is the time after a start for which check_restart ignores failures.
func startup(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		check := container.Startup
		if check == nil || !c.takes(check) || endsUnchecked(w, container) {
			continue
		}
		path := w.AtContainer(name, "startup")
		if container.Health == nil {
			d := c.Approximate("startup", path, "nomad has no startup check: container %q is checked like this as long as it runs", name)
			d.Help = "call it health, and give the time that the start takes as its startDelay"
			d.Docs = docs + "check_restart"
			continue
		}
		d := c.Approximate("startup", path, "nomad has no startup check: instead, failures of health do not count for at least the first %s", grace(container))
		d.Docs = docs + "check_restart#grace"
	}
}

// groupChecks: Nomad reaches a port that is not exposed only through the group's own address, which only a service of
// the group asks. A check of such a service that fails restarts all tasks that run, and it counts from the start of
// the copy (client/allocrunner/group_service_hook.go, allocRunner.restartTasks; checked 2026-11-28).
func groupChecks(c *check, w *workload) {
	if w.Windows() {
		return
	}
	running, first := 0, ""
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role != plan.Init {
			running++
		} else if first == "" {
			first = name
		}
	}
	for name, container := range plan.Sorted(w.Containers) {
		field, check := restartCheck(container)
		if check == nil || container.Role == plan.Init {
			continue
		}
		if _, hidden := hiddenPort(container, check); !hidden {
			continue
		}
		var d *diag.Diagnostic
		switch {
		case running > 1:
			d = c.Approximate("health", w.AtContainer(name, field), "its port is not exposed, so a check that fails restarts the whole copy, and not container %q alone", name)
		case first != "":
			d = c.Approximate("health", w.AtContainer(name, field), "its port is not exposed, so the check counts from the start of the copy, and container %q is started again where it takes longer", first)
		default:
			continue
		}
		d.Help = `declare the port, and let its expose be "internal"`
		d.Docs = docs + "check_restart"
	}
}

// restartCheck returns the check whose failures restart a container, with its field, or nil.
func restartCheck(container plan.Container) (string, *plan.Check) {
	if container.Health != nil {
		return "health", container.Health
	}
	return "startup", container.Startup
}

// redirects: both catalogs follow a redirect and check the target. Nomad's accepts any status
// below 400
// (checkHTTP in client/serviceregistration/checks/client.go), Consul's only 2xx (CheckHTTP in agent/checks/check.go
// of github.com/hashicorp/consul, and
// https://developer.hashicorp.com/consul/docs/register/health-check/vm#http-checks; checked 2026-11-28).
func redirects(c *check, w *workload) {
	eachCheck(w, func(check *plan.Check, path diag.Path) {
		if check.HTTP == nil {
			return
		}
		takes := "an answer below 400"
		if c.Ext.ServiceProvider == "consul" {
			takes = "an answer of 2xx"
		}
		d := c.Notef(diag.Concept(path[len(path)-1]), path.To("http"), "%s follows a redirect, and takes %s from where it leads", c.Ext.ServiceProvider, takes)
		d.Help = "check a path that answers by itself"
		d.Docs = docs + "check#type"
	})
}

// grace returns the time after a start in which failures of a container's health check do not
// count.
func grace(container plan.Container) seconds {
	var s int64
	if container.Health != nil {
		s = container.Health.StartDelaySeconds
	}
	if up := container.Startup; up != nil {
		s = max(s, up.StartDelaySeconds+up.IntervalSeconds*int64(up.Retries))
	}
	return seconds(s)
}
