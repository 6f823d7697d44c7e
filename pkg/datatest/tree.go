package datatest

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Inside returns an error if a place is not one of a file's text. The file as a whole is.
func Inside(src *data.Source, r diag.Range) error {
	if r == (diag.Range{}) || r == (diag.Range{File: src.Name}) {
		return nil
	}
	lines := bytes.Split(src.Text, []byte("\n"))
	beyond := func(line, column int) bool {
		return line < 1 || line > len(lines) || column < 1 || column > utf8.RuneCount(lines[line-1])+1
	}
	switch {
	case r.File != src.Name:
		return fmt.Errorf("%+v is of no file that was read", r)
	case beyond(r.Line, r.Column) || beyond(r.EndLine, r.EndColumn):
		return fmt.Errorf("%+v is beyond the text", r)
	case r.EndLine < r.Line || r.EndLine == r.Line && r.EndColumn < r.Column:
		return fmt.Errorf("%+v ends before it begins", r)
	}
	return nil
}

// DiagnosticsInside returns an error if a diagnostic's place, or another that it speaks
// of, is not in the text. Places of the schema are passed over.
func DiagnosticsInside(src *data.Source, diags diag.List) error {
	for _, d := range diags {
		if err := Inside(src, d.Range); err != nil {
			return fmt.Errorf("%s: %w", d.Message, err)
		}
		for _, r := range d.Related {
			if r.File != src.Name {
				continue
			}
			if err := Inside(src, r.Range); err != nil {
				return fmt.Errorf("%s: %s: %w", d.Message, r.Message, err)
			}
		}
	}
	return nil
}

// TreeInside returns an error if the place of a value or of a field's name is not in the
// text. What the schema supplied is passed over.
func TreeInside(src *data.Source, n *data.Node) error {
	places := []data.Pos{n.At}
	for _, f := range n.Fields {
		places = append(places, f.At)
	}
	for _, at := range places {
		if r := at.Range(); r.File == src.Name {
			if err := Inside(src, r); err != nil {
				return err
			}
		}
	}
	for _, f := range n.Fields {
		if err := TreeInside(src, f.Value); err != nil {
			return err
		}
	}
	for _, e := range n.Elems {
		if err := TreeInside(src, e); err != nil {
			return err
		}
	}
	return nil
}

// Diff returns how two trees differ, places included; "" where they do not.
func Diff(a, b *data.Node) string {
	if same(a, b) {
		return ""
	}
	return cmp.Diff(a, b)
}

// same is quick, as fuzzers need it.
func same(a, b *data.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Text != b.Text || !a.At.Equal(b.At) || len(a.Fields) != len(b.Fields) || len(a.Elems) != len(b.Elems) {
		return false
	}
	for i := range a.Fields {
		x, y := &a.Fields[i], &b.Fields[i]
		if x.Name != y.Name || !x.At.Equal(y.At) || !same(x.Value, y.Value) {
			return false
		}
	}
	for i := range a.Elems {
		if !same(a.Elems[i], b.Elems[i]) {
			return false
		}
	}
	return true
}
