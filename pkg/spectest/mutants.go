package spectest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// mutant is a policy or a template with one change, that a test should notice.
type mutant struct {
	line, column int
	what         string // such as dropping replicas?: <=3
	text         []byte
}

// mutantsOf changes a file of CUE in each way: a field dropped, an operand of a unification
// dropped, a bound moved by one to either side, a default changed. Of a policy, only the
// fields tenant and plan.
func mutantsOf(name string, text []byte, isPolicy bool) ([]mutant, error) {
	f, err := gate.SyntaxTree(data.NewSource(name, text))
	if err != nil {
		return nil, err
	}
	m := mutator{text: text}
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		label, _, err := ast.LabelName(field.Label)
		if isPolicy && (err != nil || label != "tenant" && label != "plan") {
			continue
		}
		m.field(field, false)
	}
	slices.SortStableFunc(m.found, func(a, b mutant) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	return m.found, nil
}

type mutator struct {
	text  []byte
	found []mutant
}

// add replaces a part of the text.
func (m *mutator) add(at ast.Node, start, end int, with, what string) {
	pos := at.Pos()
	m.found = append(m.found, mutant{pos.Line(), pos.Column(), what, slices.Concat(m.text[:start], []byte(with), m.text[end:])})
}

func offsets(n ast.Node) (start, end int) { return n.Pos().Offset(), n.End().Offset() }

// written is a node as it is written, on one line.
func (m *mutator) written(n ast.Node) string {
	start, end := offsets(n)
	words := strings.Join(strings.Fields(string(m.text[start:end])), " ")
	if r := []rune(words); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return words
}

// field changes a field: one whose labels end in a value, or in a struct whose fields are
// changed instead. A field of a struct is dropped too.
func (m *mutator) field(f *ast.Field, inStruct bool) {
	last := f
	for {
		inner, ok := last.Value.(*ast.StructLit)
		if !ok || inner.Lbrace.IsValid() || len(inner.Elts) != 1 {
			break
		}
		next, ok := inner.Elts[0].(*ast.Field)
		if !ok {
			break
		}
		last = next
	}
	if lit, ok := last.Value.(*ast.StructLit); ok && len(lit.Elts) > 0 {
		m.decls(lit.Elts)
		return
	}
	if !isDeclared(last) {
		start, end := offsets(f)
		with := ""
		if inStruct {
			end = m.afterComma(end)
		} else if label, _, err := ast.LabelName(f.Label); err == nil {
			with = label + ": {}"
		}
		m.add(last, start, end, with, "dropping "+m.written(last))
	}
	m.expr(last.Value)
}

// isDeclared reports whether a field is a definition or hidden: what refers to it would not
// resolve without it.
func isDeclared(f *ast.Field) bool {
	name, _, err := ast.LabelName(f.Label)
	return err == nil && (strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_"))
}

// afterComma is where the text goes on behind a comma, if one follows.
func (m *mutator) afterComma(end int) int {
	rest := bytes.TrimLeft(m.text[end:], " \t")
	if len(rest) > 0 && rest[0] == ',' {
		return len(m.text) - len(rest) + 1
	}
	return end
}

func (m *mutator) decls(decls []ast.Decl) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			m.field(d, true)
		case *ast.Comprehension:
			if body, ok := d.Value.(*ast.StructLit); ok {
				m.decls(body.Elts)
			}
		case *ast.EmbedDecl:
			m.expr(d.Expr)
		}
	}
}

// expr changes parts of a value.
func (m *mutator) expr(x ast.Expr) {
	switch x := x.(type) {
	case *ast.StructLit:
		m.decls(x.Elts)
	case *ast.ParenExpr:
		m.expr(x.X)
	case *ast.ListLit:
		for _, e := range x.Elts {
			m.expr(e)
		}
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			for _, part := range []ast.Expr{x.X, x.Y} {
				if nested, ok := part.(*ast.BinaryExpr); ok && nested.Op == token.AND {
					continue // whose parts are dropped
				}
				start, end := offsets(part)
				m.add(part, start, end, "_", "dropping "+m.written(part)+" from "+m.written(x))
			}
		}
		if x.Op == token.AND || x.Op == token.OR {
			m.expr(x.X)
			m.expr(x.Y)
		}
	case *ast.UnaryExpr:
		m.unary(x)
	}
}

// unary moves a bound, or changes a default.
func (m *mutator) unary(x *ast.UnaryExpr) {
	lit, ok := x.X.(*ast.BasicLit)
	if !ok {
		return
	}
	start, end := offsets(lit)
	switch x.Op {
	case token.GEQ, token.GTR, token.LEQ, token.LSS:
		n, err := strconv.ParseInt(lit.Value, 10, 64)
		if err != nil {
			return
		}
		for _, by := range []int64{-1, 1} {
			now := strconv.FormatInt(n+by, 10)
			m.add(x, start, end, now, fmt.Sprintf("%s in place of %s", string(x.Op.String())+now, m.written(x)))
		}
	case token.MUL:
		if now := other(lit); now != "" {
			m.add(x, start, end, now, fmt.Sprintf("the default %s in place of %s", now, lit.Value))
		}
	}
}

// other is another value of a literal's kind, or "".
func other(lit *ast.BasicLit) string {
	switch lit.Kind {
	case token.INT:
		if n, err := strconv.ParseInt(lit.Value, 10, 64); err == nil {
			return strconv.FormatInt(n+1, 10)
		}
	case token.STRING:
		if strings.HasPrefix(lit.Value, `"`) && !strings.HasPrefix(lit.Value, `""`) {
			return lit.Value[:len(lit.Value)-1] + `x"`
		}
		if lit.Value == `""` {
			return `"x"`
		}
	case token.TRUE:
		return "false"
	case token.FALSE:
		return "true"
	}
	return ""
}
