package nomad

import "github.com/cuecompute/cuecompute/pkg/provider"

// clockRule: Nomad looks for the next run by the wall clock of the zone (PeriodicConfig.Next in nomad/structs/structs.go,
// by github.com/hashicorp/cronexpr v1.1.3; tried with Europe/Berlin and America/New_York, and as
// https://developer.hashicorp.com/nomad/docs/job-specification/periodic#daylight-saving-time says). Checked 2026-11-28.
var clockRule = provider.ClockRule{
	Platform: "nomad",
	Skipped:  "leaves %s out",
	Repeated: "starts %s twice",
	Docs:     docs + "periodic#daylight-saving-time",
}

func clocks(c *check, w *workload) { clockRule.Check(&c.List, &w.Workload, w.At("timezone")) }
