package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func render(t *testing.T, format string, o report.Options, diags ...diag.Diagnostic) string {
	t.Helper()
	var b bytes.Buffer
	w, err := report.New(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if err := w.Add(diag.List{d}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(report.Summary{Tenants: 1, Errors: len(diags)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func at(line, column, endLine, endColumn int) diag.Range {
	return diag.Range{File: "t.yaml", Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
}

func TestText(t *testing.T) {
	tests := []struct {
		reason string
		o      report.Options
		d      diag.Diagnostic
		want   string
	}{
		{"marks stand below what they mark, behind tabs and wide letters", report.Options{},
			diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: "m", Range: at(3, 4, 3, 6), Source: "\t日x=yz"},
			"t.yaml:3:4: m [conflict]\n  3 |     日x=yz\n    |        ^^\n"},
		{"a range over several lines is marked to the end of its first", report.Options{},
			diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: "m", Range: at(10, 3, 12, 1), Source: "a: {"},
			"t.yaml:10:3: m [conflict]\n  10 | a: {\n     |   ^^\n"},
		{"what a terminal would obey is shown, not sent", report.Options{},
			diag.Diagnostic{Severity: diag.Error, Code: diag.Syntax, Message: "m \x1b[31m", Range: at(1, 1, 1, 2), Source: "\x1b]0;x\a"},
			"t.yaml:1:1: m \\x1b[31m [syntax]\n  1 | \\x1b]0;x\\a\n    | ^^^^\n"},
		{"a warning says so, with its provider, help and other places", report.Options{Providers: true},
			diag.Diagnostic{
				Severity: diag.Warning, Code: diag.Approximated, Message: "m", Help: "h", Provider: "nomad", Range: at(1, 1, 1, 2),
				Related: []diag.Related{{Range: at(2, 1, 2, 2), Message: "here"}, {Range: at(9, 9, 9, 9), Message: "the rule"}},
			},
			"t.yaml:1:1: warning: nomad: m [approximated]\n  here: t.yaml:2:1\n  help: h\n"},
		{"a file as a whole has no line", report.Options{},
			diag.Diagnostic{Severity: diag.Error, Code: diag.NotATenant, Message: "m", Range: diag.Range{File: "t.yaml"}},
			"t.yaml: m [not-a-tenant]\n"},
		{"colours are for terminals", report.Options{Color: true},
			diag.Diagnostic{Severity: diag.Error, Code: diag.NotATenant, Message: "m", Help: "h", Range: diag.Range{File: "t.yaml"}},
			"\x1b[1mt.yaml:\x1b[0m m \x1b[31m[not-a-tenant]\x1b[0m\n  \x1b[36mhelp:\x1b[0m h\n"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, render(t, "text", tt.o, tt.d)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
		}
	}
}

func TestJSONIsOneValue(t *testing.T) {
	d := diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: `<"x">`, Range: at(1, 2, 3, 4)}
	for n, diags := range [][]diag.Diagnostic{{}, {d}, {d, d}} {
		var got struct {
			Version     int
			Diagnostics []diag.Range
			Summary     report.Summary
		}
		text := render(t, "json", report.Options{}, diags...)
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%v:\n%s", err, text)
		}
		if got.Version != 1 || len(got.Diagnostics) != n || got.Summary.Errors != n || got.Diagnostics == nil {
			t.Errorf("%d diagnostics: %+v", n, got)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	_, err := report.New("xml", nil, report.Options{})
	if err == nil || err.Error() != `unknown format "xml": known are json, text` {
		t.Errorf("error is %v", err)
	}
}
