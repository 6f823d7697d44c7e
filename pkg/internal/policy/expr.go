package policy

import (
	"regexp"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// expr compiles an expression that is evaluated for each tenant.
func (c *compiler) expr(x ast.Expr, sc *scope) (*expr, error) {
	e := &expr{text: source(x), at: c.sources.Node(x)}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.expr(x.X, sc)
	case *ast.BasicLit:
		var err error
		e.value, err = c.constant(x)
		return e, err
	case *ast.ListLit:
		t, err := c.term(x, sc)
		if err != nil {
			return nil, err
		}
		if t.op != opConst {
			return nil, c.unknown(x, "a list that is computed")
		}
		e.value = t.value
		return e, nil
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		return c.reference(e, x, sc)
	case *ast.Interpolation:
		return c.interpolation(e, x, sc)
	case *ast.UnaryExpr:
		return c.prefix(e, x, sc)
	case *ast.BinaryExpr:
		return c.binary(e, x, sc)
	case *ast.CallExpr:
		return c.function(e, x, sc)
	}
	return nil, c.unknown(x, "an expression of this kind: %s", e.text)
}

// reference compiles a name and the selectors after it.
func (c *compiler) reference(e *expr, x ast.Expr, sc *scope) (*expr, error) {
	var names []string
	for {
		switch y := x.(type) {
		case *ast.SelectorExpr:
			name, isIdent, err := ast.LabelName(y.Sel)
			if err != nil || isIdent && isLocal(name) {
				return nil, c.unknown(y, "the selection of a definition or hidden field")
			}
			names, x = append([]string{name}, names...), y.X
		case *ast.IndexExpr:
			lit, ok := y.Index.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return nil, c.unknown(y, "an index that is no text")
			}
			name, err := literal.Unquote(lit.Value)
			if err != nil {
				return nil, c.unknown(y, "%v", err)
			}
			names, x = append([]string{name}, names...), y.X
		case *ast.Ident:
			return c.name(e, y, names, sc)
		default:
			return nil, c.unknown(y, "a selection from an expression")
		}
	}
}

func (c *compiler) name(e *expr, x *ast.Ident, names []string, sc *scope) (*expr, error) {
	f, ok := sc.find(x.Name)
	switch {
	case !ok:
		return nil, c.unknown(x, "the name %s", x.Name)
	case f.local != nil || f.in.file && x.Name != "tenant":
		return c.computed(e, x, names, f)
	case f.in.file:
		e.op, e.up, e.names = exprRef, toRoot, names
	case f.key && len(names) == 0:
		e.op, e.up = exprKey, f.up
	case f.key:
		return nil, c.unknown(x, "a selection from a name")
	default:
		e.op, e.up, e.names = exprRef, f.up, append([]string{f.field}, names...)
	}
	return e, nil
}

// toRoot is the level of the tenant itself.
const toRoot = -1

// computed compiles the name of an expression: a constant, or a text or condition of the same
// scope.
func (c *compiler) computed(e *expr, x *ast.Ident, names []string, f found) (*expr, error) {
	value := f.local
	if value == nil {
		value = f.in.fields[f.field]
	}
	for _, w := range c.within {
		if w == value {
			return nil, c.unknown(x, "%s, which refers to itself", x.Name)
		}
	}
	c.within = append(c.within, value)
	defer func() { c.within = c.within[:len(c.within)-1] }()
	t, err := c.term(value, f.in)
	switch {
	case err != nil:
		return nil, err
	case len(names) == 0 && t.op == opConst:
		e.value = t.value
		return e, nil
	case len(names) == 0 && t.op == opDynamic:
		return t.expr.lifted(f.up), nil
	}
	return nil, c.unknown(x, "the name %s, which stands for no plain value", x.Name)
}

// lifted returns the expression as it is in a scope that many levels further in.
func (e *expr) lifted(up int) *expr {
	l := *e
	if (l.op == exprRef || l.op == exprKey) && l.up != toRoot {
		l.up += up
	}
	l.args = make([]*expr, len(e.args))
	for i, a := range e.args {
		l.args[i] = a.lifted(up)
	}
	return &l
}

// interpolation compiles "…\(x)…".
func (c *compiler) interpolation(e *expr, x *ast.Interpolation, sc *scope) (*expr, error) {
	first, ok := x.Elts[0].(*ast.BasicLit)
	last, isLit := x.Elts[len(x.Elts)-1].(*ast.BasicLit)
	if !ok || !isLit {
		return nil, c.unknown(x, "a text of this form")
	}
	info, start, _, err := literal.ParseQuotes(first.Value, last.Value)
	if err != nil || !info.IsDouble() {
		return nil, c.unknown(x, "a text of this form")
	}
	e.op = exprText
	for i, elt := range x.Elts {
		lit, ok := elt.(*ast.BasicLit)
		if !ok || i%2 == 1 {
			part, err := c.expr(elt, sc)
			if err != nil {
				return nil, err
			}
			e.args = append(e.args, part)
			continue
		}
		text := lit.Value
		if i == 0 {
			text = text[start:]
		} else {
			text = strings.TrimPrefix(text, ")")
		}
		text = strings.TrimSuffix(text, `\(`)
		plain, err := info.Unquote(text)
		if err != nil {
			return nil, c.unknown(lit, "%v", err)
		}
		e.args = append(e.args, &expr{value: &data.Node{Kind: data.String, Text: plain}})
	}
	return e, nil
}

func (c *compiler) prefix(e *expr, x *ast.UnaryExpr, sc *scope) (*expr, error) {
	arg, err := c.expr(x.X, sc)
	if err != nil {
		return nil, err
	}
	switch {
	case x.Op == token.NOT:
		e.op, e.args = exprNot, []*expr{arg}
		return e, nil
	case x.Op == token.SUB && arg.value != nil && isNumber(arg.value):
		n := arg.value.Negated()
		e.value = &n
		return e, nil
	}
	return nil, c.unknown(x, "operator %s", x.Op)
}

// comparisons are the binary operators that are compiled.
var comparisons = map[token.Token]bool{
	token.EQL: true, token.NEQ: true, token.LSS: true, token.LEQ: true, token.GTR: true, token.GEQ: true,
	token.MAT: true, token.NMAT: true, token.LAND: true, token.LOR: true,
}

func (c *compiler) binary(e *expr, x *ast.BinaryExpr, sc *scope) (*expr, error) {
	if !comparisons[x.Op] {
		return nil, c.unknown(x, "operator %s", x.Op)
	}
	if isBottom(x.X) || isBottom(x.Y) {
		ref := x.X
		if isBottom(ref) {
			ref = x.Y
		}
		arg, err := c.expr(ref, sc)
		if err != nil {
			return nil, err
		}
		if arg.op != exprRef || x.Op != token.EQL && x.Op != token.NEQ {
			return nil, c.unknown(x, "a comparison with _|_ of this form")
		}
		if e.op, e.args = exprExists, []*expr{arg}; x.Op == token.EQL {
			e.op = exprAbsent
		}
		return e, nil
	}
	for _, operand := range []ast.Expr{x.X, x.Y} {
		arg, err := c.expr(operand, sc)
		if err != nil {
			return nil, err
		}
		e.args = append(e.args, arg)
	}
	e.op, e.token = exprBinary, x.Op
	if x.Op == token.MAT || x.Op == token.NMAT {
		pattern := e.args[1].value
		if pattern == nil || pattern.Kind != data.String {
			return nil, c.unknown(x, "a regular expression that is computed")
		}
		var err error
		if e.match, err = regexp.Compile(pattern.Text); err != nil {
			return nil, c.unknown(x, "a regular expression of this form")
		}
	}
	return e, nil
}

func isBottom(x ast.Expr) bool {
	_, ok := x.(*ast.BottomLit)
	return ok
}

// called returns the name of a function with its package's import path: strings.HasPrefix, or
// len.
func (c *compiler) called(x *ast.CallExpr, sc *scope) string {
	switch fun := x.Fun.(type) {
	case *ast.Ident:
		if !sc.shadows(fun.Name) {
			return fun.Name
		}
	case *ast.SelectorExpr:
		pkg, ok := fun.X.(*ast.Ident)
		name, _, err := ast.LabelName(fun.Sel)
		if ok && err == nil && c.imports[pkg.Name] != "" && !sc.shadows(pkg.Name) {
			return c.imports[pkg.Name] + "." + name
		}
	}
	return ""
}

// function compiles a call that is evaluated for each tenant.
func (c *compiler) function(e *expr, x *ast.CallExpr, sc *scope) (*expr, error) {
	e.op, e.call = exprCall, c.called(x, sc)
	arity := map[string]int{"len": 1, "strings.HasPrefix": 2, "strings.HasSuffix": 2, "strings.Contains": 2, "list.Contains": 2, "strings.ToLower": 1, "strings.ToUpper": 1}
	if n, ok := arity[e.call]; !ok || n != len(x.Args) {
		return nil, c.unknown(x, "a call of %s", source(x.Fun))
	}
	for _, a := range x.Args {
		arg, err := c.expr(a, sc)
		if err != nil {
			return nil, err
		}
		e.args = append(e.args, arg)
	}
	return e, nil
}

// validators are the functions that are constraints, and the kinds that they constrain.
var validators = map[string]shape.Kinds{
	"struct.MinFields": shape.KindsOf(data.Struct),
	"struct.MaxFields": shape.KindsOf(data.Struct),
	"list.MinItems":    shape.KindsOf(data.List),
	"list.MaxItems":    shape.KindsOf(data.List),
	"strings.MinRunes": shape.KindsOf(data.String),
	"strings.MaxRunes": shape.KindsOf(data.String),
}

// holders are the functions that are constraints with one argument, which CUE calls with the
// value first.
var holders = map[string]shape.Kinds{
	"strings.HasPrefix": shape.KindsOf(data.String),
	"strings.HasSuffix": shape.KindsOf(data.String),
	"strings.Contains":  shape.KindsOf(data.String),
	"list.Contains":     shape.KindsOf(data.List),
	uniqueItems:         shape.KindsOf(data.List),
}

// uniqueItems is a constraint without arguments, which may be written without a call.
const uniqueItems = "list.UniqueItems"

// call compiles a call that is a constraint.
func (c *compiler) call(t *term, x *ast.CallExpr, sc *scope) (*term, error) {
	name := c.called(x, sc)
	t.text = source(x)
	switch {
	case name == "error" && len(x.Args) == 1:
		message, err := c.expr(x.Args[0], sc)
		t.op, t.expr = opError, message
		return t, err
	case name == "matchN" && len(x.Args) == 2:
		return c.matchN(t, x, sc)
	case name == "matchIf" && len(x.Args) == 3:
		t.op = opMatchIf
		return t, c.parts(t, x.Args, sc)
	case name == "or" && len(x.Args) == 1:
		return c.or(t, x, sc)
	case name == "and" && len(x.Args) == 1:
		list, err := c.elementsOf(x.Args[0], sc)
		if err != nil {
			return nil, err
		}
		t.op = opAll
		return t, c.parts(t, list, sc)
	case validators[name] != 0 && len(x.Args) == 1:
		limit, err := c.expr(x.Args[0], sc)
		if err != nil {
			return nil, err
		}
		if limit.value == nil || limit.value.Kind != data.Int {
			return nil, c.unknown(x, "a count that is computed")
		}
		t.op, t.kinds, t.bound = opBound, validators[name], shape.NewBound(shape.Op(name), limit.value.Text)
		return t, nil
	case holders[name] != 0 && (len(x.Args) == 1) == (name != uniqueItems):
		t.op, t.kinds = opHolds, holders[name]
		t.expr = &expr{op: exprCall, call: name, text: t.text, at: t.at}
		if len(x.Args) == 0 {
			return t, nil
		}
		arg, err := c.expr(x.Args[0], sc)
		t.expr.args = []*expr{arg}
		return t, err
	}
	e, err := c.expr(x, sc)
	t.op, t.expr = opDynamic, e
	return t, err
}

func (c *compiler) parts(t *term, list []ast.Expr, sc *scope) error {
	for _, x := range list {
		part, err := c.term(x, sc)
		if err != nil {
			return err
		}
		t.parts = append(t.parts, part)
	}
	return nil
}

// elementsOf returns the elements of a list literal, or of a name for one in the file.
func (c *compiler) elementsOf(x ast.Expr, sc *scope) ([]ast.Expr, error) {
	if id, ok := x.(*ast.Ident); ok {
		if f, ok := sc.find(id.Name); ok && f.in.file && f.local != nil {
			x = f.local
		} else if ok && f.in.file {
			x = f.in.fields[f.field]
		}
	}
	list, ok := x.(*ast.ListLit)
	if !ok {
		return nil, c.unknown(x, "a list that is computed")
	}
	for _, e := range list.Elts {
		switch e.(type) {
		case *ast.Ellipsis, *ast.Comprehension:
			return nil, c.unknown(e, "a list that is computed")
		}
	}
	return list.Elts, nil
}

func (c *compiler) matchN(t *term, x *ast.CallExpr, sc *scope) (*term, error) {
	t.op = opMatchN
	count, err := c.term(x.Args[0], sc)
	if err != nil {
		return nil, err
	}
	if !count.isConstant() {
		return nil, c.unknown(x.Args[0], "a count that is computed")
	}
	list, err := c.elementsOf(x.Args[1], sc)
	if err != nil {
		return nil, err
	}
	t.parts = []*term{count}
	return t, c.parts(t, list, sc)
}

func (c *compiler) or(t *term, x *ast.CallExpr, sc *scope) (*term, error) {
	list, err := c.elementsOf(x.Args[0], sc)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, c.unknown(x, "an or of nothing")
	}
	t.op = opUnion
	for _, e := range list {
		alt, err := c.term(e, sc)
		if err != nil {
			return nil, err
		}
		if alt.op == opUnion && alt.marks() {
			return nil, c.unknown(e, "a default within an or")
		}
		t.alts = append(t.alts, alternative{alt, false})
	}
	t.noteUsual()
	return t, nil
}
