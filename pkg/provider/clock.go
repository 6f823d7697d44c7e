package provider

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // time zones are available on any machine

	"github.com/robfig/cron/v3"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// ClockRule describes a platform's behaviour for a cron run whose time of day does not exist,
// or occurs twice, on the day on which the clocks of its time zone change.
type ClockRule struct {
	Platform string // as in messages: kubernetes

	// Skipped and Repeated are the behaviour when the clocks go forward and back, with %s for
	// the run: "leaves %s out", "starts %s twice". Empty if the run starts once.
	Skipped, Repeated string

	Docs string // the platform's page about it
}

// Check reports a workload's schedule that is affected by a change of the clocks: a warning if
// the schedule has no other time of day, and a note if it runs again soon.
func (r ClockRule) Check(l *diag.List, w *plan.Workload, at diag.Path) {
	if w.Kind != plan.Cron {
		return
	}
	var does, outside []string
	only, clocks, last := true, "the clocks of "+w.Timezone, ""
	for _, c := range ClockChanges(w.Schedule, w.Timezone) {
		verb, way := r.Repeated, "back"
		if c.Skipped {
			verb, way = r.Skipped, "forward"
		}
		if verb == "" {
			continue
		}
		run := "the run of " + c.Time
		if c.Time == last {
			run = "it"
		}
		does = append(does, fmt.Sprintf("%s when %s go %s in %s", fmt.Sprintf(verb, run), clocks, way, c.Month))
		last, clocks = c.Time, "they"
		if window := c.From + " to " + c.To; len(outside) == 0 || outside[0] != window {
			outside = append(outside, window)
		}
		only = only && c.Only
	}
	if len(does) == 0 {
		return
	}
	report := l.Notef
	if only {
		report = l.Approximate
	}
	d := report("timezone", at, "%s %s", r.Platform, strings.Join(does, ", and "))
	d.Help = fmt.Sprintf("choose a time outside %s, or timezone \"UTC\"", strings.Join(outside, " and "))
	d.Docs = r.Docs
}

// ClockChange is a time of day of a schedule that its time zone skips or repeats once a year,
// at the beginning or end of daylight saving time.
type ClockChange struct {
	// Skipped means that the clocks go forward, and the time does not exist on that day.
	// Otherwise they go back, and it occurs twice.
	Skipped bool

	Month    time.Month // of the change
	Time     string     // the first affected time of the schedule: 02:30
	From, To string     // the skipped or repeated time, half-open: 02:00, 03:00
	Only     bool       // the schedule has no other hour of the day
}

// The years that ClockChanges examines: weekdays and dates repeat after 28 years, and a zone's
// last rule applies to all later years.
const firstClockYear, lastClockYear = 2026, 2026 + 28

// ClockChanges returns the times of day that a schedule of five fields loses and repeats when a
// time zone's clocks change, at most one of each, skipped ones first. An hourly schedule has
// none. The result depends on the zone's rules, not on the current date.
func ClockChanges(schedule, timezone string) []ClockChange {
	parsed, err := cron.ParseStandard(schedule)
	zone, unknown := time.LoadLocation(timezone)
	s, fields := parsed.(*cron.SpecSchedule)
	if err != nil || unknown != nil || !fields || s.Hour&everyHour == everyHour {
		return nil
	}
	var skipped, repeated *ClockChange
	at := time.Date(firstClockYear, 1, 1, 0, 0, 0, 0, zone)
	for skipped == nil || repeated == nil {
		_, next := at.ZoneBounds()
		if next.IsZero() || next.Year() > lastClockYear {
			break
		}
		if !next.After(at) {
			// By a rule, ZoneBounds ends the last period of a year after 365 days.
			next = at.Add(24 * time.Hour)
		}
		_, before := next.Add(-time.Second).Zone()
		_, after := next.Zone()
		at = next
		if before == after {
			continue
		}
		found := &skipped
		if after < before {
			found = &repeated
		}
		if *found == nil {
			*found = concerned(s, next, before, after)
		}
	}
	var all []ClockChange
	for _, c := range []*ClockChange{skipped, repeated} {
		if c != nil {
			all = append(all, *c)
		}
	}
	return all
}

// everyHour is the bits of all hours in a parsed schedule.
const everyHour = 1<<24 - 1

// concerned returns a time of the schedule that a zone skips or repeats when its offset from
// UTC changes, in seconds, or nil.
func concerned(s *cron.SpecSchedule, at time.Time, before, after int) *ClockChange {
	// Local times are represented as UTC times, where every time exists once.
	local := func(offset int) time.Time { return at.UTC().Add(time.Duration(offset) * time.Second) }
	from, to := local(min(before, after)), local(max(before, after))
	for t := from; t.Before(to); t = t.Add(time.Minute) {
		if s.Minute&(1<<t.Minute()) != 0 && s.Hour&(1<<t.Hour()) != 0 && s.Month&(1<<t.Month()) != 0 && onDay(s, t) {
			return &ClockChange{
				Skipped: after > before,
				Month:   t.Month(),
				Time:    t.Format("15:04"),
				From:    from.Format("15:04"),
				To:      to.Format("15:04"),
				Only:    s.Hour&everyHour == 1<<t.Hour(),
			}
		}
	}
	return nil
}

// onDay reports whether a schedule includes a day. If both day fields are restricted, one is
// enough (crontab(5)).
func onDay(s *cron.SpecSchedule, t time.Time) bool {
	const star = 1 << 63 // the parser sets it for *
	month, week := s.Dom&(1<<t.Day()) != 0, s.Dow&(1<<t.Weekday()) != 0
	if s.Dom&star != 0 || s.Dow&star != 0 {
		return month && week
	}
	return month || week
}
