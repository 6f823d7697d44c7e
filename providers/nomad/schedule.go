package nomad

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// concurrency: prohibit_overlap either skips the new run or allows both; nothing stops the old
// one (the periodic block).
func concurrency(c *check, w *workload) {
	if w.Kind != plan.Cron || w.Concurrency != "replace" {
		return
	}
	d := c.Errorf(diag.Unsupported, w.At("concurrency"), "nomad does not stop a run for the next one")
	d.Help = `use "forbid" or "allow"`
	d.Docs = docs + "periodic#prohibit_overlap"
}

// schedule: Nomad reads some expressions differently from cron, and refuses others
// (github.com/hashicorp/cronexpr).
func schedule(c *check, w *workload) {
	if w.Kind != plan.Cron {
		return
	}
	if problem, help := cronProblem(w.Schedule); problem != "" {
		d := c.Errorf(diag.BadFormat, w.At("schedule"), "%s", problem)
		d.Help = help
		d.Docs = docs + "periodic#crons"
	}
}

// cronEntry matches the entries that Nomad reads: *, ?, 5, 1-5, and */15, 5/15, 1-5/2, names
// for numbers.
var cronEntry = lazyregexp.New(strings.ReplaceAll(
	`^(?:\?|(\*|V(?:-V)?)(?:/(\d{1,2}))?)$`, "V", `(?:\d{1,2}|[A-Za-z]{3})`))

// cronProblem returns how Nomad misreads a valid expression, and the alternative.
func cronProblem(schedule string) (problem, help string) {
	fields := strings.Fields(schedule)
	if len(fields) != len(cronSteps) {
		return "", ""
	}
	for i, field := range cronSteps {
		for _, entry := range strings.FieldsFunc(fields[i], func(r rune) bool { return r == ',' }) {
			m := cronEntry.FindStringSubmatch(entry)
			if m == nil {
				return fmt.Sprintf("nomad does not read %q in the %s", entry, field.name), "write it as in *, 5, 1-5, */15 or 1-5/2"
			}
			if step, err := strconv.Atoi(m[2]); err == nil && step > field.step {
				return fmt.Sprintf("nomad takes a step of 1 to %d in the %s, not %d", field.step, field.name, step), "a step that large leaves one value: write that"
			}
			if field.name != "day of week" {
				continue
			}
			if leadingZero.MatchString(entry) {
				return fmt.Sprintf("nomad misreads %q in the day of week", entry), "write it without the zero in front"
			}
			if sundayToSunday.MatchString(m[1]) {
				return fmt.Sprintf("nomad reads %q in the day of week as the whole week", entry), "write 0"
			}
		}
	}
	days, weekdays := fields[2], fields[4]
	if !wild(days) && !wild(weekdays) && everyDay(days) != everyDay(weekdays) {
		return "nomad reads */1 as every day, whatever the other day field says", "write * in place of */1"
	}
	return "", ""
}

var (
	// leadingZero matches a day of the week that is not in the parser's table of days.
	leadingZero = lazyregexp.New(`^0[1-6]|-0[1-5]`)

	// sundayToSunday matches a range whose end the parser reads as the end of the week.
	sundayToSunday = lazyregexp.New(`^(?i:00?|sun)-(?i:00?|sun)$`)
)

// everyDay reports whether a day field lists every day in a form that Nomad reads as a
// restriction.
func everyDay(field string) bool { return slices.Contains(strings.Split(field, ","), "*/1") }

// wild reports whether a day field imposes no restriction.
func wild(field string) bool {
	return slices.ContainsFunc(strings.Split(field, ","), func(entry string) bool { return entry == "*" || entry == "?" })
}

func timeout(c *check, w *workload) {
	if w.TimeoutSeconds > 0 {
		d := c.Notef("timeout", w.At("timeout"), "nomad ends the run from %s on, and counts it as complete; an older one lets it run", timeoutVersion)
		d.Docs = docs + "group#max_run_duration"
	}
}

// scheduleRows are the rows of when a job runs.
var scheduleRows = provider.Table{
	{Field: "workloads.schedule", Level: exact, How: "`crons`"},
	{Field: "workloads.timezone", Level: exact, How: "`time_zone`"},
	{Field: "workloads.timezone", When: "whose clocks skip or repeat an hour of the schedule", Level: approximated, How: "no run in an hour that is skipped, two in one that is repeated", Instead: "choose another hour, or UTC"},
	{Field: "workloads.timeout", Level: approximated, How: "`max_run_duration`, from Nomad 2.0.2 on; the run counts as complete, and not as failed"},
	{Field: "workloads.concurrency", When: "forbid", Level: exact, How: "`prohibit_overlap`"},
	{Field: "workloads.concurrency", When: "allow", Level: exact, How: "no `prohibit_overlap`"},
	{Field: "workloads.concurrency", When: "replace", Level: unsupported, How: "nothing stops a run for the next one", Instead: "use forbid or allow"},
}
