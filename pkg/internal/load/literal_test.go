package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue/parser"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
)

// TestLiteralOrEvaluated: which CUE is read without the evaluator, with the same result as the
// evaluator's, including positions.
func TestLiteralOrEvaluated(t *testing.T) {
	tests := []struct {
		text    string
		literal bool
	}{
		{`a: 1, b: "x", c: true, d: null, e: 'bytes', f: [], g: {}, h: 1.5`, true},
		{"package p\n\na: b: c: 1, a: b: d: 2", true},
		{`"a": "1", "b-c": 2, "#x": 3, "_y": 4, $z: 5, "": 6`, true},
		{`a: 0x1f, b: 0b101, c: 0o17, d: 1_000, e: 2Ki, f: 1.5M, g: 1e3, h: 1.50, i: .5, j: 1.`, true},
		{`a: -1, b: -0, c: -1.5, d: -0.0, e: -1Ki, f: - 7`, true},
		{`a: 123456789012345678901234567890123456789012345`, true},
		{`a: -123456789012345678901234567890123456789012345.123456789`, true},
		{`a: 1e-7, b: 0.00000010, c: 0e5, d: 1E+9`, true},
		{`a: "\u00e9\n\t\"\\", b: "\U0001F600", c: '\x41\101', d: "\/"`, true},
		{"a: \"\"\"\n\tone\n\t  two \\\"\"\"\n\n\tthree\n\t\"\"\"", true},
		{"a: '''\n  one\n  two\n  '''", true},
		{`a: #"raw \(x) \n"#, b: ##"a"#b"##, c: #"\#n"#, d: #'raw'#`, true},
		{"a: #\"\"\"\n\t\\(x) \"\"\" y\n\t\"\"\"#", true},
		{`é: "ä€🙂", 日本: [1, "🙂", {ü: 1}]`, true},
		{`a: [1, [2, {b: 3}], "x"], a: [1, [2, {c: 4}], "x"]`, true},
		{`a: 1, a: 1, b: "x", b: #"x"#, c: 0x10, c: 16, d: null, d: null`, true},
		{`a: {b: 1}, a: c: 2, a: {}`, true},
		{`{"a": {"b": 1}, "c": [true]}`, true},
		{`a: 1, {b: 2, {c: 3}}`, true},
		{`{}`, true},
		{"package p\n\n{a: 1}", true},
		{"@if(prod)\npackage p\na: b", false},
		{"a: 1 // comment\n// another\nb: 2", true},
		{"a: 1\r\nb: \"\"\"\r\n\tone\r\n\ttwo\r\n\t\"\"\"\r\nc: 'x'\r\n", true},
		{"if: 1, for: 2, let: 3, in: 4, int: 5", true},
		{"tenants: x: a: 1\ntenants: y: a: 2", true},
		{"a: {x1: 1, x2: 2, x3: 3, x4: 4, x5: 5, x6: 6, x7: 7, x8: 8, x9: 9, x10: 10, x11: 11, x12: 12}\n" +
			"a: {y1: 1, y2: 2, y3: 3, y4: 4, y5: 5, y6: 6, x1: 1, y7: 7, y6: 6}", true},

		{`a: 1, a: 2`, false},
		{`a: 1, a: 1.0`, false},
		{`a: "x", a: 'x'`, false},
		{`a: 1.0, a: 1.00`, false},
		{`a: [1], a: [1, 2]`, false},
		{`a: {}, a: []`, false},
		{`a: b, b: 1`, false},
		{`a: 1 + 1`, false},
		{`a: (1)`, false},
		{`a: +1`, false},
		{`a: --1`, false},
		{`a: -"x"`, false},
		{`a: !true`, false},
		{`a: "\(1)"`, false},
		{`a: 1 | 2`, false},
		{`a: *1 | int`, false},
		{`a?: 1, b: 2`, false},
		{`a!: 1`, false},
		{`[string]: 1, b: 2`, false},
		{`_a: 1, b: 2`, false},
		{`#a: 1, b: 2`, false},
		{`_#a: 1, b: 2`, false},
		{`(a): 1, a: "b"`, false},
		{`"\(a)": 1, a: "b"`, false},
		{`"\u0061": 1`, false},
		{"\"e\u0301\": 1", false},
		{`true: 1`, false},
		{`X=a: 1`, false},
		{`a: X={b: 1}`, false},
		{`let x = 1, a: 2`, false},
		{`a: [...], b: 1`, false},
		{`a: [for x in [1] {x}]`, false},
		{`a: {b: 1, ...}`, false},
		{`if true {a: 1}`, false},
		{`5`, false},
		{`a: {5}`, false},
		{`a: 1 @tag(a)`, false},
		{`@x(y), a: 1`, false},
		{`a: {@x(y), b: 1}`, false},
		{`a: _|_`, false},
		{`a: string`, false},
		{`a: 1e500`, false},
		{`a: 15e399`, false},
		{"import \"strings\"\na: strings.ToUpper(\"x\")", false},
		{``, true},
	}
	c := newComparer(t)
	for _, tt := range tests {
		if literal := c.compare(tt.text, `id: "x"`); literal != tt.literal {
			t.Errorf("literal is %v, not %v, of\n%s", literal, tt.literal, tt.text)
		}
	}
}

// TestLiteralPackage unifies files of one package.
func TestLiteralPackage(t *testing.T) {
	c := newComparer(t)
	for want, texts := range map[bool][]string{
		true:  {"package p\n\nid: \"x\"\nlabels: a: \"1\"", "package p\nid: \"x\"\nlabels: {b: \"2\", a: \"1\"}", "package p\nlist: [{a: 1}]"},
		false: {"package p\nid: \"x\"", "package p\nid: \"y\""},
	} {
		if got := c.compare(texts...); got != want {
			t.Errorf("literal is %v of %q", got, texts)
		}
	}
}

// TestLiteralTenants reads the real tenants both ways.
func TestLiteralTenants(t *testing.T) {
	paths, err := filepath.Glob("../../../testdata/tenants/*/*.cue")
	if err != nil {
		t.Fatal(err)
	}
	c := newComparer(t)
	literal := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if c.compare(string(text)) {
			literal++
		}
	}
	t.Logf("%d of %d are literal", literal, len(paths))
	if literal == 0 || literal == len(paths) {
		t.Error("the tenants do not tell the two apart")
	}
}

// TestLiteralAtRandom reads random files both ways.
func TestLiteralAtRandom(t *testing.T) {
	const seed, files = 20261123, 2000
	r := writer{rand.New(rand.NewPCG(seed, 1))}
	c := newComparer(t)
	literal := 0
	for i := range files {
		texts := []string{"package p\nid: \"x\"\n" + r.fields(3)}
		for r.IntN(4) == 0 {
			texts = append(texts, "package p\n"+r.fields(2))
		}
		if c.compare(texts...) {
			literal++
		}
		if t.Failed() {
			t.Fatalf("file %d of seed %d:\n%s", i, seed, strings.Join(texts, "\n---\n"))
		}
	}
	t.Logf("%d of %d are literal", literal, files)
	if literal < files/5 || literal > files*4/5 {
		t.Error("the files do not tell the two apart")
	}
}

// FuzzLiteral reads any text both ways.
func FuzzLiteral(f *testing.F) {
	for _, text := range []string{"", "package p\na: b: [1, {c: \"x\"}, -2Ki, '''\n\tx\n\t''']\n", `{"a": {"b": null}, "c": [true, 1e3]}`, "a: {b: 1}\n{a: c: #\"x\"#}, if: 1"} {
		f.Add(text)
	}
	r := writer{rand.New(rand.NewPCG(20261123, 2))}
	for range 100 {
		f.Add(r.fields(3))
	}
	f.Fuzz(func(t *testing.T, text string) {
		out := &Loaded{Sources: cuedata.Sources{}}
		if src := out.source("f", []byte(text)); src == nil || !gate.CUE(out.limits, &out.Diagnostics, src) {
			return
		}
		file, err := parser.ParseFile("", text, parser.PackageClauseOnly)
		if err == nil && file.PackageName() != "" && file.PackageName() != "p" {
			return // the file belongs to another package than the unit
		}
		newComparer(t).compare(text)
	})
}

// writer writes random CUE, most of it literal.
type writer struct{ *rand.Rand }

func (w writer) pick(from ...string) string { return from[w.IntN(len(from))] }

func (w writer) fields(depth int) string {
	var b strings.Builder
	for range 1 + w.IntN(5) {
		b.WriteString(w.field(depth) + w.pick("\n", "\n", ", ", "\n\n", " // comment\n"))
	}
	return b.String()
}

func (w writer) field(depth int) string {
	label := w.pick("a", "b", "c", `"a"`, `"b"`, `"c-d"`, "é", "$x", "if", `"_y"`) + ":" + w.pick(" ", "\t", "  ")
	switch n := w.IntN(80); {
	case n == 0:
		return w.pick("_h: 1", "#d: 1", "o?: 1", "[string]: _", "let x = 1", "...", "if true {z: 1}", "z: 1 @x()", "z: x.y", "true: 1", `"\u0061": 1`)
	case n < 20:
		return label + w.field(depth)
	case n < 24 && depth > 0:
		return "{" + w.fields(depth-1) + "}"
	}
	return label + w.value(depth)
}

func (w writer) value(depth int) string {
	n := w.IntN(90)
	if depth == 0 {
		n = 20 + w.IntN(60)
	}
	switch {
	case n < 15:
		return "{" + w.pick("", "\n") + w.fields(depth-1) + "}"
	case n < 20:
		var elems []string
		for range w.IntN(3) {
			elems = append(elems, w.value(depth-1))
		}
		return "[" + strings.Join(elems, w.pick(",", ", ", ",\n")) + "]"
	case n < 50: // values that often unify
		return w.pick("1", `"x"`, "{}", "1", `#"x"#`, "0x1")
	case n < 70:
		number := w.pick("0", "1_000", "0x1f", "0b1", "0o7", "2Ki", "1e3", "1.50", "1.5", "0.0", "1e-9", "123456789012345678901234567890", "1.5Gi", "2E+4")
		return w.pick("", "", "-", "- ") + number
	case n < 79:
		return w.pick("true", "false", "null", `"\u00e9\n"`, `#"raw \(x)"#`, "'b\\xff'", `"ä🙂"`, "\"\"\"\n\t one\n\ttwo\n\n\t\"\"\"",
			"#'''\n  a\\(b)\n  '''#", `""`, `"tab	"`, "\"\"\"\n\t\"\"\"")
	}
	return w.pick("b", "1+1", `"\(1)"`, "string", "*1 | int", "[...]", "-(1)", "+1", "1 & 1", "(1)", "_|_")
}

// comparer loads CUE with and without the evaluator.
type comparer struct {
	*testing.T
	loader *Loader
	read   int
}

func newComparer(t *testing.T) *comparer {
	t.Helper()
	lib, err := library.New()
	if err != nil {
		t.Fatal(err)
	}
	tags, err := NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &comparer{t, New(lib, Options{Tags: tags}), 0}
}

// compare reports whether files of one package are literal. If they are, it compares the loaded
// data with the evaluator's.
func (c *comparer) compare(texts ...string) (literal bool) {
	c.Helper()
	c.read++
	dir := filepath.Join(c.TempDir(), fmt.Sprint(c.read))
	if err := os.Mkdir(dir, 0o700); err != nil {
		c.Fatal(err)
	}
	u := find.Unit{Path: dir, Package: "p"}
	for i, text := range texts {
		path := filepath.Join(dir, fmt.Sprint(i, ".cue"))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			c.Fatal(err)
		}
		u.Files = append(u.Files, path)
	}
	got := &Loaded{Sources: cuedata.Sources{}}
	e := c.loader.evaluation(u, got)
	root := read.CUE(e.texts(u))
	if root == nil || len(got.Diagnostics) > 0 { // neither reports a syntax error
		return false
	}
	got.add(root)
	want := &Loaded{Sources: cuedata.Sources{}}
	e = c.loader.evaluation(u, want)
	e.parse(e.texts(u))
	e.evaluateInProcess(u)
	byName := cmpopts.SortSlices(func(a, b data.Field) bool { return a.Name < b.Name })
	if diff := cmp.Diff(want, got, byName, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Loaded{}, "Sources", "limits", "tests")); diff != "" {
		c.Errorf("evaluated (-) and literal (+) differ:\n%s\n%s", diff, strings.Join(texts, "\n---\n"))
	}
	return true
}
