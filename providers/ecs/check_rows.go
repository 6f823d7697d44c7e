package ecs

import "github.com/cuecompute/cuecompute/pkg/provider"

// The rows of checks.

var healthRows = provider.Table{
	{Field: "workloads.containers.health", Level: exact, How: "`healthCheck`: a service replaces the task"},
	{Field: "workloads.containers.health", When: "in a job or cron, or of a container whose end is not the task's", Level: approximated, How: "the task runs on when it is unhealthy", Instead: "use ready, if it is there for dependsOn"},
}

var readyRows = provider.Table{
	{Field: "workloads.containers.ready", When: "in a job or cron", Level: exact, How: "`healthCheck`, for dependsOn"},
	{Field: "workloads.containers.ready", When: "in a service, or with another timing than health", Level: approximated, How: "`healthCheck`: a task that is not ready is replaced"},
	{Field: "workloads.containers.ready", When: "with another command than health", Level: unsupported, How: "a container has one check", Instead: "use the same command for both, or check a port that is in a target group"},
}

var startupRows = provider.Table{
	{Field: "workloads.containers.startup", When: "in a job or cron, without another check", Level: exact, How: "`healthCheck`, for dependsOn"},
	{Field: "workloads.containers.startup", When: "beside another check of the same command", Level: approximated, How: "`healthCheck.startPeriod`: the time in which failures do not count"},
	{Field: "workloads.containers.startup", When: "in a service, without another check", Level: approximated, How: "`healthCheck`, which goes on after the start"},
	{Field: "workloads.containers.startup", When: "with another command than health or ready", Level: unsupported, How: "a container has one check", Instead: "use the same command for both"},
}

// checkRows is of what the three checks have in common.
func checkRows(check string) provider.Table {
	field := "workloads.containers." + check
	var rows provider.Table
	for _, how := range []string{"http", "tcp", "grpc"} {
		group := "the target group's own check decides, and it makes one: ready's, or else health's"
		if check == "startup" {
			group = "its time is `healthCheckGracePeriodSeconds`; then the target group's own check decides"
		}
		rows = append(rows,
			provider.Row{Field: field + "." + how, When: "of a port in a target group", Level: approximated, How: group, Instead: "set the check on the target group"},
			provider.Row{Field: field + "." + how, Level: unsupported, How: "a container's check is a command", Instead: "use exec with a command that asks for it, or set targetGroups for the port"})
	}
	return append(rows,
		provider.Row{Field: field + ".exec", Level: exact, How: "`healthCheck.command` with CMD, which no shell reads"},
		provider.Row{Field: field + ".interval", Level: exact, How: "`healthCheck.interval`"},
		provider.Row{Field: field + ".timeout", Level: exact, How: "`healthCheck.timeout`"},
		provider.Row{Field: field + ".retries", Level: exact, How: "`healthCheck.retries`"},
		provider.Row{Field: field + ".startDelay", Level: approximated, How: "`healthCheck.startPeriod`: checks run from the start, and do not count until then"})
}
