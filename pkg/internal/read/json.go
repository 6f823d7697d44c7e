package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// JSON reads the single value of a file, or the values of a stream. encoding/json reports
// syntax errors; values are read here, because they need positions.
func JSON(src *data.Source, limits limit.Limits, nodes *data.Nodes) ([]*data.Node, diag.List) {
	one := jsonReader{src: src, text: string(src.Text), Nodes: nodes}
	if root := one.value(); one.next() == 0 && !one.broken {
		return []*data.Node{root}, one.diags
	}
	r := jsonReader{src: src, known: true, Nodes: nodes}
	var docs []*data.Node
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
		r.at, r.text = end-len(raw), one.text[:end]
		docs = append(docs, r.value())
		if len(docs) > limits.Of(limit.Documents) {
			limits.Report(&r.diags, limit.Documents, docs[len(docs)-1].At.Range(), "this is one value more than a file may have")
			return nil, r.diags
		}
	}
}

// jsonReader reads the values of a text, or finds that it is not JSON.
type jsonReader struct {
	src    *data.Source
	text   string // the text of src, cut before a syntax error
	at     int    // the offset to read from
	known  bool   // encoding/json has accepted the text
	broken bool   // the text read so far is not JSON, or nested too deeply
	depth  int
	diags  diag.List
	find   data.Finder
	open   []data.Field // fields of the objects being read, each after those of the enclosing one
	*data.Nodes
}

func (r *jsonReader) syntax(err error) {
	at, msg := len(r.src.Text), "the file ends inside a value"
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at, msg = int(s.Offset)-1, s.Error()
	}
	d := r.diags.Errorf(diag.Syntax, nil, "not JSON: %s", msg)
	d.Range = r.src.Range(at, at+1)
	d.Help = jsonHelp(msg)
}

// jsonHelp returns the help for an error message of encoding/json (Go 1.26), or "".
func jsonHelp(message string) string {
	refused, _ := strings.CutPrefix(message, "invalid character '")
	switch {
	case refused == message:
	case strings.HasSuffix(message, "after object key"):
		return "put a colon before it"
	case strings.HasSuffix(message, "after object key:value pair"), strings.HasSuffix(message, "after array element"):
		return "put a comma before it"
	case !strings.Contains(message, "looking for beginning of"):
	case refused[0] == '/' || refused[0] == '#':
		return "JSON has no comments: leave it out"
	case refused[0] == '}' && strings.HasSuffix(message, "of value"):
		return "give the field a value"
	case refused[0] == '}' || refused[0] == ']':
		return "leave out the comma before it"
	case strings.HasSuffix(message, "object key string"):
		return "put the name in double quotes"
	default:
		return "put a text in double quotes; other words are true, false and null"
	}
	return ""
}

// next skips spaces and returns the next byte, 0 at the end or if the text is broken.
func (r *jsonReader) next() byte {
	for ; r.at < len(r.text) && !r.broken; r.at++ {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// expect consumes the next byte, which has to be c.
func (r *jsonReader) expect(c byte) {
	if r.next() == c {
		r.at++
	} else {
		r.broken = true
	}
}

// another consumes the comma or the end after a value of an object or list, and reports whether
// another value follows.
func (r *jsonReader) another(end byte) bool {
	c := r.next()
	if c != ',' {
		r.expect(end)
		return false
	}
	r.at++
	return true
}

func (r *jsonReader) value() *data.Node {
	if r.depth++; r.depth > deepest && !r.known { // encoding/json allows a depth of 10,000
		r.broken = true
	}
	defer func() { r.depth-- }()
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
		if r.next() == ']' {
			r.at++
			return n
		}
		for more := true; more; more = r.another(']') {
			n.Elems = append(n.Elems, r.value())
		}
		return n
	case '"':
		n.Kind, n.Text = data.String, r.quoted()
	case 't', 'f':
		n.Kind, n.Text = data.Bool, r.word()
		r.broken = r.broken || n.Text != "true" && n.Text != "false"
	case 'n':
		r.broken = r.word() != "null"
	default:
		r.number(n)
	}
	n.At = r.src.Pos(start, r.at)
	return n
}

// fields reads an object, after its opening brace.
func (r *jsonReader) fields(n *data.Node) {
	if r.next() == '}' {
		r.at++
		return
	}
	first := len(r.open)
	for more := true; more; more = r.another('}') {
		if r.next() != '"' {
			r.broken = true
			break
		}
		start := r.at
		key := r.quoted()
		place := r.src.Pos(start, r.at)
		r.expect(':')
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
	n.Fields = r.Copy(r.open[first:])
	r.open = r.open[:first]
}

func (r *jsonReader) quoted() string {
	start, escapes := r.at, false
	for r.at++; r.at < len(r.text) && r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escapes = true
			r.at++
		} else if r.text[r.at] < ' ' {
			break
		}
	}
	if r.at >= len(r.text) || r.text[r.at] != '"' {
		r.broken, r.at = true, len(r.text)
		return ""
	}
	r.at++
	if !escapes {
		return r.text[start+1 : r.at-1]
	}
	var s string
	r.broken = json.Unmarshal([]byte(r.text[start:r.at]), &s) != nil
	return s
}

// word reads a number, or true, false or null.
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
	v, err := decimal.Parse(digits)
	if plain := err == nil && v.Text == digits && digits[0] != '-'; !plain && !json.Valid([]byte(text)) {
		r.broken = true
		return
	}
	if err != nil {
		d := r.diags.Errorf(diag.BadFormat, nil, "%s is not a number that a spec can hold", text)
		d.Range = r.src.Range(start, r.at)
		return
	}
	if negative {
		v = v.Negated()
	}
	*n = v
}
