package cuedata

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// TestWrittenOut compares the fields that a literal names with those that CUE returns, in
// order.
func TestWrittenOut(t *testing.T) {
	texts := map[string]bool{ // by whether v is written out
		`v: {b: 1, a: 2, "c": {d: 3}}`:                        true,
		`v: {b: 1, _h: 2, #d: 3, "_q": 4, "#q": 5, "a-b": 6}`: true,
		`v: {b: int, a: b, b: 3}`:                             true,
		`v: {}`:                                               false,
		`w: {b: 1, a: 2}, v: w`:                               false,
		`w: v: {b: 1, a: 2}, w.v`:                             false,
		`v: {b: 1, a: 2}, v: {c: 3, a: 2}`:                    false,
		`v: {b: 1} & {a: 2}`:                                  false,
		`v: {b: 1, {a: 2}}`:                                   false,
		`v: {b: 1, if true {a: 2}}`:                           false,
		`v: {b: 1, for x in ["z", "y"] {(x): 2}}`:             false,
		`v: {b: 1, "\("a")": 2}`:                              false,
		`v: {b: 1, a?: 2}`:                                    false,
		`v: {b: 1, a!: 2}`:                                    false,
		`v: {b: 1, [string]: int}`:                            false,
		`v: {b: 1, ..., let x = 2, a: x, @attribute()}`:       true,
		`v: {b: 1, "é": 2}`:                                   false,
		`v: {b: 1, X=a: 2, c: X}`:                             true,
		`[string]: {z: 1}, v: {b: 1, a: 2}`:                   false,
		`#v: {b: 1, a: 2}, v: #v`:                             false,
		`v: {null: 1, true: 2, b: 3}`:                         true,
		"v: {a: \"x\\n\", b: '\\x01', c: [1, 2.50, {d: null}], e: \"\"\"\n\tq\n\t\"\"\", f: #\"\\n\"#, g: 0x10, h: 1Ki, i: -1}":                                      true,
		`v: {a: 1e3, b: 1.5e2, c: 1_000, d: 0o17, e: 0b11, f: .5, g: 5., h: 0x1F, i: 1.5Ki, j: -1.50, k: 1E+2, l: +7, m: 0x_ff, n: 1.5M, o: 1.50e-3, p: -0, q: 0.0}`: true,
		`w: {a: {b: 1}, c: [{d: 1}]}, v: {x: w, y: w.a}`: true,
		`#d: {a?: 1, b: 2}, v: {x: #d, y: #d & {b: 2}}`:  true,
	}
	ctx := cuecontext.New()
	parsed := func(text []byte) (cue.Value, Sources) {
		f, err := parser.ParseFile("x.cue", text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return ctx.BuildFile(f), Sources{"x.cue": data.NewSource("x.cue", text)}
	}
	for text, want := range texts {
		v, sources := parsed([]byte(text))
		if err := v.Err(); err != nil && want {
			t.Errorf("%s: %v", text, err)
		}
		if _, ok := fieldsOfLiteral(v.LookupPath(cue.ParsePath("v"))); ok != want {
			t.Errorf("%s: v is written out: %t", text, ok)
		}
		compareFields(t, text, v)
		compareData(t, text, v, sources)
	}
	files, err := filepath.Glob("../../../testdata/tenants/*/*.cue")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, sources := parsed(text)
		compareFields(t, file, v)
		compareData(t, file, v, sources)
	}
}

// compareData compares the data read from the author's literals with CUE's own values.
func compareData(t *testing.T, what string, v cue.Value, sources Sources) {
	t.Helper()
	read, err := Node(v, sources, nil)
	asked, err2 := Node(v, nil, nil)
	ignored := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().Type() == reflect.TypeFor[data.Pos]() }, cmp.Ignore())
	if diff := cmp.Diff(asked, read, ignored, cmpopts.EquateEmpty()); diff != "" || (err == nil) != (err2 == nil) {
		t.Errorf("%s: %v, %v (-asked +read):\n%s", what, err, err2, diff)
	}
}

// compareFields compares the fields of a value and of all values in it.
func compareFields(t *testing.T, what string, v cue.Value) {
	t.Helper()
	it, err := v.Fields()
	if err != nil {
		return
	}
	var names []string
	for it.Next() {
		names = append(names, it.Selector().Unquoted())
		compareFields(t, what, it.Value())
	}
	fields, ok := fieldsOfLiteral(v)
	if !ok {
		return
	}
	var got []string
	for _, f := range fields {
		got = append(got, f.Name)
		if want := v.LookupPath(cue.MakePath(cue.Str(f.Name))); !f.Value.Equals(want) {
			t.Errorf("%s: %s is %v, not %v", what, f.Name, f.Value, want)
		}
	}
	if !slices.Equal(got, names) {
		t.Errorf("%s: %v has %q, and %q are written out", what, v.Path(), names, got)
	}
}
