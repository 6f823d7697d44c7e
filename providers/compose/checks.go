package compose

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// A container has one health check, a command, on which others may wait; it has no other effect
// (compose-spec, 05-services.md, healthcheck; moby/moby, daemon/health.go).

// checkOrder is the order in which a container's checks are considered for its health check:
// the first that is a command.
var checkOrder = []string{"startup", "ready", "health"}

// healthCheck returns the check that Docker runs, and its field, nil if there is none.
func healthCheck(c plan.Container) (field string, check *plan.Check) {
	for _, field := range checkOrder {
		if check := c.Check(field); check != nil && check.Exec != nil {
			return field, check
		}
	}
	return "", nil
}

func checks(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		run, _ := healthCheck(container)
		for field, check := range container.Checks() {
			concept := diag.Concept(field)
			path := w.AtContainer(name, field)
			help := "list " + field + " in the workload's accept"
			var d *diag.Diagnostic
			switch how := check.How(); {
			case how != "exec":
				d = c.Approximate(concept, path.To(how), "compose has no %s check: nothing asks container %q", how, name)
				help = "use an exec check, or " + help
			case field != run:
				d = c.Approximate(concept, path, "compose asks container %q only whether it is %s", name, meaning[run])
			case field == "health":
				d = c.Approximate(concept, path, "compose says that container %q is unhealthy, and does not restart it", name)
			case field == "ready":
				d = c.Approximate(concept, path, "a copy that is not ready stays where other workloads find it")
			default:
				continue
			}
			d.Help = help
			d.Docs = docs + "services/#healthcheck"
		}
	}
}

// meaning is what a check tests.
var meaning = map[string]string{"startup": "up", "ready": "ready", "health": "alive"}

func timings(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		field, check := healthCheck(container)
		if check == nil {
			continue
		}
		for timing, n := range plan.Sorted(map[string]int64{"interval": check.IntervalSeconds, "timeout": check.TimeoutSeconds}) {
			if n < 1 {
				d := c.Errorf(diag.OutOfBounds, w.AtContainer(name, field, timing), "the least %s that compose takes is 1s", timing)
				d.Docs = docs + "services/#healthcheck"
			}
		}
	}
}

func dependencies(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		for on, condition := range plan.Sorted(container.DependsOn) {
			dep, ok := w.Containers[on]
			if !ok {
				continue
			}
			path := w.AtContainer(name, "dependsOn", on)
			_, check := healthCheck(dep)
			var d *diag.Diagnostic
			switch {
			case condition == "healthy" && check == nil:
				d = c.Errorf(diag.Unsupported, path, "compose cannot tell whether container %q is healthy: it has no exec check", on)
				d.Help = "give " + on + ` an exec check, or wait until it is "started"`
			case condition == "healthy" && dep.Role == plan.Init:
				d = c.Errorf(diag.Unsupported, path, "init container %q ends, and compose takes it for unhealthy then", on)
				d.Help = `wait until it is "completed"`
			case condition == "completed" && !w.ends(dep):
				d = c.Errorf(diag.Unsupported, path, "compose starts container %q again whenever it ends, so it is never completed", on)
				d.Help = "give " + on + " the role init, or wait until it is started"
			case condition == "healthy":
				wait := max(check.StartDelaySeconds, healthyWaitSeconds) + int64(check.Retries)*check.IntervalSeconds
				d = c.Notef("dependsOn", path, "docker compose up gives up where container %q is not healthy within %d seconds", on, wait)
				d.Help = "start it again then"
			default:
				continue
			}
			d.Docs = docs + "services/#depends_on"
		}
	}
}

// awaited reports whether another container waits until a container is healthy.
func (w *workload) awaited(name string) bool {
	for _, c := range w.Containers {
		if c.DependsOn[name] == "healthy" {
			return true
		}
	}
	return false
}

// conditions are Compose's words for the states of a container.
var conditions = map[string]string{
	"started":   "service_started",
	"healthy":   "service_healthy",
	"completed": "service_completed_successfully",
}

// waits returns the state that each of a container's dependencies must have reached: a main
// container also waits for the end of all init containers.
func (w *workload) waits(c plan.Container) map[string]string {
	waits := map[string]string{}
	for name, condition := range c.DependsOn {
		waits[name] = conditions[condition]
	}
	for name, other := range w.Containers {
		if c.Role == plan.Main && other.Role == plan.Init {
			waits[name] = conditions["completed"]
		}
	}
	return waits
}

// orderRows are the rows of the order of start.
var orderRows = provider.Table{
	{Field: "workloads.containers.dependsOn", When: "started", Level: exact, How: "`depends_on` with service_started", Effect: inPlace, Source: "not in ServiceHash: it counts at the next start"},
	{Field: "workloads.containers.dependsOn", When: "healthy, of one with an exec check", Level: approximated, How: "`depends_on` with service_healthy; docker compose up gives up after 300 seconds and the check's retries", Instead: "start it again then"},
	{Field: "workloads.containers.dependsOn", When: "healthy, of one without or of an init container", Level: unsupported, How: "nothing tells that it is healthy", Instead: "give it an exec check, or wait for something else"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what ends", Level: exact, How: "`depends_on` with service_completed_successfully"},
	{Field: "workloads.containers.dependsOn", When: "completed, of what runs on", Level: unsupported, How: "it is started again whenever it ends", Instead: "give it the role init"},
}

var healthRows = provider.Row{Level: approximated, How: "`healthcheck`; a container that is unhealthy is not restarted", Instead: "list health in the workload's accept"}

var readyRows = provider.Row{Level: approximated, How: "`healthcheck`; a copy that is not ready stays where others find it", Instead: "list ready in the workload's accept"}

var startupRows = provider.Row{Level: exact, How: "`healthcheck`"}

// checkRows is what becomes of a check by a command, which of is about, and of others.
func checkRows(name string, of provider.Row) provider.Table {
	field := "workloads.containers." + name
	of.Field, of.When = field, "by a command"
	accept := "use an exec check, or list " + name + " in the workload's accept"
	rows := provider.Table{of}
	if name != checkOrder[0] {
		rows = append(rows, provider.Row{Field: field, When: "by a command, beside another that is", Level: approximated,
			How: "a container is asked in one way: for startup, else ready, else health", Instead: "list " + name + " in the workload's accept"})
	}
	for _, how := range []string{"http", "tcp", "grpc"} {
		rows = append(rows, provider.Row{Field: field + "." + how, Level: approximated, How: "nothing asks", Instead: accept})
	}
	return append(rows,
		provider.Row{Field: field + ".exec", Level: exact, How: "`test`"},
		provider.Row{Field: field + ".interval", Level: exact, How: "`interval`"},
		provider.Row{Field: field + ".timeout", Level: exact, How: "`timeout`"},
		provider.Row{Field: field + ".retries", Level: exact, How: "`retries`"},
		provider.Row{Field: field + ".startDelay", Level: exact, How: "`start_period`"})
}
