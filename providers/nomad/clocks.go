package nomad

import (
	"strings"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// clockChanges: a run at an hour that clocks skip is left out, and one at an hour that they repeat comes twice
// (PeriodicConfig.Next in api/jobs.go, by github.com/hashicorp/cronexpr; tried, and
// https://developer.hashicorp.com/nomad/docs/job-specification/periodic#daylight-saving-time; checked 2026-11-28).
// Schedules of every hour are left alone.
func clockChanges(c *check, w workload) {
	fields := strings.Fields(w.Schedule)
	if w.Kind != plan.Cron || len(fields) != len(cronSteps) || strings.HasPrefix(fields[1], "*") {
		return
	}
	zone, err := time.LoadLocation(w.Timezone)
	if err != nil {
		return
	}
	skipped, repeated := changedRuns(w.Schedule, zone)
	what := ""
	switch {
	case skipped && repeated:
		what = "leaves out a run at an hour that the clocks of %s skip, and runs twice at an hour that they repeat"
	case skipped:
		what = "leaves out a run at an hour that the clocks of %s skip"
	case repeated:
		what = "runs twice at an hour that the clocks of %s repeat"
	default:
		return
	}
	d := c.Approximate("timezone", w.path.To("schedule"), "nomad "+what, w.Timezone)
	d.Help = "choose an hour that is there once every day, or a timezone such as UTC"
	d.Docs = docs + "periodic#daylight-saving-time"
}

// The years whose changes of clocks are looked at: enough for the days on which clocks change to fall on each day of the
// month that they may. They are fixed, so that a spec is judged alike every day.
const firstYear, lastYear = 2026, 2038

// changedRuns reports whether a schedule has runs at times that the clocks of a zone skip, or repeat.
func changedRuns(schedule string, zone *time.Location) (skipped, repeated bool) {
	end := time.Date(lastYear, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC); ; {
		_, change := at.In(zone).ZoneBounds()
		if change.IsZero() || change.After(end) {
			return skipped, repeated
		}
		_, before := change.Add(-time.Second).In(zone).Zone()
		_, after := change.In(zone).Zone()
		switch {
		case after > before:
			skipped = skipped || runsWithin(schedule, change, before, after-before)
		case after < before:
			repeated = repeated || runsWithin(schedule, change, after, before-after)
		}
		at = change
	}
}

// runsWithin reports whether a schedule has a run within some seconds of a time, by a clock that is so many seconds
// from UTC and does not change.
func runsWithin(schedule string, from time.Time, offset, length int) bool {
	from = from.In(time.FixedZone("", offset))
	periodic := api.PeriodicConfig{Spec: &schedule, SpecType: new(api.PeriodicSpecCron)}
	next, err := periodic.Next(from.Add(-time.Second))
	return err == nil && !next.IsZero() && next.Before(from.Add(time.Duration(length)*time.Second))
}
