package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// TestSARIFSchema validates reports against the JSON schema of SARIF 2.1.0, errata 01, which
// the SARIF library includes, and checks for unknown fields.
func TestSARIFSchema(t *testing.T) {
	full := diag.Diagnostic{
		Severity: diag.Warning, Message: "m {0} \x1b", Help: "h", Tenant: "a, b", Provider: "nomad", Path: diag.At("a", 0),
		Docs: "https://example.com", Range: at(1, 2, 3, 4),
		Related: []diag.Related{{Range: at(2, 1, 2, 2), Message: "here"}, {Range: at(3, 1, 0, 0), Message: "there"}, {Message: "nowhere"}},
	}
	full.Fix = &diag.Edit{Range: at(1, 2, 1, 4), NewText: "<&\"\n"}
	var all []diag.Diagnostic
	for _, c := range diag.Codes() {
		d := full
		d.Code = c.Code
		all = append(all, d)
	}
	tests := map[string][]diag.Diagnostic{
		"a clean run":             nil,
		"every code":              all,
		"a file as a whole":       {{Severity: diag.Error, Code: diag.Unreadable, Message: "m", Range: diag.Range{File: "/a b/ü:1.yaml"}}},
		"no file":                 {{Severity: diag.Note, Code: diag.Approximated, Message: "m"}},
		"a place that has no end": {{Severity: diag.Error, Code: diag.Syntax, Message: "m", Range: at(1, 1, 0, 0)}},
		"a file with an odd name": {{Severity: diag.Error, Code: diag.Syntax, Message: "m", Range: diag.Range{File: "a:b%2F#?.yaml"}}},
		"standard input":          {{Severity: diag.Error, Code: diag.Syntax, Message: "m", Range: diag.Range{File: "-", Line: 1}}},
		"two results of one rule": {all[0], all[0]},
	}
	for reason, diags := range tests {
		text := render(t, "sarif", report.Options{Version: "v1.2.3"}, diags...)
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&sarif.Report{}); err != nil {
			t.Errorf("%s: %v\n%s", reason, err, text)
		}
		log, err := sarif.FromString(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", reason, err, text)
		}
		run := log.Runs[0]
		// The library writes these fields, which have defaults.
		run.Language, run.Tool.Driver.Language, run.NewlineSequences = "en-US", "en-US", []string{"\n"}
		if err := log.Validate(); err != nil {
			t.Errorf("%s: %v\n%s", reason, err, text)
		}
		if len(run.Results) != len(diags) {
			t.Errorf("%s: %d results, not %d", reason, len(run.Results), len(diags))
		}
		for _, r := range run.Results {
			if rule := run.Tool.Driver.Rules[r.RuleIndex]; *rule.ID != *r.RuleID {
				t.Errorf("%s: a result of %s points at the rule %s", reason, *r.RuleID, *rule.ID)
			}
		}
	}
}
