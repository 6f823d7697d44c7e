package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue/literal"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

func newLoader(t testing.TB, o load.Options) *load.Loader {
	t.Helper()
	lib, err := library.New(schemas()...)
	if err != nil {
		t.Fatal(err)
	}
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Tags, o.Evaluator = tags, load.Evaluator{Unbounded: true}
	return load.New(lib, o)
}

// TestPlacesHoldTheirText reads every real tenant, and compares each key and plain value with
// the text at its position.
func TestPlacesHoldTheirText(t *testing.T) {
	units, diags, err := find.Find(t.Context(), find.Disk{}, []string{"../../../testdata/tenants/..."})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	l := newLoader(t, load.Options{})
	c := checker{T: t, sources: map[string]*data.Source{}}
	for _, u := range units {
		loaded, err := l.Load(t.Context(), u)
		if err != nil || len(loaded.Diagnostics) > 0 {
			t.Fatal(err, loaded.Diagnostics)
		}
		for _, doc := range loaded.Documents {
			c.node(doc.Root)
		}
	}
	if c.keys < 1000 || c.values < 1000 {
		t.Errorf("only %d keys and %d values had a place of their own", c.keys, c.values)
	}
}

type checker struct {
	*testing.T
	sources      map[string]*data.Source
	keys, values int
}

func (c *checker) node(n *data.Node) {
	for _, f := range n.Fields {
		at := f.At.Range()
		if text, ok := c.text(at); ok && at != f.Value.At.Range() {
			c.keys++
			if unquote(at.File, text) != f.Name {
				c.Errorf("%s:%d:%d: key %q stands at %q", at.File, at.Line, at.Column, f.Name, text)
			}
		}
		c.node(f.Value)
	}
	for _, e := range n.Elems {
		c.node(e)
	}
	at := n.At.Range()
	text, ok := c.text(at)
	if !ok || n.Kind == data.Struct || n.Kind == data.List || computed(at.File, text) {
		return
	}
	c.values++
	if got := unquote(at.File, text); got != n.Text && n.Kind == data.String {
		c.Errorf("%s:%d:%d: value %q stands at %q", at.File, at.Line, at.Column, n.Text, text)
	}
}

// text returns the text at a position of an author's file.
func (c *checker) text(r diag.Range) (string, bool) {
	if _, err := os.Stat(r.File); err != nil || r.Line == 0 {
		return "", false
	}
	src := c.sources[r.File]
	if src == nil {
		b, err := os.ReadFile(r.File)
		if err != nil {
			c.Fatal(err)
		}
		src = data.NewSource(r.File, b)
		c.sources[r.File] = src
	}
	return string(src.Text[src.Offset(r.Line, r.Column):src.Offset(r.EndLine, r.EndColumn)]), true
}

// computed reports whether a position is that of an expression, not of a plain value.
func computed(file, text string) bool {
	if strings.HasPrefix(text, "|") || strings.HasPrefix(text, ">") {
		return true // a YAML block, which ends where the next key begins
	}
	if filepath.Ext(file) != ".cue" {
		return false
	}
	_, err := literal.Unquote(text)
	return err != nil || strings.Contains(text, `\(`)
}

func unquote(file, text string) string {
	if filepath.Ext(file) == ".cue" {
		if s, err := literal.Unquote(text); err == nil {
			return s
		}
		return text
	}
	var s string
	if err := yaml.Unmarshal([]byte(text), &s); err != nil {
		return text
	}
	return s
}
