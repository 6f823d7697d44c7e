package kubernetes

import "github.com/cuecompute/cuecompute/pkg/provider"

// clockRule: the CronJob controller (pkg/controller/cronjob) reads schedules with
// github.com/robfig/cron v3.0.1, whose doc.go says that a time which the clocks skip is not
// run, and whose spec_test.go has a nightly job that "runs twice" as they go back. Checked 2026-11-29.
var clockRule = provider.ClockRule{
	Platform: name,
	Skipped:  "leaves %s out",
	Repeated: "starts %s twice",
	Docs:     "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones",
}

func clocks(c *check, w *workload) { clockRule.Check(&c.List, &w.Workload, w.At("timezone")) }

// scheduleRows are the rows of when a cron runs.
var scheduleRows = provider.Table{
	{Field: "workloads.schedule", Level: exact, How: "`schedule`", Effect: inPlace, Source: "the CronJob, for its next run"},
	{Field: "workloads.timezone", Level: exact, How: "`timeZone`", Effect: inPlace, Source: "the CronJob, for its next run"},
	{Field: "workloads.timezone", When: "whose clocks skip or repeat the schedule's time of day", Level: approximated, How: "a run that is skipped is left out, one that is repeated starts twice", Instead: "choose another time, or UTC"},
	{Field: "workloads.concurrency", Level: exact, How: "`concurrencyPolicy`", Effect: inPlace, Source: "the CronJob, for its next run"},
}
