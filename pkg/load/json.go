package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// readJSON reads the one value of a file, or the several of a stream.
func readJSON(src *data.Source) ([]*data.Node, diag.List) {
	r := jsonReader{src: src, dec: json.NewDecoder(bytes.NewReader(src.Text))}
	r.dec.UseNumber()
	var docs []*data.Node
	for {
		doc, err := r.value()
		if errors.Is(err, io.EOF) {
			return docs, r.diags
		}
		if err != nil {
			r.syntax(err)
			return nil, r.diags
		}
		docs = append(docs, doc)
	}
}

type jsonReader struct {
	src   *data.Source
	dec   *json.Decoder
	diags diag.List
}

func (r *jsonReader) syntax(err error) {
	at := int(r.dec.InputOffset())
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at = int(s.Offset) - 1
	}
	msg := strings.TrimPrefix(err.Error(), "json: ")
	if errors.Is(err, io.ErrUnexpectedEOF) {
		at, msg = len(r.src.Text), "the file ends inside a value"
	}
	d := r.diags.Errorf(diag.Syntax, nil, "not JSON: %s", msg)
	d.Range = r.src.Range(at, at+1)
}

// next returns the next token and the offset that it begins at.
func (r *jsonReader) next() (json.Token, int, error) {
	at := int(r.dec.InputOffset())
	for at < len(r.src.Text) && strings.IndexByte(" \t\r\n,:", r.src.Text[at]) >= 0 {
		at++
	}
	t, err := r.dec.Token()
	return t, at, err
}

func (r *jsonReader) value() (*data.Node, error) {
	t, at, err := r.next()
	if err != nil {
		return nil, err
	}
	n := &data.Node{}
	end := int(r.dec.InputOffset())
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			n.Kind, err = data.Struct, r.fields(n)
		} else {
			n.Kind, err = data.List, r.elems(n)
		}
		end = at + 1
	case string:
		n.Kind, n.Text = data.String, t
	case bool:
		n.Kind, n.Text = data.Bool, strconv.FormatBool(t)
	case json.Number:
		n = r.number(t.String(), at)
	}
	n.At = r.src.Range(at, end)
	return n, inside(err)
}

// inside turns the end of the input within a value into an error of its own.
func inside(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (r *jsonReader) number(text string, at int) *data.Node {
	digits, negative := strings.CutPrefix(text, "-")
	n, err := data.Number(digits)
	if err != nil {
		d := r.diags.Errorf(diag.BadFormat, nil, "%s is not a number that a spec can hold", text)
		d.Range = r.src.Range(at, at+len(text))
		return &data.Node{}
	}
	if negative {
		return n.Negated()
	}
	return n
}

func (r *jsonReader) fields(n *data.Node) error {
	for r.dec.More() {
		t, at, err := r.next()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return fmt.Errorf("a key must be a text")
		}
		place := r.src.Range(at, int(r.dec.InputOffset()))
		v, err := r.value()
		if err != nil {
			return inside(err)
		}
		if first := n.Field(key); first != nil {
			d := r.diags.Errorf(diag.Duplicate, nil, "key %q is already set in this object", key)
			d.Range = place
			d.Related = []diag.Related{{Range: first.At, Message: "first set here"}}
			continue
		}
		n.Fields = append(n.Fields, data.Field{Name: key, At: place, Value: v})
	}
	_, _, err := r.next()
	return err
}

func (r *jsonReader) elems(n *data.Node) error {
	for r.dec.More() {
		v, err := r.value()
		if err != nil {
			return inside(err)
		}
		n.Elems = append(n.Elems, v)
	}
	_, _, err := r.next()
	return err
}
