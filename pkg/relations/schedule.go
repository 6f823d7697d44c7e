package relations

import (
	"strings"
	"time"
	_ "time/tzdata" // zones are known offline, whatever the machine has

	"github.com/robfig/cron/v3"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// fiveFields is the standard form of cron; macros such as @daily are not.
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
		d := w.diags.Errorf(diag.BadFormat, w.at("schedule"), "schedule %q is not a cron expression: %s", w.Schedule, err)
		d.Help = "five fields: minute, hour, day of month, month, day of week; 0 3 * * * is every night at three"
	}
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
