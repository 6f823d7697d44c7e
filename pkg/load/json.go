package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// readJSON reads the one value of a file, or the several of a stream. What is JSON, and
// what is wrong with a text that is none, is for encoding/json to say; values are then
// read here, for the sake of their places.
func readJSON(src *data.Source, limits Limits) ([]*data.Node, diag.List) {
	r := jsonReader{src: src, text: string(src.Text)}
	if json.Valid(src.Text) {
		return []*data.Node{r.value()}, r.diags
	}
	text, docs := r.text, []*data.Node(nil)
	dec := json.NewDecoder(bytes.NewReader(src.Text))
	for {
		var raw json.RawMessage
		err := dec.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return docs, r.diags
		}
		if err != nil {
			r.syntax(err)
			return nil, r.diags
		}
		end := int(dec.InputOffset())
		r.at, r.text = end-len(raw), text[:end]
		docs = append(docs, r.value())
		if len(docs) > limits.Of(Documents) {
			limits.report(&r.diags, Documents, docs[len(docs)-1].At.Range(), "this is one value more than a file may have")
			return nil, r.diags
		}
	}
}

// jsonReader reads values of a text that is known to be JSON where it reads.
type jsonReader struct {
	src   *data.Source
	text  string // that of src, up to where it is known
	at    int    // the offset to read from
	diags diag.List
	find  data.Finder
	open  []data.Field // of the objects that are being read, each behind the one around it
	data.Nodes
}

func (r *jsonReader) syntax(err error) {
	at, msg := len(r.src.Text), "the file ends inside a value"
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at, msg = int(s.Offset)-1, s.Error()
	}
	d := r.diags.Errorf(diag.Syntax, nil, "not JSON: %s", msg)
	d.Range = r.src.Range(at, at+1)
}

// next goes on to the next byte that is neither space nor separator, and returns it.
func (r *jsonReader) next() byte {
	for {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			r.at++
		default:
			return c
		}
	}
}

func (r *jsonReader) value() *data.Node {
	n := r.New()
	first, start := r.next(), r.at
	switch first {
	case '{':
		r.at++
		n.Kind, n.At = data.Struct, r.src.Pos(start, r.at)
		r.fields(n)
		return n
	case '[':
		r.at++
		n.Kind, n.At = data.List, r.src.Pos(start, r.at)
		for r.next() != ']' {
			n.Elems = append(n.Elems, r.value())
		}
		r.at++
		return n
	case '"':
		n.Kind, n.Text = data.String, r.quoted()
	case 't', 'f':
		n.Kind, n.Text = data.Bool, r.word()
	case 'n':
		r.word()
	default:
		r.number(n)
	}
	n.At = r.src.Pos(start, r.at)
	return n
}

// fields reads an object from behind its brace to behind its end.
func (r *jsonReader) fields(n *data.Node) {
	first := len(r.open)
	for r.next() != '}' {
		start := r.at
		key := r.quoted()
		place := r.src.Pos(start, r.at)
		v := r.value()
		n.Fields = r.open[first:]
		if earlier := r.find.Field(n, key); earlier != nil {
			d := r.diags.Errorf(diag.Duplicate, nil, "key %q is already set in this object", key)
			d.Range = place.Range()
			d.Related = []diag.Related{{Range: earlier.At.Range(), Message: "first set here"}}
			continue
		}
		r.open = append(r.open, data.Field{Name: key, At: place, Value: v})
	}
	r.at++
	n.Fields = slices.Clone(r.open[first:])
	r.open = r.open[:first]
}

func (r *jsonReader) quoted() string {
	start, escapes := r.at, false
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escapes = true
			r.at++
		}
	}
	r.at++
	if !escapes {
		return r.text[start+1 : r.at-1]
	}
	var s string
	_ = json.Unmarshal([]byte(r.text[start:r.at]), &s) // it is valid
	return s
}

// word reads a number, or true, false or null: up to what cannot be part of it.
func (r *jsonReader) word() string {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n,]}", r.text[r.at]) < 0 {
		r.at++
	}
	return r.text[start:r.at]
}

func (r *jsonReader) number(n *data.Node) {
	start := r.at
	text := r.word()
	digits, negative := strings.CutPrefix(text, "-")
	v, err := data.Number(digits)
	if err != nil {
		d := r.diags.Errorf(diag.BadFormat, nil, "%s is not a number that a spec can hold", text)
		d.Range = r.src.Range(start, r.at)
		return
	}
	if negative {
		v = v.Negated()
	}
	*n = *v
}
