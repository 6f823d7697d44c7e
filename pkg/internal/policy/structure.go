package policy

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// structure compiles a struct literal.
func (c *compiler) structure(t *term, x *ast.StructLit, outer *scope) (*term, error) {
	sc := scopeOf(x.Elts, outer)
	t.op, t.fields = opStruct, &fields{}
	s := t.fields
	s.bare = true
	for _, d := range x.Elts {
		var err error
		switch d := d.(type) {
		case *ast.Field:
			err = c.field(s, d, sc)
		case *ast.Ellipsis:
			s.bare = false
			if d.Type != nil {
				err = c.unknown(d, "an ellipsis with a type")
			}
		case *ast.Comprehension:
			err = c.condition(s, d, sc)
		case *ast.EmbedDecl:
			var part *term
			if part, err = c.term(d.Expr, sc); err == nil {
				s.embedded = append(s.embedded, part)
			}
		case *ast.LetClause, *ast.CommentGroup, *ast.Attribute:
		default:
			err = c.unknown(d, "a declaration of kind %T", d)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(s.embedded) == 0 {
		s.bare = false
	}
	return t, nil
}

func (c *compiler) field(s *fields, d *ast.Field, sc *scope) error {
	if d.Alias != nil {
		return c.unknown(d, "an alias of this form")
	}
	label, _ := plainLabel(d.Label)
	r := &rule{number: c.number(), presence: presenceOf(d), at: c.sources.Node(d.Label)}
	if key, ok := label.(*ast.ListLit); ok {
		s.bare = false
		return c.pattern(s, r, d, key, sc)
	}
	name, isIdent, err := ast.LabelName(label)
	if err != nil {
		return c.unknown(d.Label, "a field whose name is computed")
	}
	if isIdent && isLocal(name) {
		return nil // not a rule; references to it compile it
	}
	s.bare = false
	if _, ok := d.Value.(*ast.Alias); ok {
		return c.unknown(d.Value, "an alias of a value")
	}
	r.name = name
	if r.value, err = c.term(d.Value, sc); err != nil {
		return err
	}
	s.named = append(s.named, r)
	return nil
}

// number returns the next number of a rule or condition.
func (c *compiler) number() int {
	*c.rules++
	return *c.rules - 1
}

func presenceOf(d *ast.Field) presence {
	switch d.Constraint {
	case token.OPTION:
		return optional
	case token.NOT:
		return required
	}
	return regular
}

func (c *compiler) pattern(s *fields, r *rule, d *ast.Field, key *ast.ListLit, sc *scope) (err error) {
	if len(key.Elts) != 1 {
		return c.unknown(d, "a pattern of this form")
	}
	match := key.Elts[0]
	if a, ok := match.(*ast.Alias); ok {
		match, r.captures = a.Expr, true
		sc = &scope{up: sc, key: a.Ident.Name}
	}
	if r.key, err = c.term(match, sc); err != nil {
		return err
	}
	if !r.key.isConstant() {
		return c.unknown(match, "a pattern that is computed")
	}
	if _, ok := d.Value.(*ast.Alias); ok {
		return c.unknown(d.Value, "an alias of a value")
	}
	r.value, err = c.term(d.Value, sc)
	s.patterns = append(s.patterns, r)
	return err
}

// isConstant reports whether the term is independent of a tenant's values.
func (t *term) isConstant() bool {
	if t.expr != nil || t.fields != nil || t.list != nil {
		return false
	}
	for _, p := range t.parts {
		if !p.isConstant() {
			return false
		}
	}
	for _, a := range t.alts {
		if !a.isConstant() {
			return false
		}
	}
	return true
}

func (c *compiler) condition(s *fields, d *ast.Comprehension, sc *scope) error {
	cond := &condition{number: c.number(), at: c.sources.Node(d)}
	for _, clause := range d.Clauses {
		ifClause, ok := clause.(*ast.IfClause)
		if !ok {
			return c.unknown(clause, "a comprehension that is no if")
		}
		e, err := c.expr(ifClause.Condition, sc)
		if err != nil {
			return err
		}
		cond.clauses = append(cond.clauses, e)
	}
	body, ok := d.Value.(*ast.StructLit)
	if !ok || d.Fallback != nil {
		return c.unknown(d, "a comprehension of this form")
	}
	var err error
	cond.body, err = c.term(body, sc)
	s.ifs = append(s.ifs, cond)
	return err
}
