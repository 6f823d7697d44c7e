package read

import (
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// CUE reads CUE files that only write out data, and are unified with each
// other, without parsing or evaluating them: it returns what that evaluates to.
// It is nil where anything calls for CUE itself: a reference, a constraint, an import, an
// attribute, two values that conflict, a mistake.
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

// literalReader reads a file a token at a time. What it meets beside data it leaves.
type literalReader struct {
	src    *data.Source
	broken bool // the scanner found a mistake
	gate.Tokens

	tok   token.Token
	lit   string
	at    int // the offset of the token
	depth int

	first, embedded data.Pos // of the file's declarations: the first label, the first struct
	find            data.Finder
	open            []data.Field // of the structs that are being read, each behind the one around it
	data.Nodes
}

// deepest is how many structs, lists and labels may be inside each other here: it is for
// the language's own parser to report.
const deepest = 1000

// begin makes the first token of a text the one to be read.
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

// here is the place from an offset to the end of the token, which is of so many bytes.
func (r *literalReader) here(start, bytes int) data.Pos { return r.src.Pos(start, r.at+bytes) }

// file reads a file, and reports whether it is all literal. What stands for it as a whole
// is the label of its first field, or else its first declaration.
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

// comma goes on behind what separates declarations or elements, and reports whether it,
// or the end of them, is there.
func (r *literalReader) comma(end token.Token) bool {
	if r.tok == token.COMMA {
		r.next()
		return true
	}
	return r.tok == end
}

// fields reads declarations up to the end of the struct n, whose fields are the open ones
// from first on, and reports whether all of them are literal.
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

// label returns the name that the token gives a regular field, and its place. One that CUE
// would read before it is a name, for escapes or for Unicode's normal form, is none here.
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

// field reads a field of n from its colon on, and reports whether it is literal.
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

// value fills n with what stands here. It returns the offset where that ends, and
// whether it is literal. A field's value may be another field, a: b: 1.
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

// chain reads the field that is all of the struct n, from its colon on.
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

// merge adds what another literal says of a value that is already there, and reports
// whether the two agree. Places stay those of the first.
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
