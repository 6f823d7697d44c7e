package relations_test

import (
	"fmt"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/relations"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestSchedule checks the message for each schedule, "" for a valid one.
func TestSchedule(t *testing.T) {
	const form = "; five fields: minute, hour, day of month, month, day of week; 0 3 * * * is every night at three"
	for schedule, want := range map[string]string{
		"0 3 * * *":                    "",
		"*/15 9-17 1,15 jan-MAR mon-5": "",
		"5/10 0-6/2 ? * ?":             "",
		" 0  3 * * * ":                 "",
		"60 3 * * *":                   `"60" is no minute, which takes 0 to 59`,
		"-1 3 * * *":                   `"-1" is no minute, which takes 0 to 59`,
		"every 3 * * *":                `"every" is no minute, which takes 0 to 59`,
		"*/0 3 * * *":                  `"*/0" is no minute, which takes 0 to 59`,
		"*/x 3 * * *":                  `"*/x" is no minute, which takes 0 to 59`,
		"0/5/5 3 * * *":                `"0/5/5" is no minute, which takes 0 to 59`,
		"30-10 3 * * *":                `"30-10" is no minute, which takes 0 to 59`,
		"1,,2 3 * * *":                 "",
		"0 24 * * *":                   `"24" is no hour, which takes 0 to 23`,
		"0 22-6 * * *":                 `"22-6" is no hour, which takes 0 to 23`,
		"0 3 0 * *":                    `"0" is no day of month, which takes 1 to 31`,
		"0 3 32 * *":                   `"32" is no day of month, which takes 1 to 31`,
		"0 3 L * *":                    `"L" is no day of month, which takes 1 to 31`,
		"0 3 15W * *":                  `"15W" is no day of month, which takes 1 to 31`,
		"0 3 * 0 *":                    `"0" is no month, which takes 1 to 12 or jan to dec`,
		"0 3 * 13 *":                   `"13" is no month, which takes 1 to 12 or jan to dec`,
		"0 3 * january *":              `"january" is no month, which takes 1 to 12 or jan to dec`,
		"0 3 * * monday":               `"monday" is no day of week, which takes 0 to 7 or sun to sat`,
		"0 3 * * fri-mon":              `"fri-mon" is no day of week, which takes 0 to 7 or sun to sat`,
		"0 3 * * mon#1":                `"mon#1" is no day of week, which takes 0 to 7 or sun to sat`,
		"0 3 * * 5L":                   `"5L" is no day of week, which takes 0 to 7 or sun to sat`,
		"0 3 * *":                      "it has 4 fields, not 5",
		"0 0 3 * * *":                  "it has 6 fields, not 5",
		"0 3 * * ? 2027 x":             "it has 7 fields, not 5",
		"at three":                     "it has 2 fields, not 5",
		"H H * * *":                    `"H" is no minute, which takes 0 to 59`,
		"cron(0 3 * * ? *)":            "it has 6 fields, not 5",
		"rate(5 minutes)":              "it has 2 fields, not 5",
		"@reboot":                      "it is none of @hourly, @daily, @weekly, @monthly and @yearly",
		"@every 5m":                    "it is none of @hourly, @daily, @weekly, @monthly and @yearly",
		"TZ=Europe/Berlin 0 3 * * *":   "time zone",
		"CRON_TZ=Asia/Tokyo 0 3 * * *": "time zone",
	} {
		w := plan.Workload{Kind: plan.Cron, Schedule: schedule, Timezone: "UTC", Containers: map[string]plan.Container{"app": {Role: plan.Main}}}
		diags := relations.Check(&plan.Plan{Workloads: map[string]plan.Workload{"w": w}}, &data.Node{})
		said := ""
		for _, d := range diags {
			said += d.Message + "; " + d.Help
		}
		switch {
		case want == "":
		case want == "time zone":
			want = fmt.Sprintf("schedule %q names a time zone; name it in timezone", schedule)
		default:
			want = fmt.Sprintf("schedule %q is not a cron expression: %s%s", schedule, want, form)
		}
		if said != want {
			t.Errorf("%q: it says\n\t%s, not\n\t%s", schedule, said, want)
		}
	}
}
