package nomad

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// concurrency: prohibit_overlap leaves out the new run or lets both run; nothing stops
// the old one (the periodic block).
func concurrency(c *check, w workload) {
	if w.Kind != plan.Cron || w.Concurrency != "replace" {
		return
	}
	d := c.Errorf(diag.Unsupported, w.path.To("concurrency"), "nomad does not stop a run for the next one")
	d.Help = `use "forbid" or "allow"`
	d.Docs = docs + "periodic#prohibit_overlap"
}

// schedule: Nomad reads some expressions otherwise than cron does, and refuses some
// (github.com/hashicorp/cronexpr).
func schedule(c *check, w workload) {
	if w.Kind != plan.Cron {
		return
	}
	if problem, help := cronProblem(w.Schedule); problem != "" {
		d := c.Errorf(diag.BadFormat, w.path.To("schedule"), "%s", problem)
		d.Help = help
		d.Docs = docs + "periodic#crons"
	}
}

// cronFields are the fields of an expression, and the largest step that Nomad takes in each.
var cronFields = []struct {
	name string
	step int
}{{"minute", 59}, {"hour", 23}, {"day of month", 31}, {"month", 12}, {"day of week", 6}}

// cronEntry is what Nomad reads: *, ?, 5, 1-5, and */15, 5/15, 1-5/2, names for numbers.
var cronEntry = regexp.MustCompile(strings.ReplaceAll(
	`^(?:\?|(\*|V(?:-V)?)(?:/(\d{1,2}))?)$`, "V", `(?:\d{1,2}|[A-Za-z]{3})`))

// cronProblem says what Nomad makes of a sound expression where that differs, and the
// way out.
func cronProblem(schedule string) (problem, help string) {
	fields := strings.Fields(schedule)
	if len(fields) != len(cronFields) {
		return "", ""
	}
	for i, field := range cronFields {
		for _, entry := range strings.FieldsFunc(fields[i], func(r rune) bool { return r == ',' }) {
			m := cronEntry.FindStringSubmatch(entry)
			if m == nil {
				return fmt.Sprintf("nomad does not read %q as a %s", entry, field.name), "write it as in *, 5, 1-5, */15 or 1-5/2"
			}
			if step, err := strconv.Atoi(m[2]); err == nil && step > field.step {
				return fmt.Sprintf("nomad takes a step of 1 to %d in the %s, not %d", field.step, field.name, step), "write the one value that the step leaves"
			}
			if span := strings.ToLower(m[1]); field.name == "day of week" && (span == "0-0" || span == "sun-sun") {
				return fmt.Sprintf("nomad reads %q in the day of week as the whole week", entry), "write 0"
			}
		}
	}
	days, weekdays := fields[2], fields[4]
	if days == "*/1" && !wild(weekdays) || weekdays == "*/1" && !wild(days) {
		return "nomad reads */1 as every day, whatever the other day field says", "write * in place of */1"
	}
	return "", ""
}

// wild reports whether a day field leaves the choice to the other one.
func wild(field string) bool { return field == "*" || field == "?" }
