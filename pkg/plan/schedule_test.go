package plan

import "testing"

// TestFiveFields: a plan has one form of each schedule.
func TestFiveFields(t *testing.T) {
	for schedule, want := range map[string]string{
		"@hourly":         "0 * * * *",
		" @midnight ":     "0 0 * * *",
		"@reboot":         "@reboot",
		"0 3 * * *":       "0 3 * * *",
		" 0  3 * * * ":    " 0  3 * * * ",
		"0 3 * * 7":       "0 3 * * 0",
		"7 7 7 7 7":       "7 7 7 7 0",
		"0 3 1 * 1-7":     "0 3 1 * 0-6",
		"0 3 1 * 0-7":     "0 3 1 * 0-6",
		"0 3 * * 1,5-7":   "0 3 * * 1,5,6,0",
		"0 3 * * fri-7":   "0 3 * * 5,6,0",
		"0 3 * * 1-7/2":   "0 3 * * 1,3,5,0",
		"0 3 * * 2-7/2":   "0 3 * * 2,4,6",
		"0 3 * * 7-7":     "0 3 * * 0",
		"0 3 * * 7-9":     "0 3 * * 7-9",
		"0 3 * * 5-7/0":   "0 3 * * 5-7/0",
		"0 3 * * x-7":     "0 3 * * x-7",
		"0 3 * * */7":     "0 3 * * */7",
		"0 0 3 * * 7":     "0 0 3 * * 7",
		"0 3 * * monday7": "0 3 * * monday7",
	} {
		if got := fiveFields(schedule); got != want {
			t.Errorf("%q is %q, not %q", schedule, got, want)
		}
	}
}
