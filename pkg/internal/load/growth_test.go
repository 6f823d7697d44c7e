//go:build unix

package load

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// constructs generate texts of about that many bytes, by the construct that they repeat.
var constructs = map[string]func(bytes int) string{
	"yaml: tagged scalars on a line":      func(n int) string { return "x: [" + strings.Repeat("!!str aaaaaa, ", n/14) + "]\n" },
	"yaml: anchored scalars on a line":    func(n int) string { return "x: [" + numbered(n/14, "&a%d aaaa, ") + "]\n" },
	"yaml: tagged empty scalars":          func(n int) string { return "x: [" + strings.Repeat("!!str , ", n/8) + "]\n" },
	"yaml: quoted scalars beyond ASCII":   func(n int) string { return "x: [" + strings.Repeat(`"é!", `, n/7) + "]\n" },
	"yaml: plain scalars of many lines":   func(n int) string { return "x: [" + strings.Repeat("aaa\n  bbb, ", n/12) + "]\n" },
	"yaml: block scalars":                 func(n int) string { return numbered(n/24, "x%08d: |-\n  aaa\n  bb\n") },
	"yaml: other line breaks":             func(n int) string { return "x: [" + strings.Repeat("\"a\",\u2028 ", n/9) + "]\n" },
	"yaml: keys on a line":                func(n int) string { return "x: {" + numbered(n/14, "k%08d: 1, ") + "}\n" },
	"yaml: keys beyond ASCII":             func(n int) string { return "é: {" + numbered(n/14, "é%08d: 1, ") + "}\n" },
	"yaml: comments":                      func(n int) string { return strings.Repeat("# aaaaaaaaaaa\n", n/14) + "x: 1\n" },
	"yaml: comments between keys":         func(n int) string { return numbered(n/28, "# aaaaaaaaaa\nk%08d: 1 # a\n") },
	"yaml: directives":                    func(n int) string { return strings.Repeat("%TAG !a! tag:x:\n", n/16) + "---\nx: 1\n" },
	"yaml: directives that mean nothing":  func(n int) string { return strings.Repeat("%FOO bar\n", n/9) + "---\nx: 1\n" },
	"yaml: documents":                     func(n int) string { return strings.Repeat("---\nx: aaaaaaaaaaaaa\n", n/22) },
	"yaml: one text":                      func(n int) string { return "x: " + strings.Repeat("a", n) + "\n" },
	"yaml: one quoted text of many lines": func(n int) string { return "x: \"" + strings.Repeat("aaaaaaa\n  ", n/10) + "\"\n" },
	"yaml: an open quote":                 func(n int) string { return "x: \"" + strings.Repeat("aaaaaaa ", n/8) },
	"yaml: merges of one mapping": func(n int) string {
		return "a: &a {b: 1, c: 2}\nx: [" + strings.Repeat("{<<: *a}, ", min(n/10, 12000)) + "]\n"
	},
	"yaml: wrong tags":                  func(n int) string { return "é: [" + strings.Repeat("!x aaaa, ", n/9) + "]\n" },
	"yaml: the same key":                func(n int) string { return "é: {" + strings.Repeat("a: aaaa, ", n/9) + "}\n" },
	"json: a stream of one value":       func(n int) string { return strings.Repeat(`{"id": "é"} `, n/13) },
	"json: a stream on a line, broken":  func(n int) string { return strings.Repeat(`{"id": "é"} `, n/13) + "]" },
	"json: the same key":                func(n int) string { return `{"é": {` + strings.Repeat(`"a": 1, `, n/8) + `"b": 1}}` },
	"json: keys":                        func(n int) string { return `{"é": {` + numbered(n/17, `"k%08d": 1, `) + `"b": 1}}` },
	"json: escaped texts":               func(n int) string { return `{"é": [` + strings.Repeat(`"\u00e9", `, n/10) + `1]}` },
	"json: numbers that none can hold":  func(n int) string { return `{"é": [` + strings.Repeat(`1e999, `, n/7) + `1]}` },
	"json: lists":                       func(n int) string { return `{"é": [` + strings.Repeat(`[[[]]], `, n/8) + `1]}` },
	"cue: fields":                       func(n int) string { return numbered(n/14, "k%08d: 1\n") },
	"cue: fields beyond ASCII, a line":  func(n int) string { return "\"é\": {" + numbered(n/14, "k%08d: 1, ") + "}\n" },
	"cue: comments":                     func(n int) string { return strings.Repeat("// aaaaaaaaaa\n", n/14) + "x: 1\n" },
	"cue: attributes":                   func(n int) string { return strings.Repeat("x: 1 @a(b)\n", n/11) },
	"cue: brackets in an attribute":     func(n int) string { return "@a(" + strings.Repeat("[{()}], ", n/8) + ")\nx: 1\n" },
	"cue: broken lines":                 func(n int) string { return strings.Repeat("a b\n", n/4) },
	"cue: unknown characters":           func(n int) string { return strings.Repeat("x: $?\n", n/6) },
	"cue: open texts":                   func(n int) string { return strings.Repeat("x: \"a\n", n/6) },
	"cue: open texts of many lines":     func(n int) string { return strings.Repeat("\"\"\"\n", n/4) },
	"cue: interpolations":               func(n int) string { return "a: 1\n" + strings.Repeat("x: \"\\(a)\"\n", n/10) },
	"cue: package clauses":              func(n int) string { return strings.Repeat("package a\n", n/10) },
	"cue: imports":                      func(n int) string { return strings.Repeat("import \"x\"\n", n/11) },
	"cue: an @if":                       func(n int) string { return "@if(" + strings.Repeat("a && ", n/5) + "a)\npackage a\nx: 1\n" },
	"cue: list elements":                func(n int) string { return "x: [" + strings.Repeat("1, ", n/3) + "]\n" },
	"cue: structs unified with another": func(n int) string { return strings.Repeat("x: {a: 1}\n", n/10) },
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestGrowth loads each construct at n, 2n and 4n bytes, as the parent process does, with all
// limits lifted except those of the construct. The time must not grow faster than n log n: four
// times the size takes less than ten times as long, where quadratic growth takes sixteen. It
// measures processor time, which other processes do not lengthen.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	limits := limit.Limits{limit.Values: 1 << 30, limit.TenantValues: 1 << 30, limit.Entries: 1 << 30, limit.Documents: 1 << 30, limit.StringBytes: 1 << 30}
	for name, text := range constructs {
		t.Run(name, func(t *testing.T) {
			lang, _, _ := strings.Cut(name, ":")
			n := 64 << 10
			first := timeOf(t, lang, text(n), limits)
			for first < 20*time.Millisecond && n < 1<<20 {
				n *= 2
				first = timeOf(t, lang, text(n), limits)
			}
			for range 3 { // a collection may run in one of them
				half, last := timeOf(t, lang, text(2*n), limits), timeOf(t, lang, text(4*n), limits)
				if last < 10*max(first, 5*time.Millisecond) {
					t.Logf("%d KiB: %s, %s, %s", n>>10, first, half, last)
					return
				}
				t.Logf("%d KiB: %s, %s, %s, which is too much", n>>10, first, half, last)
				first = max(first, timeOf(t, lang, text(n), limits))
			}
			t.Error("the time grows faster than n log n")
		})
	}
}

// timeOf returns the processor time of loading a text.
func timeOf(t *testing.T, lang, text string, limits limit.Limits) time.Duration {
	l := loader(t, limits)
	start := processorTime(t)
	out := &Loaded{Sources: map[string]*data.Source{}, limits: limits}
	src := out.source("-", []byte(text))
	switch {
	case src == nil:
	case lang == "cue":
		read.PackageOf("-", src.Text[:min(len(src.Text), gate.Small+1)])
		e := l.evaluation(find.Unit{Path: "-"}, out)
		e.literal(find.Unit{Path: "-"}, []*data.Source{src})
	default:
		_ = l.inLanguage(t.Context(), find.Unit{Path: "-"}, out, lang, src)
	}
	return processorTime(t) - start
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
