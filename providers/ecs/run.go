package ecs

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// restarts: the service scheduler starts a task again however it ended. A task of its
// own is started once. A restart policy would start its containers again in place, but for
// ever, for it counts no attempts, and only those that have run for a minute (developer
// guide, "Amazon ECS services" and "Restart individual containers in Amazon ECS tasks
// with container restart policies"): that is restart always, and no way to end well.
func restarts(c *check, w *workload) {
	const page = docs + "container-restart-policy.html"
	policy, attempts := w.Restart.Policy, w.Restart.Attempts
	switch {
	case w.Kind == plan.Service && policy != plan.RestartAlways:
		c.unsupported(w.at("restart"), docs+"ecs_services.html", `leave it out, or use kind "job"`,
			"an ecs service always starts its tasks again, so restart cannot be %q", policy)
	case policy == plan.RestartNever || attempts != nil && *attempts == 0 && w.Kind != plan.Service:
	case attempts != nil && policy == plan.RestartAlways:
		c.approximate("restart", w.at("restart", "attempts"), page, "", "ecs counts no attempts: it starts a container again as often as it ends")
	case w.Kind == plan.Service:
	case policy == plan.RestartAlways:
		c.Notef("restart", w.at("restart"), "ecs restarts a container that has run for a minute; one that ends sooner ends the task")
	case w.Wrote("restart"):
		at := w.at("restart")
		if attempts != nil {
			at = at.To("attempts")
		}
		c.approximate("restart", at, page, "let the process try again itself, or start the task from AWS Step Functions, which retries",
			"ecs does not retry a %s: a task that fails is not started again", w.Kind)
	default:
		c.Notef("restart", w.at("restart"), "ecs does not retry a %s: a task that fails is not started again", w.Kind)
	}
}

// copies: RunTask and a schedule start at most ten tasks (API reference, RunTask:
// count; EventBridge Scheduler API reference, EcsParameters: TaskCount). A service's
// quota of tasks can be raised.
func copies(c *check, w *workload) {
	if w.Kind != plan.Service && w.Replicas > maxStarted {
		c.report(diag.OutOfBounds, w.at("replicas"), runTaskDocs, "make several workloads of it", "ecs starts at most %d tasks of a %s at once, not %d", maxStarted, w.Kind, w.Replicas)
	}
}

// autoscale: the cpu use that is tracked is in percent of what the task definition asks
// for (developer guide, "Amazon ECS service utilization metrics"), which on Fargate is
// the task's size, and may be more than what its containers ask for.
func autoscale(c *check, w *workload) {
	task, fits := c.task(w)
	if w.Autoscale == nil || !fits {
		return
	}
	asked := need(w.Containers).cpu
	switch at := w.at("autoscale", "cpu"); {
	case task.cpu == 0 && asked == 0:
		c.approximate("autoscale", at, docs+"service_utilization.html", "state the containers' cpu", "no container asks for cpu, and ecs has nothing to measure its use against")
	case task.cpu != 0 && task.cpu != asked:
		c.Notef("autoscale", at, "ecs measures the use against the task's %d cpu units, not the %d that its containers ask for", task.cpu, asked)
	}
}

// schedule: EventBridge Scheduler has cron expressions of its own, any time zone, and
// starts a task whether or not the last one still runs (EventBridge Scheduler user
// guide, "Schedule types").
func schedule(c *check, w *workload) {
	const page = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
	if w.Kind != plan.Cron {
		return
	}
	if _, err := scheduleExpression(w.Schedule); err != nil {
		c.unsupported(w.at("schedule"), page, "make two workloads of it, or restrict one of the two days", "EventBridge Scheduler has no expression for %q: %v", w.Schedule, err)
	}
	if len(w.Timezone) > maxTimezone {
		c.report(diag.OutOfBounds, w.at("timezone"), page, "", "a schedule's time zone has at most %d characters", maxTimezone)
	}
	switch w.Concurrency {
	case "replace":
		c.unsupported(w.at("concurrency"), page, `use "allow"`, "EventBridge Scheduler cannot end the last run when the next is due")
	case "forbid":
		both := ""
		if vname := w.writesTo(); vname != "" {
			both = fmt.Sprintf(": both would write to volume %q", vname)
		}
		c.approximate("concurrency", w.at("concurrency"), page, `write concurrency: allow, and let a process look whether another one runs`,
			"EventBridge Scheduler starts a run even if the last one has not ended%s", both)
	}
}

// startRetries: where a task cannot be started, EventBridge Scheduler tries again, for a day
// and then no more, unless it is told otherwise (EventBridge Scheduler API reference,
// RetryPolicy, DeadLetterConfig). Only a schedule has either.
func startRetries(c *check, w *workload) {
	const page = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html"
	if w.Kind != plan.Cron {
		for _, f := range []struct {
			field string
			set   bool
		}{{"retryPolicy", w.ext.RetryPolicy != nil}, {"deadLetterArn", w.ext.DeadLetterArn != ""}} {
			if f.set {
				c.report(diag.Conflict, w.extAt(f.field), page, "", "only a cron workload has a %s, not a %s", f.field, w.Kind)
			}
		}
		return
	}
	if w.ext.RetryPolicy == nil && w.ext.DeadLetterArn == "" {
		d := c.Notef("restart", w.extAt("retryPolicy"), "EventBridge Scheduler retries a run that cannot be started %d times within %d hours, and then drops it",
			defaultStartRetries, defaultStartAge/3600)
		d.Help = "set extensions.ecs.retryPolicy to limit how late a run may start, and deadLetterArn to an Amazon SQS queue for the runs that were dropped"
		d.Docs = page
	}
}

// stopGrace: stopTimeout is 2 to 120 s on Fargate; on EC2 the agent takes 0 for its
// own default (API reference, ContainerDefinition: stopTimeout; amazon-ecs-agent,
// DockerTaskEngine.stopContainer).
func stopGrace(c *check, w *workload) {
	switch s := w.StopGraceSeconds; {
	case c.fargate() && (s < minStopSeconds || s > maxStopSeconds):
		c.report(diag.OutOfBounds, w.at("stopGrace"), containerDocs, "", "fargate takes a stopGrace from %ds to %ds, not %ds", minStopSeconds, maxStopSeconds, s)
	case !c.fargate() && (s < 1 || s > maxInteger):
		c.report(diag.OutOfBounds, w.at("stopGrace"), containerDocs, "", "ecs takes a stopGrace from 1s to %ds, not %ds", maxInteger, s)
	}
}

// stopSignals: the task definition has none; the container gets the image's own (API
// reference, StopTask).
func stopSignals(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if container.StopSignal != "" {
			c.unsupported(w.container(cname, "stopSignal"), api+"API_StopTask.html",
				fmt.Sprintf("leave it out, and build the image with STOPSIGNAL %s", container.StopSignal), "ecs stops a container with its image's own signal")
		}
	}
}
