package relations

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // time zones are available on any machine

	"github.com/robfig/cron/v3"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// fiveFields parses the standard form of cron. The plan has no other: @daily and Sunday as 7
// are already converted.
var fiveFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

func schedule(w *workload) {
	if w.Kind != plan.Cron {
		return
	}
	if strings.Contains(w.Schedule, "TZ=") {
		d := w.diags.Errorf(diag.BadFormat, w.at("schedule"), "schedule %q names a time zone", w.Schedule)
		d.Help = "name it in timezone"
		return
	}
	if _, err := fiveFields.Parse(w.Schedule); err != nil {
		d := w.diags.Errorf(diag.BadFormat, w.at("schedule"), "schedule %q is not a cron expression: %s", w.Schedule, wrongPart(w.Schedule))
		d.Help = "five fields: minute, hour, day of month, month, day of week; 0 3 * * * is every night at three"
	}
}

// parts are the names of the fields of a cron expression, and the numbers that they take.
var parts = []struct{ name, takes string }{
	{"minute", "0 to 59"}, {"hour", "0 to 23"}, {"day of month", "1 to 31"}, {"month", "1 to 12 or jan to dec"}, {"day of week", "0 to 7 or sun to sat"},
}

// wrongPart describes the first invalid field of a cron expression.
func wrongPart(schedule string) string {
	fields := strings.Fields(schedule)
	switch {
	case strings.HasPrefix(schedule, "@"):
		return "it is none of @hourly, @daily, @weekly, @monthly and @yearly"
	case len(fields) != len(parts):
		return fmt.Sprintf("it has %d fields, not 5", len(fields))
	}
	for i, f := range fields {
		alone := []string{"*", "*", "*", "*", "*"}
		alone[i] = f
		if _, err := fiveFields.Parse(strings.Join(alone, " ")); err != nil {
			return fmt.Sprintf("%q is no %s, which takes %s", f, parts[i].name, parts[i].takes)
		}
	}
	return "its fields exclude each other"
}

func timezone(w *workload) {
	if w.Kind != plan.Cron {
		return
	}
	_, err := time.LoadLocation(w.Timezone)
	if err == nil && w.Timezone != "Local" {
		return
	}
	d := w.diags.Errorf(diag.UnknownName, w.at("timezone"), "no time zone %q", w.Timezone)
	d.Help = "write an IANA name, such as Europe/Berlin or UTC"
}
