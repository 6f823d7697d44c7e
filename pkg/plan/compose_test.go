package plan_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestCompose writes values in brackets into formats, and finds invalid braces.
func TestCompose(t *testing.T) {
	for format, want := range map[string]string{
		"":               "",
		"a":              "a",
		"{a}":            "[a]",
		"x{a}{b}y{a}":    "x[a][b]y[a]",
		"{{a}}":          "{a}",
		"{{{a}}}":        "{[a]}",
		"a}b{":           "a}b{",
		"{a":             "{a",
		`{"k": "{{{a}"}`: `["k": "{{{a]"}`,
		"{}{a}":          "{}[a]",
	} {
		e := plan.EnvValue{Format: format}
		got := e.Compose(func(text string) string { return text }, func(name string, _ plan.EnvSource) string { return "[" + name + "]" })
		if got != want {
			t.Errorf("%q is %q, not %q", format, got, want)
		}
		wrong := map[string]bool{"a}b{": true, "{a": true, `{"k": "{{{a}"}`: true, "{}{a}": true}
		if _, lone := e.Parts(); lone != wrong[format] {
			t.Errorf("%q has a lone brace: %t", format, lone)
		}
	}
}
