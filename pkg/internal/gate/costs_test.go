package gate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

func TestParts(t *testing.T) {
	for text, want := range map[string]int{
		"":                      0,
		"abc":                   3,
		"a{3}":                  3,
		"ab{2,3}c":              5,
		"(ab){3}":               6,
		"((a{9}){9}){9}":        729,
		"[a-z]{3}":              3,
		"[]a-z]{3}":             3,
		"[^]a]{3}":              3,
		`[\]a]{3}`:              3,
		"[[:alpha:]-]{3}":       3,
		`\.{3}`:                 3,
		`\d{2,}`:                2,
		"a{,3}":                 5, // not a repeat
		"{":                     1,
		"a{0}":                  1,
		"(a":                    1,
		"a)":                    1,
		"[a":                    1,
		`a\`:                    2,
		strings.Repeat("(", 99): 0,
		strings.Repeat("(", 99) + "a" + strings.Repeat("{9})", 99): manyParts,
	} {
		if got := parts(text); got != want {
			t.Errorf("%q has %d parts, not %d", text, got, want)
		}
	}
}

// TestCosts: nested costs add up, adjacent ones do not.
func TestCosts(t *testing.T) {
	limits := limit.Limits{limit.Entries: 6, limit.Depth: 5, limit.Operators: 3, limit.Interpolations: 2, limit.DisjunctionArms: 3}
	for text, refused := range map[string]bool{
		"x: 1+2+3+4":                      false,
		"x: 1+2+3+4+5":                    true,
		"x: 1+2+3+4\ny: 1+2+3+4":          false,
		"x: [1+2, 3+4, 5+6, 7+8, 9+10]":   false,
		"x: (1+2)+(3+4)":                  true,
		"x: f(1+2, 3+4)":                  false,
		"x: f(1+2, 3+4, 5+6)":             true,
		"x: a.b.c.d":                      false,
		"x: a.b.c.d.e":                    true,
		"x: a[0][0][0]":                   false,
		"x: a[0][0][0][0]":                true,
		"x: {a: 1+2+3}, y: {a: 1+2+3}":    false,
		"x: 1 | 2 | 3":                    false,
		"x: 1 | 2 | 3 | 4":                true,
		"x: [1|2, 3|4, 5|6]":              false,
		`x: "\(a)\(b)", y: "\(a)\(b)"`:    false,
		`x: "\(a)\(b)\(c)"`:               true,
		`x: "\("\("\(a)")")"`:             true,
		`x: #"\#(a) \( \( \( "#`:          false,
		"x: '''\n\t\\(a)\n\t\\(b)\n\t'''": false,
		"a: b: c: d: 1":                   false,
		"a: b: c: d: e: 1":                true,
		"a: {b: {c: {d: 1}}}":             false,
		"a: {b: {c: {d: {e: 1}}}}":        true,
		"a: [[[1]]]":                      false,
		"a: [[[[1]]]]":                    true,
		"x: 1 1 1 1":                      false,
		"x: 1 1 1 1 1":                    true,
		`x: "a) + ( + ( + [ + { + "`:      false,
		"// 1+1+1+1+1\nx: 1":              false,
		"x: [1, 2, 3, 4, 5, 6]":           false,
		"x: [1, 2, 3, 4, 5, 6, 7, 8]":     true,
		"x: [[1, 2, 3], [4, 5, 6, 7]]":    false,
		"x: f(1, 2, 3, 4, 5, 6, 7, 8)":    false,
		")":                               false,
	} {
		var diags diag.List
		Costs(limits, &diags, data.NewSource("x.cue", []byte(text)))
		if diags.HasErrors() != refused {
			t.Errorf("%s: %v", text, diags)
		}
	}
}

// FuzzCosts: every text is read to its end.
func FuzzCosts(f *testing.F) {
	for _, text := range []string{
		`x: "\(a)("` + "\n(1)", `x: "\(a`, `x: "\(`, `x: ")\(a))"`, "@a(\"\\(b)\")", `x: #"\#(a)"# + '\('`, "x: \"\"\"\n\\(", `x: =~"[`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		stuck := time.AfterFunc(5*time.Second, func() { panic(fmt.Sprintf("does not end: %q", text)) })
		defer stuck.Stop()
		var diags diag.List
		Costs(nil, &diags, data.NewSource("x.cue", []byte(text)))
	})
}
