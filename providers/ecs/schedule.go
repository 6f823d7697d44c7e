package ecs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// clockRule: a run at a time that the clocks skip is left out, and one at a time that comes
// twice starts once (EventBridge Scheduler user guide, "Schedule types", daylight savings time;
// checked 2026-11-29).
var clockRule = provider.ClockRule{
	Platform: "EventBridge Scheduler",
	Skipped:  "leaves %s out",
	Docs:     "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
}

func clocks(c *check, w *workload) { clockRule.Check(&c.List, &w.Workload, w.At("timezone")) }

// fiveFields reads cron expressions as the core does, which has checked them.
var fiveFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// everyValue is the bit that the parser sets for *.
const everyValue = 1 << 63

// errBothDays: cron runs on days that match either field, a schedule uses only one.
var errBothDays = errors.New("it restricts both the day of the month and the day of the week")

// scheduleExpression turns a cron expression of five fields into EventBridge
// Scheduler's of six: it adds the year, puts ? for the day that does not matter, names
// the days of the week (Scheduler's 1 is Sunday, cron's Monday), and writes steps out
// as lists, whose meaning is the same everywhere.
func scheduleExpression(expression string) (string, error) {
	parsed, err := fiveFields.Parse(expression)
	if err != nil {
		return "", err
	}
	s, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return "", errors.New("it is no cron expression of five fields")
	}
	monthDay, weekDay := values(s.Dom, 1, 31, nil), values(s.Dow, 0, 6, days)
	switch {
	case s.Dow&everyValue != 0:
		weekDay = "?"
	case s.Dom&everyValue != 0:
		monthDay = "?"
	case monthDay == "*" || weekDay == "*":
		monthDay, weekDay = "*", "?" // one is complete: every day matches it
	default:
		return "", errBothDays
	}
	return fmt.Sprintf("cron(%s %s %s %s %s *)",
		values(s.Minute, 0, 59, nil), values(s.Hour, 0, 23, nil), monthDay, values(s.Month, 1, 12, nil), weekDay), nil
}

var days = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}

// values formats a set of values as a list with ranges, or * for all of them.
func values(set uint64, minimum, highest int, names []string) string {
	text := strconv.Itoa
	if names != nil {
		text = func(v int) string { return names[v] }
	}
	var parts []string
	for first := minimum; first <= highest; first++ {
		if set&(1<<first) == 0 {
			continue
		}
		last := first
		for last < highest && set&(1<<(last+1)) != 0 {
			last++
		}
		switch {
		case first == minimum && last == highest:
			return "*"
		case first == last:
			parts = append(parts, text(first))
		default:
			parts = append(parts, text(first)+"-"+text(last))
		}
		first = last
	}
	return strings.Join(parts, ",")
}

// scheduleRows are the rows of when a cron runs.
var scheduleRows = provider.Table{
	{Field: "workloads.schedule", Level: exact, How: "`ScheduleExpression`, written as EventBridge Scheduler's cron; a run that cannot be started is tried again for a day, unless extensions.ecs.retryPolicy says otherwise", Effect: inService, Source: "the schedule"},
	{Field: "workloads.schedule", When: "with both the day of the month and of the week", Level: unsupported, How: "EventBridge Scheduler looks at one of them", Instead: "make two workloads of it, or restrict one of the two days"},
	{Field: "workloads.timezone", Level: exact, How: "`ScheduleExpressionTimezone`", Effect: inService, Source: "the schedule"},
	{Field: "workloads.timezone", When: "where the clocks skip a time of the schedule", Level: approximated, How: "that run is left out; one whose time comes twice starts once", Instead: "choose another time, or UTC"},
	{Field: "workloads.concurrency", When: "allow", Level: exact, How: "EventBridge Scheduler starts each run", Effect: none},
	{Field: "workloads.concurrency", When: "forbid", Level: approximated, How: "a run starts even if the last one has not ended", Instead: "let the process look whether another one runs"},
	{Field: "workloads.concurrency", When: "replace", Level: unsupported, How: "EventBridge Scheduler ends no run", Instead: "use allow"},
}
