package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
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
		if err := w.Add(report.Unit{Diagnostics: diag.List{d}}); err != nil {
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
		{"so is what a file's name holds", report.Options{},
			diag.Diagnostic{Severity: diag.Error, Code: diag.NotATenant, Message: "m", Range: diag.Range{File: "\x1b[2J.yaml"}},
			"\\x1b[2J.yaml: m [not-a-tenant]\n"},
		{"and bytes that are no text, which some terminals obey too", report.Options{},
			diag.Diagnostic{Severity: diag.Error, Code: diag.NotATenant, Message: "m\ufffd\xff", Range: diag.Range{File: "\x9b2J.yaml"}},
			"\\x9b2J.yaml: m\ufffd\\xff [not-a-tenant]\n"},
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

func TestGitHub(t *testing.T) {
	tests := []struct {
		reason string
		d      diag.Diagnostic
		want   string
	}{
		{"columns are reported of one line alone, the last one included",
			diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: "m", Range: at(3, 4, 3, 6)},
			"::error file=t.yaml,line=3,endLine=3,col=4,endColumn=5,title=conflict::m\n"},
		{"of several lines none are",
			diag.Diagnostic{Severity: diag.Note, Code: diag.Approximated, Message: "m", Range: at(3, 4, 5, 6)},
			"::notice file=t.yaml,line=3,endLine=5,title=approximated::m\n"},
		{"an empty range is its first column",
			diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: "m", Range: at(3, 4, 3, 4)},
			"::error file=t.yaml,line=3,endLine=3,col=4,endColumn=4,title=conflict::m\n"},
		{"a file as a whole has no line",
			diag.Diagnostic{Severity: diag.Warning, Code: diag.NotATenant, Message: "m", Range: diag.Range{File: "a:b,c%.yaml"}},
			"::warning file=a%3Ab%2Cc%25.yaml,title=not-a-tenant::m\n"},
		{"no text ends the command, or begins another",
			diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: "100%\r\n::error::x", Help: "h"},
			"::error title=conflict::100%25\\r\\n::error::x%0Ahelp: h\n"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, render(t, "github", report.Options{}, tt.d)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
		}
	}
}

// TestJUnitCases: a problem of several tenants is in each of their cases, and one outside any
// tenant is in a case of its file.
func TestJUnitCases(t *testing.T) {
	var b bytes.Buffer
	w, err := report.New("junit", &b, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	u := report.Unit{
		Tenants: []report.Tenant{{ID: "a", File: "t.yaml"}, {ID: "b", File: "t.yaml"}, {ID: "c", File: "t.yaml"}},
		Diagnostics: diag.List{
			{Severity: diag.Error, Code: diag.Conflict, Message: "m", Tenant: "a, c", Range: at(1, 1, 1, 2)},
			{Severity: diag.Error, Code: diag.Conflict, Message: "m", Tenant: "broken", Range: at(1, 1, 1, 2)},
			{Severity: diag.Error, Code: diag.Conflict, Message: "m", Range: at(1, 1, 1, 2)},
		},
	}
	if err := errors.Join(w.Add(u), w.Close(report.Summary{})); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Cases    []struct {
				Name    string    `xml:"name,attr"`
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	failed := map[string]bool{}
	for _, c := range got.Suite.Cases {
		failed[c.Name] = c.Failure != nil
	}
	want := map[string]bool{"a": true, "b": false, "c": true, "broken": true, "t.yaml": true}
	if diff := cmp.Diff(want, failed); diff != "" || got.Suite.Tests != 5 || got.Suite.Failures != 4 {
		t.Errorf("%d tests, %d failures (-want +got):\n%s", got.Suite.Tests, got.Suite.Failures, diff)
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
	if err == nil || err.Error() != `unknown format "xml": known are github, json, junit, markdown, sarif, text` {
		t.Errorf("error is %v", err)
	}
}
