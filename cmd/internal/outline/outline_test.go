package outline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
)

// TestOutline shows outlines of texts, whole ones and such as are being written: each field with
// its value in quotes, or the kind of it.
func TestOutline(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a.cue", `
package p
import "x"
id: "a"
#web: {image: string}
workloads: web: containers: app: #web & {
	image: "x:1" // comment
	"quoted": [1, {a: 2}, "c"]
	ports: http?: 80
	X=alias: true, y: X
	if id == "a" {more: 1}
	for k, v in y {(k): v}
	let z = {no: 1}
	text: """
		b: "x"
		"""
	[string]: {p: 1}
	ima
}
`, `id="a" #web{image=string} workloads{web{containers{app{image="x:1" quoted[[0]=1 [1]{a=2} [2]="c"] ports{http=80} alias=true y=X more=1 *=v text="\n\t\tb: \"x\"\n\t\t" *{p=1} ima}}}}`},
		{"broken.cue", "a: {b: 1, c: {d: \"x\ne: 2\nf:\ng: 3", `a{b=1 c{d="x" e=2 f g=3}}`},
		{"a.json", `{"a": {"b": [1, 2], "c": "x\"y", "d": null}, "e": `, `a{b[[0]=1 [1]=2] c="x\"y" d=null} e`},
		{"a.yaml", `
# comment
id: a   # comment
"quoted": 'text'
list:
- x: 1
  y: 2
- [a, {b: c}]
- word
nested:
  deep: &anchor
    - - a
      - b
    - {c: d, e: [f, g], "h": i:j}
  text: |
    b: c

    d
  after: >-
    x
  empty:
  url: http://x:80/
ima
`, `id=a quoted="text" list[[0]{x=1 y=2} [1][[0]=a [1]{b=c}] [2]=word] nested{deep[[0][[0]=a [1]=b] [1]{c=d e[[0]=f [1]=g] h=i:j}] text="    b: c\n\n    d" after="    x" empty url=http://x:80/} ima`},
		{"several.yaml", "---\na: 1\n---\nb: {\n c: 1,\n d: \n}\n", `a=1 / b{c=1 d}`},
		{"broken.yaml", "a:\n  b: {c: [1, 2\nd: 1\n", `a{b{c[[0]=1 [1]=2]}} d=1`},
		{"half.yaml", "a:\n  b:\n    c: 1\n    ima\n  d: 1\n", `a{b{c=1 ima} d=1}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, shown(outline.Of(test.name, test.text))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func shown(o *outline.Outline) string {
	var all []string
	for _, d := range o.Documents {
		all = append(all, strings.TrimSuffix(strings.TrimPrefix(show(d), "{"), "}"))
	}
	return strings.Join(all, " / ")
}

func show(n *outline.Node) string {
	var inner []string
	for _, c := range n.Children {
		inner = append(inner, c.Name+show(c))
	}
	switch {
	case n.Kind == outline.List:
		return "[" + strings.Join(inner, " ") + "]"
	case len(inner) > 0:
		return "{" + strings.Join(inner, " ") + "}"
	case n.Kind == outline.Scalar && n.Quoted:
		return fmt.Sprintf("=%q", n.Text)
	case n.Kind == outline.Scalar:
		return "=" + n.Text
	}
	return ""
}

// TestSpans holds the places of fields to the text: a key is where its name is, and a value in it.
func TestSpans(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/tenants/*/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		hold(t, outline.Of(file, string(text)))
	}
}

// TestHostile has texts that are deep or broken looked at.
func TestHostile(t *testing.T) {
	for _, part := range []string{"{", "[", "a: ", "- ", "{[", "a: [", "{a: ", "((", "\"", "[(", "- a:\n ", "  - a: {b: [\n", "for x in {", "\"\"\"\n", "#"} {
		for _, name := range []string{"a.cue", "a.yaml"} {
			hold(t, outline.Of(name, strings.Repeat(part, (1<<18)/len(part))))
		}
	}
}

// hold holds the spans of an outline to being in the text, and in those that they are in.
func hold(t *testing.T, o *outline.Outline) {
	t.Helper()
	var check func(n *outline.Node)
	check = func(n *outline.Node) {
		for _, s := range []outline.Span{n.Key, n.Value} {
			if s.Start < 0 || s.End < s.Start || s.End > len(o.Text) {
				t.Fatalf("%s is at %v of %d bytes in\n%s", n.Path(), s, len(o.Text), o.Text)
			}
		}
		for _, c := range n.Children {
			if c.Parent != n {
				t.Fatalf("%s is not in %s", c.Path(), n.Path())
			}
			check(c)
		}
	}
	for _, d := range o.Documents {
		check(d)
	}
}

// FuzzOutline holds any text to an outline within it, in each language.
func FuzzOutline(f *testing.F) {
	f.Add("a: {b: [1, \"x\", 'y'}\n- z: |\n  t\n", 1)
	f.Add("#\"x\"#: [(a): {for x in y {", 5)
	f.Fuzz(func(t *testing.T, text string, offset int) {
		for _, name := range []string{"a.cue", "a.yaml", "a.json"} {
			o := outline.Of(name, text)
			hold(t, o)
			n, _ := o.At(min(max(offset, 0), len(text)))
			n.Tenant()
		}
	})
}
