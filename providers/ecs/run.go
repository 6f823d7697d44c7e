package ecs

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func restarts(c *check, w *workload) {
	const page = docs + "container-restart-policy.html"
	policy, attempts := w.Restart.Policy, w.Restart.Attempts
	switch {
	case !w.Kind.Ends() && policy != plan.RestartAlways:
		c.unsupported(w.At("restart"), docs+"ecs_services.html", `leave it out, or use kind "job"`,
			"an ecs service always starts its tasks again, so restart cannot be %q", policy)
	case policy == plan.RestartNever || attempts != nil && *attempts == 0 && w.Kind.Ends():
	case attempts != nil && policy == plan.RestartAlways:
		c.approximate("restart", w.At("restart", "attempts"), page, "", "ecs counts no attempts: it starts a container again as often as it ends")
	case !w.Kind.Ends():
	case policy == plan.RestartAlways:
		c.Notef("restart", w.At("restart"), "ecs restarts a container that has run for a minute; one that ends sooner ends the task")
	case w.Wrote("restart"):
		at := w.At("restart")
		if attempts != nil {
			at = at.To("attempts")
		}
		c.approximate("restart", at, page, "let the process try again itself, or start the task from AWS Step Functions, which retries",
			"ecs does not retry a %s: a task that fails is not started again", w.Kind)
	default:
		c.Notef("restart", w.At("restart"), "ecs does not retry a %s: a task that fails is not started again", w.Kind)
	}
}

func copies(c *check, w *workload) {
	if w.Kind.Ends() && w.Replicas > maxStarted {
		c.report(diag.OutOfBounds, w.At("replicas"), runTaskDocs, "make several workloads of it", "ecs starts at most %d tasks of a %s at once, not %d", maxStarted, w.Kind, w.Replicas)
	}
}

func autoscale(c *check, w *workload) {
	task, fits := c.task(w)
	if w.Autoscale == nil || !fits {
		return
	}
	asked := need(w.Containers).cpu
	memory := need(w.Containers).memoryMiB
	if w.Autoscale.MemoryPercent > 0 {
		at := w.At("autoscale", "memory")
		switch {
		case task.memoryMiB == 0 && memory == 0:
			c.approximate("autoscale", at, docs+"service_utilization.html", "state the containers' memory", "no container states memory, and ecs has nothing to measure its use against")
		case task.memoryMiB != 0 && task.memoryMiB != memory:
			c.Notef("autoscale", at, "ecs measures the use against the task's %d MiB, not the %d that its containers ask for", task.memoryMiB, memory)
		}
	}
	if w.Autoscale.CPUPercent == 0 {
		return
	}
	switch at := w.At("autoscale", "cpu"); {
	case task.cpu == 0 && asked == 0:
		c.approximate("autoscale", at, docs+"service_utilization.html", "state the containers' cpu", "no container asks for cpu, and ecs has nothing to measure its use against")
	case task.cpu != 0 && task.cpu != asked:
		c.Notef("autoscale", at, "ecs measures the use against the task's %d cpu units, not the %d that its containers ask for", task.cpu, asked)
	}
}

func schedule(c *check, w *workload) {
	const page = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
	if w.Kind != plan.Cron {
		return
	}
	if _, err := scheduleExpression(w.Schedule); err != nil {
		c.unsupported(w.At("schedule"), page, "make two workloads of it, or restrict one of the two days", "EventBridge Scheduler has no expression for %q: %v", w.Schedule, err)
	}
	if len(w.Timezone) > maxTimezone {
		c.report(diag.OutOfBounds, w.At("timezone"), page, "", "a schedule's time zone has at most %d characters", maxTimezone)
	}
	switch w.Concurrency {
	case "replace":
		c.unsupported(w.At("concurrency"), page, `use "allow"`, "EventBridge Scheduler cannot end the last run when the next is due")
	case "forbid":
		both := ""
		if vname := w.writesTo(); vname != "" {
			both = fmt.Sprintf(": both would write to volume %q", vname)
		}
		c.approximate("concurrency", w.At("concurrency"), page, `write concurrency: allow, and let a process look whether another one runs`,
			"EventBridge Scheduler starts a run even if the last one has not ended%s", both)
	}
}

func daemons(c *check, w *workload) {
	if w.Kind != plan.Daemon {
		return
	}
	if c.fargate() {
		c.unsupported(w.At("kind"), api+"API_CreateService.html", `set extensions.ecs.launchType to "EC2", or use kind "service"`, "fargate has no machines for a daemon to run on")
	}
	if len(w.Ext.PlacementStrategy) > 0 {
		c.report(diag.Conflict, w.AtExtension("placementStrategy"), api+"API_CreateService.html", "leave it out, or say by placementConstraints which instances it runs on", "ecs places one task of a daemon on each instance, by no strategy")
	}
}

func composedSecrets(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for env, value := range plan.Sorted(container.Env) {
			for name, s := range plan.Sorted(value.Values) {
				if s.Secret != "" {
					c.unsupported(w.AtContainer(cname, "env", env, "values", name), sensitiveDocs, "keep the whole text in the store, or compose it in the process", "ecs puts a secret into a variable of its own, and not into the text of %s", env)
				}
			}
		}
	}
}

func timeout(c *check, w *workload) {
	if w.TimeoutSeconds > 0 {
		c.unsupported(w.At("timeout"), runTaskDocs, "let the process end itself, such as by timeout of coreutils before its command", "ecs does not end a %s that runs too long", w.Kind)
	}
}

func startRetries(c *check, w *workload) {
	const page = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html"
	if w.Kind != plan.Cron {
		for _, f := range []struct {
			field string
			set   bool
		}{{"retryPolicy", w.Ext.RetryPolicy != nil}, {"deadLetterArn", w.Ext.DeadLetterArn != ""}} {
			if f.set {
				c.report(diag.Conflict, w.AtExtension(f.field), page, "", "only a cron workload has a %s, not a %s", f.field, w.Kind)
			}
		}
		return
	}
	if w.Ext.RetryPolicy == nil && w.Ext.DeadLetterArn == "" {
		d := c.Notef("restart", w.AtExtension("retryPolicy"), "EventBridge Scheduler retries a run that cannot be started %d times within %d hours, and then drops it",
			defaultStartRetries, defaultStartAge/3600)
		d.Help = "set extensions.ecs.retryPolicy to limit how late a run may start, and deadLetterArn to an Amazon SQS queue for the runs that were dropped"
		d.Docs = page
	}
}

func stopGrace(c *check, w *workload) {
	switch s := w.StopGraceSeconds; {
	case c.fargate() && (s < minStopSeconds || s > maxStopSeconds):
		c.report(diag.OutOfBounds, w.At("stopGrace"), containerDocs, "", "fargate takes a stopGrace from %ds to %ds, not %ds", minStopSeconds, maxStopSeconds, s)
	case !c.fargate() && (s < 1 || s > maxInteger):
		c.report(diag.OutOfBounds, w.At("stopGrace"), containerDocs, "", "ecs takes a stopGrace from 1s to %ds, not %ds", maxInteger, s)
	}
}

func stopSignals(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if container.StopSignal != "" {
			c.unsupported(w.AtContainer(cname, "stopSignal"), api+"API_StopTask.html",
				fmt.Sprintf("leave it out, and build the image with STOPSIGNAL %s", container.StopSignal), "ecs stops a container with its image's own signal")
		}
	}
}

// scaleRows are the rows of the number of tasks.
var scaleRows = provider.Table{
	{Field: "workloads.replicas", Level: exact, How: "`desiredCount`, RunTask's `count`, the schedule's `TaskCount`", Effect: inService, Source: "desiredCount, TaskCount"},
	{Field: "workloads.autoscale", Level: exact, How: "a scalable target and a target tracking policy", Effect: inService, Source: "the scalable target"},
	{Field: "workloads.autoscale.min", Level: exact, How: "`MinCapacity`"},
	{Field: "workloads.autoscale.max", Level: exact, How: "`MaxCapacity`"},
	{Field: "workloads.autoscale.cpu", Level: exact, How: "`ECSServiceAverageCPUUtilization`, in percent of the task's cpu units"},
	{Field: "workloads.autoscale.memory", Level: exact, How: "`ECSServiceAverageMemoryUtilization`, in percent of the task's memory"},
	{Field: "workloads.autoscale.memory", When: "where the task has more memory than its containers ask for", Level: approximated, How: "the use is measured against the task", Instead: "let the containers ask for a whole size of Fargate's"},
	{Field: "workloads.autoscale.cpu", When: "where the task has more cpu units than its containers ask for", Level: approximated, How: "the use is measured against the task", Instead: "let the containers ask for a whole size of Fargate's"},
}

// timeoutRows are the rows of how long a run may take.
var timeoutRows = provider.Table{
	{Field: "workloads.timeout", Level: unsupported, How: "a task runs until it ends", Instead: "let the process end itself"},
}

// restartRows are the rows of what happens when a container ends, or is ended.
var restartRows = provider.Table{
	{Field: "workloads.restart", When: "always, of a service", Level: exact, How: "the service starts its tasks again"},
	{Field: "workloads.restart", When: "another policy, of a service", Level: unsupported, How: "a service always starts its tasks again", Instead: "leave it out, or use kind job"},
	{Field: "workloads.restart", When: "never, of a job or cron", Level: exact, How: "a task is started once"},
	{Field: "workloads.restart", When: "on-failure, of a job or cron", Level: approximated, How: "a task is started once, and not again when it fails", Instead: "let the process try again itself, or start the task from AWS Step Functions"},
	{Field: "workloads.restart", When: "always, of a job or cron", Level: approximated, How: "`restartPolicy`: a container that has run for a minute is started again"},
	{Field: "workloads.restart.attempts", Level: approximated, How: "attempts are not counted"},
	{Field: "workloads.stopGrace", Level: exact, How: "`stopTimeout`"},
}
