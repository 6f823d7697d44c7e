// Package cuedata converts between CUE and located data, and turns CUE's errors into
// diagnostics.
package cuedata

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Expr returns the data as a CUE expression without positions: errors about it are located by
// their paths.
func Expr(n *data.Node) ast.Expr {
	switch n.Kind {
	case data.Bool:
		return ast.NewBool(n.Text == "true")
	case data.Int:
		return number(token.INT, n.Text)
	case data.Float:
		return number(token.FLOAT, n.Text)
	case data.String:
		return ast.NewString(n.Text)
	case data.Bytes:
		return &ast.BasicLit{Kind: token.STRING, Value: literal.Bytes.Quote(n.Text)}
	case data.List:
		l := &ast.ListLit{Elts: make([]ast.Expr, len(n.Elems))}
		for i, e := range n.Elems {
			l.Elts[i] = Expr(e)
		}
		return l
	case data.Struct:
		s := &ast.StructLit{Elts: make([]ast.Decl, len(n.Fields))}
		for i, f := range n.Fields {
			s.Elts[i] = &ast.Field{Label: ast.NewStringLabel(f.Name), Value: Expr(f.Value)}
		}
		return s
	}
	return ast.NewNull()
}

// number writes a plain decimal; a whole number of kind float keeps its point.
func number(kind token.Token, text string) ast.Expr {
	negative := text[0] == '-'
	if negative {
		text = text[1:]
	}
	if kind == token.FLOAT && !hasPoint(text) {
		text += ".0"
	}
	lit := &ast.BasicLit{Kind: kind, Value: text}
	if negative {
		return &ast.UnaryExpr{Op: token.SUB, X: lit}
	}
	return lit
}

func hasPoint(text string) bool {
	for i := range len(text) {
		if text[i] == '.' {
			return true
		}
	}
	return false
}
