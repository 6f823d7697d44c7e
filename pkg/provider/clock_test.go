package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func TestClockChanges(t *testing.T) {
	for _, test := range []struct{ schedule, zone, want string }{
		{"30 2 * * *", "Europe/Berlin", "skips 02:30 in March, repeats 02:30 in October"},
		{"30 2 * * *", "UTC", ""},
		{"30 2 * * *", "Asia/Tokyo", ""},
		{"30 3 * * *", "Europe/Berlin", ""},
		{"0 3 * * *", "Europe/Berlin", ""},
		{"0 2 * * *", "Europe/Berlin", "skips 02:00 in March, repeats 02:00 in October"},
		{"0 1 * * *", "America/New_York", "repeats 01:00 in November"},
		{"0 2 * * *", "America/New_York", "skips 02:00 in March"},
		{"15,45 2 * * *", "Australia/Lord_Howe", "skips 02:15 in October"}, // half an hour
		{"45 1 * * *", "Australia/Lord_Howe", "repeats 01:45 in April"},
		{"0 0 * * *", "America/Santiago", "skips 00:00 in September"},
		{"30 2 * * 1-5", "Europe/Berlin", ""}, // the clocks change on a Sunday
		{"30 2 1 * *", "Europe/Berlin", ""},   // and on none of the month's first days
		{"30 2 1 * 0", "Europe/Berlin", "skips 02:30 in March, repeats 02:30 in October"},
		{"30 2 25 3 *", "Europe/Berlin", "skips 02:30 in March"}, // in some years
		{"30 2 * 6 *", "Europe/Berlin", ""},
		{"0 * * * *", "Europe/Berlin", ""}, // every hour of real time
		{"*/15 * * * *", "Europe/Berlin", ""},
		{"0 */2 * * *", "Europe/Berlin", "skips 02:00 in March (of several), repeats 02:00 in October (of several)"},
		{"no schedule", "Europe/Berlin", ""},
		{"30 2 * * *", "Nowhere/At_All", ""},
	} {
		var got []string
		for _, c := range provider.ClockChanges(test.schedule, test.zone) {
			verb, several := "repeats", ""
			if c.Skipped {
				verb = "skips"
			}
			if !c.Only {
				several = " (of several)"
			}
			got = append(got, fmt.Sprintf("%s %s in %s%s", verb, c.Time, c.Month, several))
		}
		if got := strings.Join(got, ", "); got != test.want {
			t.Errorf("%s of %s: %q, not %q", test.schedule, test.zone, got, test.want)
		}
	}
}

func TestClockRule(t *testing.T) {
	both := provider.ClockRule{Platform: "kubernetes", Skipped: "leaves %s out", Repeated: "starts %s twice"}
	for _, test := range []struct {
		rule           provider.ClockRule
		schedule, zone string
		severity       diag.Severity
		message, help  string
	}{
		{both, "30 2 * * *", "Europe/Berlin", diag.Warning,
			"kubernetes leaves the run of 02:30 out when the clocks of Europe/Berlin go forward in March, and starts it twice when they go back in October",
			`choose a time outside 02:00 to 03:00, or timezone "UTC"`},
		{both, "0,30 1,2 * * *", "America/New_York", diag.Note,
			"kubernetes leaves the run of 02:00 out when the clocks of America/New_York go forward in March, and starts the run of 01:00 twice when they go back in November",
			`choose a time outside 02:00 to 03:00 and 01:00 to 02:00, or timezone "UTC"`},
		{provider.ClockRule{Platform: "acme", Skipped: "leaves %s out"}, "0 1 * * *", "America/New_York", "", "", ""},
		{both, "0 3 * * *", "Europe/Berlin", "", "", ""},
	} {
		var l diag.List
		test.rule.Check(&l, &plan.Workload{Kind: plan.Cron, Schedule: test.schedule, Timezone: test.zone}, diag.At("workloads", "w", "schedule"))
		switch {
		case test.message == "" && len(l) == 0:
		case len(l) != 1:
			t.Errorf("%s of %s: %d diagnostics", test.schedule, test.zone, len(l))
		case l[0].Severity != test.severity || l[0].Message != test.message || l[0].Help != test.help:
			t.Errorf("%s of %s: %v %s\n%s", test.schedule, test.zone, l[0].Severity, l[0].Message, l[0].Help)
		}
	}
}
