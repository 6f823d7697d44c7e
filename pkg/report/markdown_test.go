package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// TestMarkdownAlike: a problem at many positions, or of many tenants, is one row.
func TestMarkdownAlike(t *testing.T) {
	var diags diag.List
	for i := range 3000 {
		id := fmt.Sprintf("t%d", i)
		diags = append(diags, diag.Diagnostic{Severity: diag.Error, Code: diag.Policy, Tenant: id, Message: "tenant " + id + ": image is \"nginx\"", Range: at(i+1, 1, i+1, 2)})
	}
	diags = append(diags, diag.Diagnostic{Severity: diag.Warning, Code: diag.Approximated, Message: "other", Range: at(7, 1, 7, 2)})
	o := report.Options{Link: func(file string, line int) string { return fmt.Sprintf("https://example.com/%s#L%d", file, line) }}
	const want = "**1 tenant: 3001 errors, 0 warnings**\n\n| | place | problem | code |\n| --- | --- | --- | --- |\n" +
		"| error | [t.yaml:1:1](https://example.com/t.yaml#L1) and 2999 more | image is \"nginx\" | policy |\n" +
		"| warning | [t.yaml:7:1](https://example.com/t.yaml#L7) | other | approximated |\n"
	if diff := cmp.Diff(want, render(t, "markdown", o, diags...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMarkdownSize: a report is below 1 MiB, and counts what it omits.
func TestMarkdownSize(t *testing.T) {
	var diags diag.List
	for i := range 2000 {
		diags = append(diags, diag.Diagnostic{Severity: diag.Error, Code: diag.Conflict, Message: fmt.Sprint(i, strings.Repeat(" long", 200)), Range: at(i+1, 1, i+1, 2)})
	}
	text := render(t, "markdown", report.Options{}, diags...)
	shown := strings.Count(text, "| error |")
	if end := fmt.Sprintf("\n**Not shown: %d errors, 0 warnings, 0 notes.**\n", 2000-shown); len(text) > 1<<20 || shown < 500 || !strings.HasSuffix(text, end) {
		t.Errorf("%d bytes with %d rows, and not %q at the end: %q", len(text), shown, end, text[len(text)-100:])
	}
}
