package nomad

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// restart is a restart block: after Attempts within Interval, the task waits for the
// next interval (mode delay) or its copy counts as failed (mode fail).
type restart struct {
	Attempts        int
	Interval, Delay seconds
	Mode            string
}

// restartOf returns the restart block of a workload's group.
func restartOf(w plan.Workload, pace restartPace) restart {
	r := restart{Interval: 24 * 3600, Delay: 15, Mode: "fail"}
	if pace.Delay != nil {
		r.Delay = *pace.Delay
	}
	switch {
	case w.Restart.Policy == plan.RestartNever:
	case w.Restart.Attempts != nil:
		r.Attempts = *w.Restart.Attempts
	case !w.Kind.Ends() && pace.Mode == "fail":
		r.Attempts, r.Interval = serviceAttempts, serviceInterval
	case !w.Kind.Ends():
		// one attempt in each interval, for ever
		r = restart{Attempts: 1, Interval: max(r.Delay, minRestartInterval), Delay: r.Delay, Mode: "delay"}
	default:
		r.Attempts = 3
	}
	switch {
	case pace.Interval != nil:
		r.Interval = *pace.Interval
	case r.Delay > 0 && int64(r.Attempts) > int64(longestDuration/r.Delay):
		r.Interval = longestDuration
	default:
		r.Interval = max(r.Interval, seconds(r.Attempts)*r.Delay)
	}
	return r
}

// restartPolicy: batch tasks are never restarted after success, service tasks always
// (client/allocrunner/taskrunner/restarts.NewRestartTracker); a task that may not be restarted
// fails its copy, whatever its exit code. Bounds: structs.RestartPolicy.Validate.
func restartPolicy(c *check, w *workload) {
	path := w.At("restart")
	switch {
	case w.Kind.Ends() && w.Restart.Policy == plan.RestartAlways:
		d := c.Errorf(diag.Unsupported, path, "a nomad batch job does not start a container again after success")
		d.Help = `use "on-failure", or the kind service`
		d.Docs = docs + "restart"
	case !w.Kind.Ends() && w.Restart.Policy == plan.RestartOnFailure:
		d := c.Approximate("restart", path, "a nomad service starts a container again after success too")
		d.Docs = docs + "restart"
	case !w.Kind.Ends() && w.Restart.Policy == plan.RestartNever && len(w.Containers) > 1:
		d := c.Approximate("restart", path, "on nomad a container that ends stops the others of its copy")
		d.Docs = docs + "restart"
	}

	r := restartOf(w.Workload, w.Ext.Restart)
	if w.Ext.Restart.Mode == "delay" && r.Mode != "delay" {
		d := c.Errorf(diag.Conflict, w.AtExtension("restart", "mode"), "in mode delay a copy never fails, but this one fails after %d attempts", r.Attempts)
		d.Help = "leave mode out, or leave out the attempts of a service"
		d.Docs = docs + "restart#mode"
	}
	switch {
	case r.Interval < minRestartInterval:
		d := c.Errorf(diag.OutOfBounds, w.AtExtension("restart", "interval"), "nomad counts attempts in an interval of %s at least, not %s", minRestartInterval, r.Interval)
		d.Docs = docs + "restart#interval"
	case r.Delay > 0 && int64(r.Attempts) > int64(r.Interval/r.Delay):
		at := path.To("attempts")
		if w.Ext.Restart.Interval != nil {
			at = w.AtExtension("restart", "interval")
		}
		d := c.Errorf(diag.Conflict, at, "%d attempts, %s apart, do not fit in an interval of %s", r.Attempts, r.Delay, r.Interval)
		d.Help = "shorten the delay, or allow fewer attempts"
		d.Docs = docs + "restart#interval"
	}
}

// restartRows are the rows of what happens when a container ends.
var restartRows = provider.Table{
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "a `restart` block of mode delay, without end; mode fail of the extension moves a copy to another machine"},
	{Field: "workloads.restart", When: "always, of a job or cron", Level: unsupported, How: "a container that succeeded is not started again", Instead: "use on-failure, or kind service"},
	{Field: "workloads.restart", When: "on-failure, of a service", Level: approximated, How: "a container is started again after success too", Instead: "use always, or kind job"},
	{Field: "workloads.restart", When: "on-failure, of a job or cron", Level: exact, How: "a `restart` block of mode fail; nothing is tried again on another machine"},
	{Field: "workloads.restart", When: "never", Level: exact, How: "no attempts, here or on another machine"},
	{Field: "workloads.restart", When: "never, of a service with several containers", Level: approximated, How: "a container that ends stops the others of its copy", Instead: "make each a workload of its own"},
	{Field: "workloads.restart.attempts", Level: exact, How: "`attempts`, after which the copy has failed; that of a service is replaced"},
}
