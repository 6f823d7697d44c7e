package cuedata

import (
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
)

// fromLiteral returns a value that comes from one plain literal, which needs no evaluation. It
// is nil for any other value.
func (c converter) fromLiteral(v cue.Value, places *Places) *data.Node {
	if c.sources == nil {
		return nil
	}
	var n *data.Node
	switch source := v.Source().(type) { // nil for a value that comes from several
	case *ast.Field:
		if source.Constraint == token.ILLEGAL {
			n = c.literal(source.Value)
		}
	case ast.Expr:
		n = c.literal(source)
	}
	if n != nil && places != nil && !places.value.IsZero() {
		n.At = places.value
	}
	return n
}

// literal returns the value of a plain literal in the syntax tree. It is nil where the node is
// not plain, or not the author's.
func (c converter) literal(x ast.Expr) *data.Node {
	n := &data.Node{At: c.sources.Node(x)}
	if n.At.IsZero() {
		return nil
	}
	ok := false
	switch x := x.(type) {
	case *ast.BasicLit:
		ok = Scalar(n, x.Kind, x.Value)
	case *ast.ListLit:
		ok = c.literalElems(n, x.Elts)
	case *ast.StructLit:
		ok = c.literalFields(n, x.Elts)
	}
	if !ok {
		return nil
	}
	return n
}

func (c converter) literalElems(n *data.Node, elems []ast.Expr) bool {
	n.Kind = data.List
	for _, x := range elems {
		e := c.literal(x)
		if e == nil {
			return false
		}
		n.Elems = append(n.Elems, e)
	}
	return true
}

func (c converter) literalFields(n *data.Node, decls []ast.Decl) bool {
	n.Kind = data.Struct
	if len(decls) > fewFields {
		return false
	}
	for _, d := range decls {
		f, ok := d.(*ast.Field)
		if !ok {
			return false
		}
		name, regular, ok := fieldName(f)
		if !ok || regular && n.Field(name) != nil {
			return false
		}
		if !regular {
			continue
		}
		value := c.literal(f.Value)
		if value == nil {
			return false
		}
		n.Fields = append(n.Fields, data.Field{Name: name, At: c.sources.Node(f.Label), Value: value})
	}
	return true
}

// fieldName returns the name of a field, and whether the field is regular. ok is false for a
// field without a fixed name, or an optional one.
func fieldName(f *ast.Field) (name string, regular, ok bool) {
	name, isIdent, err := ast.LabelName(f.Label)
	if err != nil || f.Constraint != token.ILLEGAL || !ASCII(name) { // CUE spells other names in several ways
		return "", false, false
	}
	return name, !isIdent || !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "#"), true
}

// maxLiteral is the number of digits above which a number is left to CUE: its exponent may
// exceed what a spec can represent.
const maxLiteral = 100

// Scalar sets a node to a literal's value, and reports whether the literal is a scalar.
func Scalar(n *data.Node, tok token.Token, lit string) bool {
	switch tok {
	case token.NULL:
		n.Kind = data.Null
	case token.TRUE, token.FALSE:
		n.Kind, n.Text = data.Bool, lit
	case token.INT, token.FLOAT:
		v, err := decimal.Parse(lit)
		if err != nil || len(v.Text) > maxLiteral {
			return false
		}
		n.Kind, n.Text = v.Kind, v.Text
	case token.STRING:
		return text(n, lit)
	default:
		return false
	}
	return true
}

func text(n *data.Node, quoted string) bool {
	n.Kind = data.String
	plain, ok := PlainText(quoted)
	if ok {
		n.Text = plain
		return true
	}
	info, _, _, err := literal.ParseQuotes(quoted, quoted)
	if err != nil {
		return false
	}
	if !info.IsDouble() {
		n.Kind = data.Bytes
	}
	n.Text, err = literal.Unquote(quoted)
	return err == nil
}

// PlainText returns the text of a literal in plain quotes and without escapes.
func PlainText(quoted string) (text string, ok bool) {
	if quoted[0] != '"' || strings.HasPrefix(quoted, `"""`) || strings.IndexByte(quoted, '\\') >= 0 {
		return "", false
	}
	return quoted[1 : len(quoted)-1], true
}

// ASCII reports whether a text consists of ASCII characters.
func ASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
