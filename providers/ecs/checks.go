package ecs

import (
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

const checkDocs = api + "API_HealthCheck.html"

// ownCheck returns the check that becomes the container's health check: the first one with a
// command, because ECS runs nothing else in a container. The field is empty if there is none.
func ownCheck(container *plan.Container) (field string, check *plan.Check) {
	for field, check := range container.Checks() {
		if check.Exec != nil {
			return field, check
		}
	}
	return "", nil
}

// behind reports whether the check's port is in a target group, whose own health check then
// decides. Only a service can be behind a load balancer.
func (w *workload) behind(container *plan.Container, check *plan.Check) bool {
	ref, asks := check.Port()
	number, known := container.PortNumber(ref)
	if !asks || !known || w.Kind.Ends() {
		return false
	}
	for pname, p := range container.Ports {
		if p.Number == number && len(w.Ext.TargetGroups[pname]) > 0 {
			return true
		}
	}
	return false
}

// lacksCheck reports whether the rule of checks refuses one of the container's already.
func (w *workload) lacksCheck(container *plan.Container) bool {
	for _, check := range container.Checks() {
		if check.Exec == nil && !w.behind(container, check) {
			return true
		}
	}
	return false
}

func checks(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		own, first := ownCheck(&container)
		for field, check := range container.Checks() {
			path := w.AtContainer(cname, field)
			switch {
			case check.Exec == nil:
				c.networkCheck(w, &container, field, check, path)
			case field == own:
				c.checkTiming(check, path)
				c.ownCheckMeaning(w, cname, field, path)
			case !slices.Equal(check.Exec.Command, first.Exec.Command):
				c.unsupported(path, checkDocs, "use the same command for both, or check a port that is in a target group",
					"ecs runs one check in a container, and %s is it already", own)
			case field == "startup":
				c.startPeriod(check, first, path)
			case timing(check) != timing(first):
				c.approximate(diag.Concept(field), path, checkDocs, "", "ecs runs %s and %s as one check, with the timing of %s", own, field, own)
			}
		}
	}
}

// networkCheck is a check over HTTP, TCP or gRPC, which only a load balancer makes. A target
// group makes one check: the ready check, because a task that fails it gets no traffic.
func (c *check) networkCheck(w *workload, container *plan.Container, field string, check *plan.Check, path diag.Path) {
	how, page := check.How(), docs+"service-load-balancing.html"
	if !w.behind(container, check) {
		c.unsupported(path.To(how), checkDocs, "use exec with a command that asks for it, or set targetGroups for the port",
			"ecs makes no %s check in a container", how)
		return
	}
	lead, made := groupCheck(container, check)
	switch {
	case field == lead:
		c.approximate(diag.Concept(field), path.To(how), page, "set the target group's health check to "+asked(container, check),
			"the port's target group decides, by its own health check: a task that fails it is replaced")
	case field == "startup":
		c.Notef("startup", path.To(how), "ecs gives a task the time of this check to start, then uses the target group's check")
	case asked(container, check) == asked(container, made):
		c.approximate(diag.Concept(field), path.To(how), page, "", "the port's target group makes one check for %s and %s: a task that fails it is replaced", lead, field)
	default:
		c.approximate(diag.Concept(field), path.To(how), page, "use exec with a command that asks for it",
			"the port's target group makes one check, the %s check: nothing checks %s", lead, asked(container, check))
	}
}

// groupCheck is the check of a port that the port's target group should make.
func groupCheck(container *plan.Container, check *plan.Check) (field string, lead *plan.Check) {
	number := func(check *plan.Check) int {
		if check == nil || check.Exec != nil {
			return 0
		}
		ref, _ := check.Port()
		n, _ := container.PortNumber(ref)
		return n
	}
	for _, f := range []struct {
		field string
		check *plan.Check
	}{{"ready", container.Ready}, {"health", container.Health}, {"startup", container.Startup}} {
		if n := number(f.check); n != 0 && n == number(check) {
			return f.field, f.check
		}
	}
	return "", nil
}

// asked describes a check in the terms of a target group's settings.
func asked(container *plan.Container, check *plan.Check) string {
	ref, _ := check.Port()
	number, _ := container.PortNumber(ref)
	switch {
	case check.HTTP != nil:
		return fmt.Sprintf("HTTP %s on port %d", check.HTTP.Path, number)
	case check.GRPC != nil:
		return fmt.Sprintf("gRPC on port %d", number)
	}
	return fmt.Sprintf("TCP on port %d", number)
}

// graceSeconds is how long ECS ignores a new task's failed health checks: as stated, or, where
// a load balancer checks it, as long as the slowest of its containers' own checks lets it
// start (API reference, CreateService: healthCheckGracePeriodSeconds, whose default of 0 has
// a slow starter killed before it is up). 0 is none.
func (w *workload) graceSeconds() int64 {
	if w.Ext.GracePeriodSeconds != nil {
		return int64(*w.Ext.GracePeriodSeconds)
	}
	if w.Kind.Ends() || len(w.Ext.TargetGroups) == 0 {
		return 0
	}
	var seconds int64
	for _, container := range w.Containers {
		for _, check := range container.Checks() {
			seconds = max(seconds, startSeconds(check))
		}
	}
	return min(seconds, maxInteger)
}

func gracePeriod(c *check, w *workload) {
	if w.Ext.GracePeriodSeconds != nil || w.Kind.Ends() || len(w.Ext.TargetGroups) == 0 {
		return
	}
	if seconds := w.graceSeconds(); seconds > 0 {
		c.Notef("health", w.AtExtension("healthCheckGracePeriodSeconds"), "ecs ignores failed health checks of a new task for %ds, the time that its checks allow for the start", seconds)
		return
	}
	d := c.Notef("health", w.AtExtension("healthCheckGracePeriodSeconds"), "the load balancer's checks count from the start of a task: one that starts slowly is killed")
	d.Help = "state a startup or ready check, or set healthCheckGracePeriodSeconds to the seconds that a start may take"
}

// ownCheckMeaning reports a container's health check whose failure has another effect than the
// field means.
func (c *check) ownCheckMeaning(w *workload, cname, field string, path diag.Path) {
	const page = docs + "healthcheck.html"
	switch {
	case field == "health" && w.Kind.Ends():
		c.approximate("health", path, page, "use ready, if it is there for dependsOn", "ecs lets a %s run on when it is unhealthy", w.Kind)
	case !w.essential(cname) && !w.Kind.Ends() && !w.essentialChecked():
		c.report(diag.Conflict, path, page, "give a main container an exec check, or leave this one out",
			"no container whose end is the task's end has a check, so ecs would never call the service healthy")
	case field == "health" && !w.essential(cname):
		c.approximate("health", path, page, "", "ecs does nothing when %q is unhealthy: the task runs on without it", cname)
	case w.Kind.Ends():
	case field == "ready":
		c.approximate("ready", path, page, "", "ecs replaces a task that is not ready, rather than keep traffic from it")
	case field == "startup":
		c.approximate("startup", path, page, "", "ecs goes on with the check after the start, and replaces a task that fails it")
	}
}

// essentialChecked reports whether the health of a container counts for the task's.
func (w *workload) essentialChecked() bool {
	for cname, container := range w.Containers {
		if field, _ := ownCheck(&container); field != "" && w.essential(cname) {
			return true
		}
	}
	return false
}

// checkTiming: the bounds of a health check (API reference, HealthCheck). The start
// period is a time of grace: checks run from the start, and do not count until then.
func (c *check) checkTiming(check *plan.Check, path diag.Path) {
	for _, v := range []struct {
		field string
		value int64
		unit  string
	}{
		{"interval", check.IntervalSeconds, "s"},
		{"timeout", check.TimeoutSeconds, "s"},
		{"retries", int64(check.Retries), ""},
		{"startDelay", check.StartDelaySeconds, "s"},
	} {
		if b := checkBounds[v.field]; v.value < b.minimum || v.value > b.largest {
			c.report(diag.OutOfBounds, path.To(v.field), checkDocs, "", "ecs takes a check's %s from %d%s to %d%s, not %d%s",
				v.field, b.minimum, v.unit, b.largest, v.unit, v.value, v.unit)
		}
	}
	if check.StartDelaySeconds > 0 && check.StartDelaySeconds <= maxStartPeriod {
		c.Notef(diag.Concept(path[len(path)-1]), path.To("startDelay"), "ecs checks from the start, and lets failures pass for %ds", check.StartDelaySeconds)
	}
}

// startPeriod: a startup check with the command of the container's health check is its
// start period, as long as the startup check could fail.
func (c *check) startPeriod(startup, own *plan.Check, path diag.Path) {
	seconds := startSeconds(startup)
	if seconds > maxStartPeriod {
		c.report(diag.OutOfBounds, path, checkDocs, "lower its interval or retries", "ecs gives a container at most %ds to start, not %ds", maxStartPeriod, seconds)
		return
	}
	c.Notef("startup", path, "ecs gives the container %ds to start, then counts failures as usual", seconds)
}

// startSeconds returns how long a check may fail before the container counts as failed.
func startSeconds(check *plan.Check) int64 {
	return check.StartDelaySeconds + check.IntervalSeconds*int64(check.Retries)
}

// timing is the schedule of a check.
func timing(check *plan.Check) [4]int64 {
	return [4]int64{check.IntervalSeconds, check.TimeoutSeconds, int64(check.Retries), check.StartDelaySeconds}
}
