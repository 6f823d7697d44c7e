package policy

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// scope resolves the names in an expression. It has a level for each enclosing struct literal,
// and for each pattern that captures its field's name. Levels of the file have no value of a
// tenant.
type scope struct {
	up     *scope
	file   bool
	fields map[string]ast.Expr // nil for fields without one constant value
	locals map[string]ast.Expr // let clauses, hidden fields, definitions
	alias  map[string]string   // field names by alias
	key    string              // the name that this level's pattern captures
}

// scopeOf returns the scope of declarations.
func scopeOf(decls []ast.Decl, up *scope) *scope {
	s := &scope{up: up, fields: map[string]ast.Expr{}, locals: map[string]ast.Expr{}, alias: map[string]string{}}
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			label, alias := plainLabel(d.Label)
			name, isIdent, err := ast.LabelName(label)
			if err != nil {
				continue
			}
			if alias != "" {
				s.alias[alias] = name
			}
			if isIdent && isLocal(name) {
				s.local(name, d.Value)
				continue
			}
			if _, isString := label.(*ast.BasicLit); isString {
				continue // "a": a quoted label cannot be referred to
			}
			s.fields[name] = d.Value
		case *ast.LetClause:
			s.local(d.Ident.Name, d.Expr)
		}
	}
	return s
}

// local adds a name that is not a field. If it is declared twice, its value is both.
func (s *scope) local(name string, x ast.Expr) {
	if other, ok := s.locals[name]; ok {
		x = &ast.BinaryExpr{X: other, Op: token.AND, OpPos: x.Pos(), Y: x}
	}
	s.locals[name] = x
}

// isLocal reports whether a name is a definition's or a hidden field's.
func isLocal(name string) bool { return strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_") }

// plainLabel splits off a label's alias.
func plainLabel(l ast.Label) (label ast.Label, alias string) {
	if a, ok := l.(*ast.Alias); ok {
		if inner, ok := a.Expr.(ast.Label); ok {
			return inner, a.Ident.Name
		}
	}
	return l, ""
}

// found is what a name refers to, and how many levels further out.
type found struct {
	in    *scope
	up    int
	local ast.Expr // a definition, hidden field or let clause
	field string   // or a field
	key   bool     // or the name that a pattern captured
}

func (s *scope) find(name string) (f found, ok bool) {
	up := 0
	for ; s != nil; s = s.up {
		if x, ok := s.locals[name]; ok {
			return found{in: s, up: up, local: x}, true
		}
		if _, ok := s.fields[name]; ok {
			return found{in: s, up: up, field: name}, true
		}
		if field, ok := s.alias[name]; ok {
			return found{in: s, up: up, field: field}, true
		}
		if s.key != "" && s.key == name {
			return found{in: s, up: up, key: true}, true
		}
		up++
	}
	return found{}, false
}
