package shape

import (
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// basic are CUE's predeclared types.
var basic = map[string]Kinds{
	"string": kind(data.String),
	"bytes":  kind(data.Bytes),
	"bool":   kind(data.Bool),
	"int":    kind(data.Int),
	"float":  kind(data.Float),
	"number": number,
	"_":      AnyKind,
}

// expr compiles an expression to its conjuncts.
func (c *compiler) expr(x ast.Expr, sc scope) (Types, error) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.expr(x.X, sc)
	case *ast.Ident:
		if kinds, ok := basic[x.Name]; ok {
			return Types{{Kinds: kinds, At: at(x)}}, nil
		}
		if strings.HasPrefix(x.Name, "#") {
			return c.definition(sc.importPath, x.Name)
		}
	case *ast.SelectorExpr:
		return c.imported(x, sc)
	case *ast.BasicLit:
		value, err := c.constant(x)
		if err != nil {
			return nil, err
		}
		return Types{{Kinds: kind(value.Kind), Enum: []*data.Node{value}, At: at(x)}}, nil
	case *ast.UnaryExpr:
		return c.bound(x)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.AND:
			return c.conjunction(x, sc)
		case token.OR:
			return c.union(x, sc)
		}
	case *ast.CallExpr:
		return c.validator(x)
	case *ast.StructLit:
		s, err := c.structure(x, sc)
		if err != nil {
			return nil, err
		}
		return Types{{Kinds: kind(data.Struct), Struct: s, At: at(x)}}, nil
	case *ast.ListLit:
		return c.list(x, sc)
	}
	return nil, unknown(x, "an expression of kind %T", x)
}

// imported compiles a reference to a definition of another of the library's packages.
func (c *compiler) imported(x *ast.SelectorExpr, sc scope) (Types, error) {
	pkg, ok := x.X.(*ast.Ident)
	name, isName := x.Sel.(*ast.Ident)
	if !ok || !isName {
		return nil, unknown(x, "a selection that is no import's definition")
	}
	for spec := range sc.file.ImportSpecs() {
		path, err := literal.Unquote(spec.Path.Value)
		if err != nil {
			return nil, unknown(spec, "%v", err)
		}
		p := ast.ParseImportPath(path)
		if p.Qualifier == pkg.Name && c.library.Has(p.Path) {
			return c.definition(p.Path, name.Name)
		}
	}
	return nil, unknown(x, "%s is no package of the library", pkg.Name)
}

// conjunction compiles a & b. If several parts describe a struct, a literal among them only
// narrows it: the definitions determine whether it is closed.
func (c *compiler) conjunction(x *ast.BinaryExpr, sc scope) (Types, error) {
	parts := operands(x, token.AND)
	structs := 0
	for _, p := range parts {
		types, err := c.expr(p, sc)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(types, func(t *Type) bool { return t.Struct != nil || t.hasStructs() }) {
			structs++
		}
	}
	sc.closing = sc.closing && structs < 2
	var all Types
	for _, p := range parts {
		types, err := c.expr(p, sc)
		if err != nil {
			return nil, err
		}
		all = append(all, types...)
	}
	return all, nil
}

// hasStructs reports whether an alternative of a union is a struct.
func (t *Type) hasStructs() bool {
	return slices.ContainsFunc(t.Union, func(alt Types) bool {
		return slices.ContainsFunc(alt, func(t *Type) bool { return t.Struct != nil || t.hasStructs() })
	})
}

func operands(x ast.Expr, op token.Token) []ast.Expr {
	if b, ok := x.(*ast.BinaryExpr); ok && b.Op == op {
		return append(operands(b.X, op), operands(b.Y, op)...)
	}
	if p, ok := x.(*ast.ParenExpr); ok {
		if b, ok := p.X.(*ast.BinaryExpr); ok && b.Op == op {
			return operands(b, op)
		}
	}
	return []ast.Expr{x}
}

// constant compiles a literal.
func (c *compiler) constant(x ast.Expr) (*data.Node, error) {
	negative := false
	if u, ok := x.(*ast.UnaryExpr); ok && u.Op == token.SUB {
		x, negative = u.X, true
	}
	lit, ok := x.(*ast.BasicLit)
	if !ok {
		return nil, unknown(x, "what is no constant")
	}
	switch lit.Kind {
	case token.STRING:
		s, err := literal.Unquote(lit.Value)
		if err != nil {
			return nil, unknown(x, "%v", err)
		}
		return &data.Node{Kind: data.String, Text: s}, nil
	case token.INT, token.FLOAT:
		n, err := decimal.Parse(lit.Value)
		if err != nil {
			return nil, unknown(x, "%v", err)
		}
		if negative {
			n = n.Negated()
		}
		return &n, nil
	case token.TRUE, token.FALSE:
		return &data.Node{Kind: data.Bool, Text: lit.Value}, nil
	case token.NULL:
		return &data.Node{Kind: data.Null}, nil
	}
	return nil, unknown(x, "a constant of kind %s", lit.Kind)
}

// bound compiles >=1, =~"…" and the like.
func (c *compiler) bound(x *ast.UnaryExpr) (Types, error) {
	if x.Op == token.SUB {
		value, err := c.constant(x)
		if err != nil {
			return nil, err
		}
		return Types{{Kinds: kind(value.Kind), Enum: []*data.Node{value}, At: at(x)}}, nil
	}
	limit, err := c.constant(x.X)
	if err != nil {
		return nil, err
	}
	b := Bound{Limit: limit.Text}
	t := &Type{At: at(x)}
	switch x.Op {
	case token.MAT, token.NMAT:
		if b.Op = Matches; x.Op == token.NMAT {
			b.Op = NotMatch
		}
		if _, err := syntax.Parse(limit.Text, syntax.Perl); err != nil || limit.Kind != data.String {
			return nil, unknown(x, "not a regular expression")
		}
		t.Kinds = kind(data.String)
	case token.GEQ, token.LEQ, token.GTR, token.LSS:
		b.Op = Op(x.Op.String())
		if !number.Has(limit.Kind) {
			return nil, unknown(x, "a bound that is no number")
		}
		t.Kinds = number
	default:
		return nil, unknown(x, "operator %s", x.Op)
	}
	t.Bounds = []Bound{b.prepared()}
	return Types{t}, nil
}

// prepared returns the bound with its precomputed fields set.
func (b Bound) prepared() Bound {
	if b.Op == Matches || b.Op == NotMatch {
		b.match = lazyregexp.New(b.Limit)
		return b
	}
	n, err := strconv.ParseInt(b.Limit, 10, 64)
	b.n, b.small = n, err == nil
	return b
}

// validators are the supported functions of the standard library, and the kinds that they
// constrain.
var validators = map[Op]Kinds{
	MinFields: kind(data.Struct),
	MaxFields: kind(data.Struct),
	MinItems:  kind(data.List),
	MaxItems:  kind(data.List),
	MinRunes:  kind(data.String),
	MaxRunes:  kind(data.String),
}

func (c *compiler) validator(x *ast.CallExpr) (Types, error) {
	fun, ok := x.Fun.(*ast.SelectorExpr)
	if !ok || len(x.Args) != 1 {
		return nil, unknown(x, "a call of this form")
	}
	pkg, isName := fun.X.(*ast.Ident)
	name, err := selected(fun)
	if !isName || err != nil {
		return nil, unknown(x, "a call of this form")
	}
	op := Op(pkg.Name + "." + name)
	kinds, ok := validators[op]
	if !ok {
		return nil, unknown(x, "a call of %s", op)
	}
	limit, err := c.constant(x.Args[0])
	if err != nil {
		return nil, err
	}
	b := Bound{Op: op, Limit: limit.Text}.prepared()
	if limit.Kind != data.Int || !b.small {
		return nil, unknown(x, "a count that is no whole number")
	}
	return Types{{Kinds: kinds, Bounds: []Bound{b}, At: at(x)}}, nil
}

func selected(x *ast.SelectorExpr) (string, error) {
	name, _, err := ast.LabelName(x.Sel)
	return name, err
}

func (c *compiler) list(x *ast.ListLit, sc scope) (Types, error) {
	l := &List{}
	for i, e := range x.Elts {
		if rest, ok := e.(*ast.Ellipsis); ok {
			if i != len(x.Elts)-1 {
				return nil, unknown(e, "an ellipsis that is not last")
			}
			l.Open = true
			if rest.Type != nil {
				types, err := c.expr(rest.Type, sc)
				if err != nil {
					return nil, err
				}
				l.Rest = types
			}
			continue
		}
		types, err := c.expr(e, sc)
		if err != nil {
			return nil, err
		}
		l.First = append(l.First, types)
	}
	return Types{{Kinds: kind(data.List), List: l, At: at(x)}}, nil
}
