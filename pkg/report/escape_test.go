package report_test

import (
	"encoding/json"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/report"
)

// TestEscapeJSON: invisible characters are escaped, everything else and the value are
// unchanged.
func TestEscapeJSON(t *testing.T) {
	for in, want := range map[string]string{
		"a\n  b":                     "a\n  b",
		`"ü 日本 é\u0000"`:             `"ü 日本 é\u0000"`,
		"\"a\u202eb\u2066c\"":        `"a\u202eb\u2066c"`,
		"\"\u200b\ufeff\u00ad\"":     `"\u200b\ufeff\u00ad"`,
		"\"\U000e0041\u0085\u2028\"": `"\udb40\udc41\u0085\u2028"`,
	} {
		got := string(report.EscapeJSON([]byte(in)))
		if got != want {
			t.Errorf("%q: %s, not %s", in, got, want)
		}
		var was, is any
		if json.Unmarshal([]byte(in), &was) == nil && (json.Unmarshal([]byte(got), &is) != nil || was != is) {
			t.Errorf("%q: another value, %q", in, is)
		}
	}
}
