package load

import (
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/cuedata"
	"github.com/cuecompute/cuecompute/pkg/data"
)

// literalData reads CUE files that only write out data, and are unified with each
// other, without evaluating them: what it returns is what evaluation comes down to. It is
// nil where anything calls for CUE itself: a reference, a constraint, an import, an
// attribute, two values that conflict.
func literalData(sources cuedata.Sources, files []*ast.File) *data.Node {
	root := &data.Node{Kind: data.Struct}
	var r literalReader
	for _, f := range files {
		r.src = sources[f.Filename]
		if root.At.IsZero() && len(f.Decls) > 0 {
			root.At = sources.Node(cuedata.FirstLabel(f))
		}
		if !r.decls(root, f.Decls) {
			return nil
		}
	}
	if len(root.Fields) == 0 {
		return nil
	}
	return root
}

type literalReader struct {
	src  *data.Source
	find data.Finder
	data.Nodes
}

// decls adds fields to n, and reports whether they are all literal.
func (r *literalReader) decls(n *data.Node, decls []ast.Decl) bool {
	if n.Fields == nil {
		n.Fields = make([]data.Field, 0, len(decls))
	}
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Package:
		case *ast.Field:
			if !r.field(n, d) {
				return false
			}
		case *ast.EmbedDecl:
			if inner, ok := d.Expr.(*ast.StructLit); !ok || !r.decls(n, inner.Elts) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (r *literalReader) field(n *data.Node, d *ast.Field) bool {
	name, ok := plainLabel(d.Label)
	if !ok || d.Constraint != token.ILLEGAL || d.Alias != nil || len(d.Attrs) > 0 {
		return false
	}
	if f := r.find.Field(n, name); f != nil {
		return r.unify(f.Value, d.Value)
	}
	v := r.New()
	n.Fields = append(n.Fields, data.Field{Name: name, At: r.src.Pos(span(d.Label)), Value: v})
	return r.value(v, d.Value)
}

// plainLabel returns the name that a label gives a regular field. One that CUE would
// read before it is a name, for escapes or for Unicode's normal form, is not plain.
func plainLabel(l ast.Label) (name string, ok bool) {
	switch l := l.(type) {
	case *ast.Ident:
		return l.Name, !strings.HasPrefix(l.Name, "_") && !strings.HasPrefix(l.Name, "#")
	case *ast.BasicLit:
		if l.Kind == token.STRING && plainString(l.Value) {
			name = l.Value[1 : len(l.Value)-1]
			return name, isASCII(name)
		}
	}
	return "", false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// value fills n, and reports whether the expression is literal.
func (r *literalReader) value(n *data.Node, x ast.Expr) bool {
	n.At = r.src.Pos(span(x))
	switch x := x.(type) {
	case *ast.StructLit:
		n.Kind = data.Struct
		return r.decls(n, x.Elts)
	case *ast.ListLit:
		n.Kind, n.Elems = data.List, make([]*data.Node, len(x.Elts))
		for i, e := range x.Elts {
			n.Elems[i] = r.New()
			if !r.value(n.Elems[i], e) {
				return false
			}
		}
		return true
	case *ast.UnaryExpr:
		lit, ok := x.X.(*ast.BasicLit)
		if !ok || x.Op != token.SUB || !scalar(n, lit) || n.Kind != data.Int && n.Kind != data.Float {
			return false
		}
		n.Text = n.Negated().Text
		return true
	case *ast.BasicLit:
		return scalar(n, x)
	}
	return false
}

// unify adds what another literal says of a value that is already there, and reports
// whether the two agree. Places stay those of the first.
func (r *literalReader) unify(n *data.Node, x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.StructLit:
		return n.Kind == data.Struct && r.decls(n, x.Elts)
	case *ast.ListLit:
		if n.Kind != data.List || len(n.Elems) != len(x.Elts) {
			return false
		}
		for i, e := range x.Elts {
			if !r.unify(n.Elems[i], e) {
				return false
			}
		}
		return true
	}
	var m data.Node
	return r.value(&m, x) && n.Kind == m.Kind && n.Text == m.Text
}

// maxLiteral is how many digits a number may have that is not left to CUE, whose
// exponents may lie at the limit of what a spec can hold.
const maxLiteral = 100

// scalar fills n with a literal's value, and reports whether it has one.
func scalar(n *data.Node, x *ast.BasicLit) bool {
	switch x.Kind {
	case token.NULL:
		n.Kind = data.Null
	case token.TRUE, token.FALSE:
		n.Kind, n.Text = data.Bool, x.Value
	case token.INT, token.FLOAT:
		v, err := data.Number(x.Value)
		if err != nil || len(v.Text) > maxLiteral {
			return false
		}
		n.Kind, n.Text = v.Kind, v.Text
	case token.STRING:
		return text(n, x.Value)
	default:
		return false
	}
	return true
}

func text(n *data.Node, quoted string) bool {
	n.Kind = data.String
	if plainString(quoted) {
		n.Text = quoted[1 : len(quoted)-1]
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

// plainString reports whether a literal is a text in simple quotes that stands for itself.
func plainString(quoted string) bool {
	return quoted[0] == '"' && !strings.HasPrefix(quoted, `"""`) && strings.IndexByte(quoted, '\\') < 0
}

// span returns the offsets of an expression's first byte and of its end.
func span(n ast.Node) (start, end int) {
	start = n.Pos().Offset()
	switch n := n.(type) {
	case *ast.Ident:
		return start, start + len(n.Name)
	case *ast.BasicLit:
		return start, start + len(n.Value)
	}
	return start, n.End().Offset()
}
