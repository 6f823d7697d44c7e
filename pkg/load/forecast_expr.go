package load

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// deep is how deep what people write goes, and more.
const deep = 100

// expr reads an expression, and reports whether it is written out.
func (f *forecast) expr(x ast.Expr) (s effort, written bool) {
	if f.depth++; f.depth > deep {
		f.unsure = true
		return s, false
	}
	defer func() { f.depth-- }()
	if f.place != nil && !spelled(x) {
		f.place.fed = true // by what is embedded there
		return f.inner(x)
	}
	s.steps = 1
	switch x := x.(type) {
	case *ast.BasicLit:
		// The exponent of a number is as many digits in a sum.
		f.unsure = f.unsure || x.Kind == token.FLOAT && strings.ContainsAny(x.Value, "eE")
		s.steps += int64(len(x.Value) / 64)
		written = true
	case *ast.Ident:
		if written = f.isBuiltin(x, types...); !written {
			s = f.reference(x.Name)
		}
	case *ast.StructLit:
		s, written = f.decls(x.Elts)
	case *ast.ListLit:
		s, written = f.list(x)
	case *ast.ParenExpr:
		written = f.parts(&s, x.X)
	case *ast.UnaryExpr:
		written = f.parts(&s, x.X)
		switch x.Op {
		case token.ADD, token.SUB, token.NOT:
		default:
			f.unsure = true
		}
	case *ast.BinaryExpr:
		s, written = f.binary(x)
	case *ast.Interpolation:
		f.parts(&s, x.Elts...)
	case *ast.SelectorExpr:
		f.parts(&s, x.X)
	case *ast.IndexExpr:
		f.parts(&s, x.X, x.Index)
	case *ast.SliceExpr:
		f.parts(&s, x.X, x.Low, x.High)
	case *ast.CallExpr:
		f.unsure = f.unsure || !f.isBuiltin(x.Fun, "len", "div", "mod", "quo", "rem")
		f.parts(&s, x.Args...)
	default:
		f.unsure = true
	}
	return s, written
}

// spelled reports whether what x brings to a struct stands in x.
func spelled(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.StructLit, *ast.ListLit, *ast.BasicLit, *ast.ParenExpr:
		return true
	case *ast.BinaryExpr:
		return x.Op == token.AND
	}
	return false
}

// structural reports whether an embedded expression can be but a struct: CUE has more to do
// where a struct is a scalar or list as well.
func (f *forecast) structural(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.StructLit:
		return true
	case *ast.Ident:
		n := f.names[x.Name]
		return f.naming || n != nil && !n.scalar
	case *ast.ParenExpr:
		return f.structural(x.X)
	case *ast.BinaryExpr:
		return x.Op == token.AND && f.structural(x.X) && f.structural(x.Y)
	}
	return false
}

// parts adds what the parts of an expression come to, and reports whether all are written
// out.
func (f *forecast) parts(s *effort, parts ...ast.Expr) (written bool) {
	written = true
	for _, x := range parts {
		if x != nil {
			t, w := f.expr(x)
			s.add(t, 1)
			written = written && w
		}
	}
	return written
}

// types are identifiers of the language whose meaning is no reference.
var types = []string{"_", "string", "bytes", "bool", "int", "float", "number"}

// isBuiltin reports whether an expression is one of the language's own names.
func (f *forecast) isBuiltin(x ast.Expr, names ...string) bool {
	id, ok := x.(*ast.Ident)
	if !ok || !slices.Contains(names, id.Name) {
		return false
	}
	f.builtin[id.Name] = true
	return true
}

func (f *forecast) list(x *ast.ListLit) (s effort, written bool) {
	s.steps, written = 1, true
	for _, e := range x.Elts {
		switch e := e.(type) {
		case *ast.Ellipsis:
			s.add(f.ellipsis(e), 1)
		case *ast.Comprehension:
			s.add(f.comprehension(e, element(e.Value)), 1)
			written = false
		default:
			t, w := f.inner(e)
			t.made++
			s.add(t, 1)
			written = written && w
		}
	}
	return s, written
}

// element is what a list's comprehension makes of its body, which may embed a scalar.
func element(x ast.Expr) ast.Expr {
	if body, ok := x.(*ast.StructLit); ok && len(body.Elts) == 1 {
		if of, ok := body.Elts[0].(*ast.EmbedDecl); ok {
			return of.Expr
		}
	}
	return x
}

func (f *forecast) binary(x *ast.BinaryExpr) (s effort, written bool) {
	if x.Op == token.OR {
		return f.disjunction(x), true
	}
	s.steps = 1
	a, aWritten := f.expr(x.X)
	b, bWritten := f.expr(x.Y)
	times := int64(1)
	switch x.Op {
	case token.AND:
		written = aWritten && bWritten
	case token.ADD, token.SUB, token.QUO, token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR:
	case token.MUL: // a text or list is repeated
		times = f.factor(x.X, x.Y)
	default:
		f.unsure = true
	}
	s.add(a, times)
	s.add(b, times)
	return s, written
}

// factor is that of a multiplication by a number which is written out, and small.
func (f *forecast) factor(operands ...ast.Expr) int64 {
	for _, x := range operands {
		if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.INT {
			if n, err := strconv.ParseInt(lit.Value, 10, 64); err == nil && n <= f.most {
				return max(n, 1)
			}
		}
	}
	f.unsure = true
	return 1
}

// disjunction is of constants and types alone: what comes of several that meet is never
// more than they have together.
func (f *forecast) disjunction(x *ast.BinaryExpr) (s effort) {
	for _, arm := range []ast.Expr{x.X, x.Y} {
		if u, ok := arm.(*ast.UnaryExpr); ok && u.Op == token.MUL {
			arm = u.X
		}
		if inner, ok := arm.(*ast.BinaryExpr); ok && inner.Op == token.OR {
			s.add(f.disjunction(inner), 1)
			continue
		}
		if _, ok := arm.(*ast.BasicLit); !ok && !f.isBuiltin(arm, types...) {
			f.unsure = true
		}
		t, _ := f.expr(arm)
		t.arms++
		s.add(t, 1)
		f.arms++
	}
	return s
}
