package plan

import (
	"slices"
	"strconv"
	"strings"
)

// nicknames are those of crontab(5), with their expressions.
var nicknames = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

// fiveFields converts a schedule to the form that every platform reads: without nicknames, and
// with Sunday as 0 only. An invalid schedule is unchanged.
func fiveFields(schedule string) string {
	if same := nicknames[strings.TrimSpace(schedule)]; same != "" {
		return same
	}
	fields := strings.Fields(schedule)
	if len(fields) != 5 || !strings.Contains(fields[4], "7") {
		return schedule
	}
	var days []string
	for part := range strings.SplitSeq(fields[4], ",") {
		days = append(days, withoutSeven(part))
	}
	fields[4] = strings.Join(days, ",")
	return strings.Join(fields, " ")
}

// withoutSeven converts a part of a day-of-week field that ends with day 7: 5-7 becomes 5,6,0.
// All seven days are 0-6 and not *, with which only the day of the month would count.
func withoutSeven(part string) string {
	days, by, hasStep := strings.Cut(part, "/")
	from, to, isRange := strings.Cut(days, "-")
	if part == "7" {
		return "0"
	}
	first := slices.Index(weekdays, strings.ToLower(from))
	if n, err := strconv.Atoi(from); err == nil {
		first = n
	}
	step, err := 1, error(nil)
	if hasStep {
		step, err = strconv.Atoi(by)
	}
	if !isRange || to != "7" || first < 0 || first > 7 || err != nil || step < 1 {
		return part
	}
	var on []string
	for day := first; day <= 7; day += step {
		if text := strconv.Itoa(day % 7); !slices.Contains(on, text) {
			on = append(on, text)
		}
	}
	if len(on) == 7 {
		return "0-6"
	}
	return strings.Join(on, ",")
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
