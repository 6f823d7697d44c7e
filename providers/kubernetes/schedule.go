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

func clocks(c *check, w *workload) { clockRule.Check(&c.List, &w.Workload, w.at("timezone")) }
