package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// FuzzJSON compares values with those of encoding/json, and positions with the text at them.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"a": 1, "b": [true, false, null], "c": {"d": "e"}}`, `{}`, `[]`, `[[],{}]`, `"x"`, `7`, "", " \n",
		`{"a":"\u00e9\n\"\\\/","\u0061b":"\ud83d\ude42","c":"\ud800"}`, `{"é": "ä🙂", "": ""}`,
		`[0, -0, -0.0, 1.50, -1e3, 1E+9, 1e-7, 123456789012345678901234567890]`, "\t[ 1\r\n,2 ]\n",
		`{"a": 1} {"b": 2} [3]`, `1 2`, `1"x"`, `[1`, `{"a"`, `{"a":`, `{"a": 1,}`, `[1,]`, `{} x`, `[1e999]`, `nul`, `truefalse`, `{"\`, `"a`, "\"\t\"", `[01, 1.]`, `--1`, `{"a" 1}`, `[1 2]`, `{,}`, `{"a":1}{`,
		strings.Repeat("[", 20000),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || strings.HasPrefix(text, "\uFEFF") {
			return // such a text is not read by this reader
		}
		src := data.NewSource("f", []byte(text))
		docs, diags := JSON(src, nil, new(data.Nodes))
		want, err := decodeAll(src.Text)
		if err != nil {
			if len(diags) == 0 || diags[len(diags)-1].Code != diag.Syntax || docs != nil {
				t.Fatalf("%q: %v, but %v", text, err, diags)
			}
			return
		}
		for _, d := range diags {
			if d.Code != diag.Duplicate && d.Code != diag.BadFormat {
				t.Fatalf("%q is JSON, but %v", text, d)
			}
		}
		if len(diags) > 0 {
			return
		}
		var got []any
		for _, doc := range docs {
			got = append(got, plainJSON(t, src, doc))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, not %v", text, got, want)
		}
	})
}

func decodeAll(text []byte) (all []any, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	for {
		var v any
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
}

// plainJSON converts a node to a value of encoding/json. Numbers are read from their positions.
func plainJSON(t *testing.T, src *data.Source, n *data.Node) any {
	t.Helper()
	at := n.At.Range()
	text := string(src.Text[src.Offset(at.Line, at.Column):src.Offset(at.EndLine, at.EndColumn)])
	switch n.Kind {
	case data.Struct:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Name] = plainJSON(t, src, f.Value)
		}
		return m
	case data.List:
		l := []any{}
		for _, e := range n.Elems {
			l = append(l, plainJSON(t, src, e))
		}
		return l
	case data.String:
		var s string
		if err := json.Unmarshal([]byte(text), &s); err != nil || s != n.Text {
			t.Errorf("%q stands at %q", n.Text, text)
		}
		return n.Text
	case data.Bool:
		return n.Text == "true"
	case data.Null:
		return nil
	}
	return json.Number(text)
}
