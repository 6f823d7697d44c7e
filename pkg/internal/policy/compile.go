package policy

import (
	"fmt"
	"regexp"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// unknownError reports a construct that is not compiled. CUE's evaluator then evaluates the
// policy.
type unknownError struct {
	at   data.Pos
	what string
}

func (e *unknownError) Error() string {
	r := e.at.Range()
	return fmt.Sprintf("%s:%d:%d: %s", r.File, r.Line, r.Column, e.what)
}

// compiler compiles the syntax tree of one policy to terms.
type compiler struct {
	sources cuedata.Sources
	imports map[string]string // import paths by the names that the file gives them
	within  []ast.Expr        // local names being compiled
	rules   *int              // number of rules and conditions so far
}

func (c *compiler) unknown(n ast.Node, what string, args ...any) error {
	return &unknownError{c.sources.Node(n), fmt.Sprintf(what, args...)}
}

// compile returns the term of a top-level field of a file, such as tenant, or nil if the file
// does not have it.
func (c *compiler) compile(f *ast.File, name string) (*term, error) {
	c.imports = map[string]string{}
	for spec := range f.ImportSpecs() {
		path, err := literal.Unquote(spec.Path.Value)
		if err != nil {
			return nil, c.unknown(spec, "%v", err)
		}
		local := ast.ParseImportPath(path).Qualifier
		if spec.Name != nil {
			local = spec.Name.Name
		}
		c.imports[local] = path
	}
	file := scopeOf(f.Decls, nil)
	file.file = true
	all := &term{op: opAll}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.Field:
			label, _ := plainLabel(d.Label)
			if label, _, err := ast.LabelName(label); err != nil || label != name {
				continue
			}
			t, err := c.term(d.Value, file)
			if err != nil {
				return nil, err
			}
			all.parts = append(all.parts, t)
		case *ast.EmbedDecl, *ast.Comprehension:
			return nil, c.unknown(d, "an expression beside the fields of the file")
		}
	}
	if len(all.parts) == 0 {
		return nil, nil
	}
	return all, nil
}

// term compiles an expression to a constraint.
func (c *compiler) term(x ast.Expr, sc *scope) (*term, error) {
	t := &term{at: c.sources.Node(x)}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.term(x.X, sc)
	case *ast.BasicLit:
		value, err := c.constant(x)
		t.op, t.value = opConst, value
		return t, err
	case *ast.BottomLit:
		t.op = opError
		return t, nil
	case *ast.StructLit:
		return c.structure(t, x, sc)
	case *ast.ListLit:
		return c.list(t, x, sc)
	case *ast.UnaryExpr:
		return c.unary(t, x, sc)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.AND:
			return c.all(t, x, sc)
		case token.OR:
			return c.union(t, x, sc)
		}
	case *ast.CallExpr:
		return c.call(t, x, sc)
	case *ast.Ident:
		if kinds, ok := basic[x.Name]; ok && !sc.shadows(x.Name) {
			t.op, t.kinds = opKind, kinds
			return t, nil
		}
		if f, ok := sc.find(x.Name); ok && f.local != nil {
			return c.local(t, x, f)
		}
	case *ast.SelectorExpr:
		if call := (&ast.CallExpr{Fun: x}); c.called(call, sc) == uniqueItems {
			return c.call(t, call, sc)
		}
	}
	e, err := c.expr(x, sc)
	if err != nil {
		return nil, err
	}
	if e.op == exprConst {
		t.op, t.value = opConst, e.value
		return t, nil
	}
	t.op, t.expr = opDynamic, e
	return t, nil
}

// basic are CUE's predeclared types.
var basic = map[string]shape.Kinds{
	"string": shape.KindsOf(data.String),
	"bytes":  shape.KindsOf(data.Bytes),
	"bool":   shape.KindsOf(data.Bool),
	"int":    shape.KindsOf(data.Int),
	"float":  shape.KindsOf(data.Float),
	"number": shape.KindsOf(data.Int, data.Float),
	"_":      shape.AnyKind,
}

func (s *scope) shadows(name string) bool {
	_, ok := s.find(name)
	return ok
}

// local compiles the expression of a definition, a hidden field or a let clause.
func (c *compiler) local(t *term, x *ast.Ident, f found) (*term, error) {
	for _, w := range c.within {
		if w == f.local {
			return nil, c.unknown(x, "%s, which refers to itself", x.Name)
		}
	}
	c.within = append(c.within, f.local)
	defer func() { c.within = c.within[:len(c.within)-1] }()
	part, err := c.term(f.local, f.in)
	if err != nil {
		return nil, err
	}
	if strings.Contains(x.Name, "#") && part.closes() {
		return nil, c.unknown(x, "%s, a definition of a struct, which is closed", x.Name)
	}
	if f.in.file { // it refers to no enclosing scope
		here := *part
		here.at = t.at
		return &here, nil
	}
	t.op, t.up, t.parts = opLift, f.up, []*term{part}
	return t, nil
}

// closes reports whether the term contains a struct, which a definition would close.
func (t *term) closes() bool {
	if t.op == opStruct {
		return true
	}
	for _, p := range t.parts {
		if p.closes() {
			return true
		}
	}
	for _, a := range t.alts {
		if a.closes() {
			return true
		}
	}
	if t.list != nil {
		for _, e := range append(t.list.first, t.list.rest) {
			if e != nil && e.closes() {
				return true
			}
		}
	}
	return false
}

// all compiles a & b.
func (c *compiler) all(t *term, x *ast.BinaryExpr, sc *scope) (*term, error) {
	t.op = opAll
	for _, p := range operands(x, token.AND) {
		part, err := c.term(p, sc)
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, part)
	}
	return t, nil
}

// union compiles a | b.
func (c *compiler) union(t *term, x *ast.BinaryExpr, sc *scope) (*term, error) {
	t.op = opUnion
	for _, p := range operands(x, token.OR) {
		marked := false
		if u, ok := p.(*ast.UnaryExpr); ok && u.Op == token.MUL {
			p, marked = u.X, true
		}
		alt, err := c.term(p, sc)
		if err != nil {
			return nil, err
		}
		if alt.op == opUnion && (marked || alt.marks()) {
			return nil, c.unknown(p, "a default within a default")
		}
		if alt.op == opUnion {
			t.alts = append(t.alts, alt.alts...)
			continue
		}
		if marked && alt.op != opConst && alt.op != opDynamic {
			return nil, c.unknown(p, "a default that is not a plain value")
		}
		t.alts = append(t.alts, alternative{alt, marked})
	}
	t.noteUsual()
	return t, nil
}

// marks reports whether an alternative is marked as the default.
func (t *term) marks() bool {
	for _, a := range t.alts {
		if a.marked {
			return true
		}
	}
	return false
}

func operands(x ast.Expr, op token.Token) []ast.Expr {
	switch x := x.(type) {
	case *ast.BinaryExpr:
		if x.Op == op {
			return append(operands(x.X, op), operands(x.Y, op)...)
		}
	case *ast.ParenExpr:
		if b, ok := x.X.(*ast.BinaryExpr); ok && b.Op == op && op == token.AND {
			return operands(b, op)
		}
	}
	return []ast.Expr{x}
}

// constant compiles a literal.
func (c *compiler) constant(x *ast.BasicLit) (*data.Node, error) {
	n := &data.Node{At: c.sources.Node(x)}
	if !cuedata.Scalar(n, x.Kind, x.Value) {
		return nil, c.unknown(x, "a literal of this form")
	}
	return n, nil
}

// unary compiles >=1, =~"…", !="x" and -1.
func (c *compiler) unary(t *term, x *ast.UnaryExpr, sc *scope) (*term, error) {
	limit, err := c.expr(x.X, sc)
	if err != nil {
		return nil, err
	}
	constant := limit.value
	t.text = limit.text
	switch x.Op {
	case token.SUB:
		if constant == nil || !isNumber(constant) {
			return nil, c.unknown(x, "a number that is computed")
		}
		n := constant.Negated()
		t.op, t.value = opConst, &n
		return t, nil
	case token.MAT, token.NMAT:
		if t.op = opMatch; x.Op == token.NMAT {
			t.op = opNotMatch
		}
		t.kinds = shape.KindsOf(data.String)
		if constant == nil {
			t.expr = limit
			return t, nil
		}
		if t.match, err = regexp.Compile(constant.Text); err != nil || constant.Kind != data.String {
			return nil, c.unknown(x, "a regular expression of this form")
		}
		t.text = constant.Text
		return t, nil
	case token.GEQ, token.LEQ, token.GTR, token.LSS:
		t.kinds = shape.KindsOf(data.Int, data.Float)
		if constant == nil {
			t.op, t.order, t.expr = opOrder, x.Op, limit
			return t, nil
		}
		if !isNumber(constant) {
			return nil, c.unknown(x, "a bound that is no number")
		}
		t.op, t.bound = opBound, shape.NewBound(shape.Op(x.Op.String()), constant.Text)
		return t, nil
	case token.NEQ:
		if constant == nil || constant.Kind == data.Null || constant.Kind == data.Bool || constant.Kind == data.List {
			return nil, c.unknown(x, "a comparison with what is no plain value")
		}
		t.op, t.value, t.kinds = opNotEqual, constant, shape.KindsOf(constant.Kind)
		if isNumber(constant) {
			t.kinds = shape.KindsOf(data.Int, data.Float)
		}
		return t, nil
	}
	return nil, c.unknown(x, "operator %s", x.Op)
}

func isNumber(n *data.Node) bool { return n.Kind == data.Int || n.Kind == data.Float }

// list compiles a list literal: a constant, or constraints on elements.
func (c *compiler) list(t *term, x *ast.ListLit, sc *scope) (*term, error) {
	l := &elements{}
	constant := &data.Node{Kind: data.List, At: t.at}
	for i, e := range x.Elts {
		if rest, ok := e.(*ast.Ellipsis); ok {
			if i != len(x.Elts)-1 {
				return nil, c.unknown(e, "an ellipsis that is not last")
			}
			l.open, constant = true, nil
			if rest.Type != nil {
				var err error
				if l.rest, err = c.term(rest.Type, sc); err != nil {
					return nil, err
				}
			}
			continue
		}
		if _, ok := e.(*ast.Comprehension); ok {
			return nil, c.unknown(e, "a comprehension in a list")
		}
		elem, err := c.term(e, sc)
		if err != nil {
			return nil, err
		}
		l.first = append(l.first, elem)
		if constant != nil && elem.op == opConst {
			constant.Elems = append(constant.Elems, elem.value)
		} else {
			constant = nil
		}
	}
	if constant != nil {
		t.op, t.value = opConst, constant
		return t, nil
	}
	t.op, t.list = opList, l
	return t, nil
}

// source formats an expression as the policy writes it, on one line.
func source(x ast.Node) string {
	b, err := format.Node(x, format.Simplify())
	if err != nil {
		return "the condition"
	}
	return strings.Join(strings.Fields(string(b)), " ")
}
