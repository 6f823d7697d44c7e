package read

import (
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// CUE reads CUE files that contain only data, and unifies them, without CUE's parser or
// evaluator. It returns nil if anything needs CUE itself: a reference, a constraint, an import,
// an attribute, two values that conflict, a mistake.
func CUE(files []*data.Source) *data.Node {
	root := &data.Node{Kind: data.Struct}
	var r literalReader
	for _, src := range files {
		f, ok := r.file(src)
		if !ok || !r.merge(root, f) {
			return nil
		}
		if root.At.IsZero() {
			root.At = f.At
		}
	}
	if len(root.Fields) == 0 {
		return nil
	}
	return root
}

// literalReader reads a file token by token, and stops at anything other than data.
type literalReader struct {
	src    *data.Source
	broken bool // the scanner found an error
	gate.Tokens

	tok   token.Token
	lit   string
	at    int // the offset of the token
	depth int

	first, embedded data.Pos // the first label, and the first embedded struct of the file
	find            data.Finder
	open            []data.Field // fields of the structs being read, each after those of the enclosing one
	data.Nodes
}

// deepest limits the nesting of structs, lists and labels here; beyond it, the language's own
// parser reports the error.
const deepest = 1000

// begin reads the first token of a text.
func (r *literalReader) begin(src *data.Source) {
	r.src = src
	r.Init(src, func(token.Pos, string, []any) { r.broken = true })
	r.next()
}

func (r *literalReader) next() {
	pos, tok, lit := r.Scanner.Scan()
	if r.broken {
		tok = token.ILLEGAL
	}
	r.at, r.tok, r.lit = pos.Offset(), tok, lit
}

// here returns the position from an offset to the end of the current token, whose length is
// bytes.
func (r *literalReader) here(start, bytes int) data.Pos { return r.src.Pos(start, r.at+bytes) }

// file reads a file, and reports whether it is all literal. The file's position is the label of
// its first field, or else its first declaration.
func (r *literalReader) file(src *data.Source) (n *data.Node, ok bool) {
	r.begin(src)
	r.Nodes = data.NodesOf(len(src.Text))
	r.first, r.embedded = data.Pos{}, data.Pos{}
	n = &data.Node{Kind: data.Struct}
	start := r.at
	if r.tok == token.IDENT && r.lit == "package" {
		r.next()
		if r.tok != token.IDENT {
			return nil, false
		}
		n.At = r.here(start, len(r.lit))
		r.next()
		if !r.comma(token.EOF) {
			return nil, false
		}
	}
	if !r.fields(n, 0, token.EOF) {
		return nil, false
	}
	if !r.first.IsZero() {
		n.At = r.first
	} else if n.At.IsZero() {
		n.At = r.embedded
	}
	n.Fields, r.open = r.Copy(r.open), r.open[:0]
	return n, true
}

// comma consumes the separator of declarations or elements, and reports whether the separator
// or the end is present.
func (r *literalReader) comma(end token.Token) bool {
	if r.tok == token.COMMA {
		r.next()
		return true
	}
	return r.tok == end
}

// fields reads declarations up to the end of the struct n, whose fields are those of open from
// first on. It reports whether all are literal.
func (r *literalReader) fields(n *data.Node, first int, end token.Token) bool {
	for r.tok != end {
		start := r.at
		if r.tok == token.LBRACE {
			r.next()
			if !r.fields(n, first, token.RBRACE) {
				return false
			}
			if end == token.EOF && r.embedded.IsZero() {
				r.embedded = r.here(start, 1)
			}
			r.next()
		} else {
			name, at := r.label()
			if end == token.EOF && r.first.IsZero() {
				r.first = at
			}
			r.next()
			if at.IsZero() || r.tok != token.COLON || !r.field(n, first, name, at) {
				return false
			}
		}
		if !r.comma(end) {
			return false
		}
	}
	return true
}

// label returns the name and position of a regular field's label. A label with escapes, or one
// outside Unicode's normal form, is left to CUE.
func (r *literalReader) label() (name string, at data.Pos) {
	switch r.tok {
	case token.IDENT:
		if strings.HasPrefix(r.lit, "_") || strings.HasPrefix(r.lit, "#") {
			return "", data.Pos{}
		}
		name = r.lit
	case token.IF, token.FOR, token.LET, token.IN:
		name = r.lit
	case token.STRING:
		text, plain := cuedata.PlainText(r.lit)
		if !plain || !cuedata.ASCII(text) {
			return "", data.Pos{}
		}
		name = text
	default:
		return "", data.Pos{}
	}
	return name, r.here(r.at, len(r.lit))
}

// field reads a field of n from its colon, and reports whether it is literal.
func (r *literalReader) field(n *data.Node, first int, name string, at data.Pos) bool {
	r.next()
	v := r.New()
	if _, ok := r.value(v, true); !ok {
		return false
	}
	n.Fields = r.open[first:]
	if f := r.find.Field(n, name); f != nil {
		return r.merge(f.Value, v)
	}
	r.open = append(r.open, data.Field{Name: name, At: at, Value: v})
	return true
}

// value reads a value into n. It returns the value's end, and whether it is literal. A field's
// value may be another field, a: b: 1.
func (r *literalReader) value(n *data.Node, ofField bool) (end int, ok bool) {
	if r.depth++; r.depth > deepest {
		return 0, false
	}
	defer func() { r.depth-- }()
	start := r.at
	name, at := r.label()
	tok, lit := r.tok, r.lit
	r.next()
	switch {
	case r.tok == token.COLON && ofField && !at.IsZero():
		end, ok = r.chain(n, name, at)
	case tok == token.LBRACE:
		n.Kind = data.Struct
		first := len(r.open)
		ok = r.fields(n, first, token.RBRACE)
		n.Fields, r.open = r.Copy(r.open[first:]), r.open[:first]
		end = r.at + 1
		r.next()
	case tok == token.LBRACK:
		n.Kind = data.List
		ok = r.elements(n)
		end = r.at + 1
		r.next()
	case tok == token.SUB:
		end = r.at + len(r.lit)
		ok = (r.tok == token.INT || r.tok == token.FLOAT) && cuedata.Scalar(n, r.tok, r.lit)
		if ok {
			n.Text = n.Negated().Text
		}
		r.next()
	default:
		end, ok = start+len(lit), cuedata.Scalar(n, tok, lit)
	}
	n.At = r.src.Pos(start, end)
	return end, ok
}

// chain reads the only field of the struct n, from its colon.
func (r *literalReader) chain(n *data.Node, name string, at data.Pos) (end int, ok bool) {
	r.next()
	v := r.New()
	end, ok = r.value(v, true)
	n.Kind, n.Fields = data.Struct, []data.Field{{Name: name, At: at, Value: v}}
	return end, ok
}

func (r *literalReader) elements(n *data.Node) bool {
	for r.tok != token.RBRACK {
		e := r.New()
		n.Elems = append(n.Elems, e)
		if _, ok := r.value(e, false); !ok || !r.comma(token.RBRACK) {
			return false
		}
	}
	return true
}

// merge unifies a value with another literal, and reports whether they agree. It keeps the
// first positions.
func (r *literalReader) merge(n, more *data.Node) bool {
	if n.Kind != more.Kind || n.Text != more.Text || len(n.Elems) != len(more.Elems) {
		return false
	}
	for i, e := range more.Elems {
		if !r.merge(n.Elems[i], e) {
			return false
		}
	}
	for _, f := range more.Fields {
		if had := r.find.Field(n, f.Name); had == nil {
			n.Fields = append(n.Fields, f)
		} else if !r.merge(had.Value, f.Value) {
			return false
		}
	}
	return true
}
