package shape

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// Compile compiles #Tenant of one of the library's packages. It returns an error with a
// position for a construct that it does not support; CUE then checks tenants against that
// schema.
func Compile(lib *library.Library, importPath string) (*Shape, error) {
	return CompileDefinition(lib, importPath, "#Tenant")
}

// CompileDefinition is Compile for another definition, such as that of a project file.
func CompileDefinition(lib *library.Library, importPath, name string) (*Shape, error) {
	c := &compiler{library: lib, done: map[string]Types{}, packages: map[string]bool{}}
	types, err := c.definition(importPath, name)
	if err != nil {
		return nil, err
	}
	return &Shape{Tenant: types, packages: slices.Sorted(maps.Keys(c.packages))}, nil
}

type compiler struct {
	library  *library.Library
	done     map[string]Types // definitions; nil while being compiled
	packages map[string]bool  // packages that were read
}

// scope is the context of an expression.
type scope struct {
	importPath string
	file       *ast.File

	// closing means that a struct literal in the scope is closed.
	closing bool
}

// unknown returns the error for an unsupported construct.
func unknown(n ast.Node, format string, args ...any) error {
	name, _ := library.Display(n.Pos().Filename())
	return fmt.Errorf("%s:%d:%d: %s", name, n.Pos().Line(), n.Pos().Column(), fmt.Sprintf(format, args...))
}

func at(n ast.Node) diag.Range {
	name, _ := library.Display(n.Pos().Filename())
	return diag.Range{File: name, Line: n.Pos().Line(), Column: n.Pos().Column()}
}

// definition compiles a package's definition, once.
func (c *compiler) definition(importPath, name string) (Types, error) {
	key := importPath + ":" + name
	if types, ok := c.done[key]; ok {
		if types == nil {
			return nil, fmt.Errorf("%s of %s refers to itself", name, importPath)
		}
		return types, nil
	}
	c.done[key] = nil
	c.packages[importPath] = true
	files, err := c.library.Files(importPath)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		for _, d := range f.Decls {
			field, ok := d.(*ast.Field)
			if !ok {
				continue
			}
			if label, _, err := ast.LabelName(field.Label); err != nil || label != name {
				continue
			}
			types, err := c.expr(field.Value, scope{importPath, f, true})
			if err != nil {
				return nil, err
			}
			types = named(types, name, c.library.Words(f.Filename, field.Pos().Line()), exampleOf(docOf(field)))
			c.done[key] = types
			return types, nil
		}
	}
	return nil, fmt.Errorf("%s has no %s", importPath, name)
}

// named gives types the name of their definition. Several conjuncts, or a union, become one
// type that contains them.
func named(types Types, name, words, example string) Types {
	if len(types) == 1 && types[0].Name == "" {
		t := *types[0]
		t.Name, t.Words, t.Example = name, words, example
		return Types{&t}
	}
	if words == "" && example == "" {
		return types
	}
	out := make(Types, len(types))
	for i, t := range types {
		u := *t
		u.Name, u.Words, u.Example = name, words, example
		out[i] = &u
	}
	return out
}

// structure compiles a struct literal.
func (c *compiler) structure(lit *ast.StructLit, sc scope) (*Struct, error) {
	s := &Struct{Closed: sc.closing}
	for _, d := range lit.Elts {
		if err := c.declaration(s, d, sc); err != nil {
			return nil, err
		}
	}
	s.prepared()
	return s, nil
}

func (c *compiler) declaration(s *Struct, d ast.Decl, sc scope) error {
	switch d := d.(type) {
	case *ast.Field:
		return c.field(s, d, sc)
	case *ast.Ellipsis:
		if d.Type != nil {
			return unknown(d, "an ellipsis with a type")
		}
		s.Closed = false
		return nil
	case *ast.Comprehension:
		return c.condition(s, d, sc)
	case *ast.EmbedDecl:
		return c.embedding(s, d, sc)
	case *ast.CommentGroup, *ast.Attribute:
		return nil
	}
	return unknown(d, "a declaration of kind %T", d)
}

func (c *compiler) field(s *Struct, d *ast.Field, sc scope) error {
	types, err := c.expr(d.Value, sc)
	if err != nil {
		return err
	}
	if key, ok := d.Label.(*ast.ListLit); ok {
		if len(key.Elts) != 1 || d.Constraint != token.ILLEGAL {
			return unknown(d, "a pattern of this form")
		}
		match, err := c.expr(key.Elts[0], sc)
		if err != nil {
			return err
		}
		s.Patterns = append(s.Patterns, Pattern{Key: match, Value: types, Doc: docOf(d)})
		return nil
	}
	name, _, err := ast.LabelName(d.Label)
	if err != nil || strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_") {
		return unknown(d, "a field without a plain name")
	}
	f := &Field{Name: name, Types: types, Doc: docOf(d), At: at(d.Label)}
	switch d.Constraint {
	case token.OPTION:
	case token.NOT:
		f.Presence = Required
	default:
		if f.Presence = Defaulted; types.Default() == nil {
			return unknown(d, "regular field %s has no default", name)
		}
	}
	if s.Field(name) != nil {
		return unknown(d, "field %s stands twice", name)
	}
	s.Fields = append(s.Fields, f)
	return nil
}

func docOf(f *ast.Field) string {
	var doc string
	for _, c := range ast.Comments(f) {
		if c.Doc {
			doc += c.Text()
		}
	}
	return strings.Join(strings.Fields(doc), " ")
}

// condition compiles `if field == "value" {…}`, the only supported comprehension.
func (c *compiler) condition(s *Struct, d *ast.Comprehension, sc scope) error {
	if len(d.Clauses) != 1 {
		return unknown(d, "a comprehension of several clauses")
	}
	clause, ok := d.Clauses[0].(*ast.IfClause)
	if !ok {
		return unknown(d, "a comprehension that is no if")
	}
	cond, ok := clause.Condition.(*ast.BinaryExpr)
	if !ok || cond.Op != token.EQL && cond.Op != token.NEQ {
		return unknown(clause.Condition, "a condition that compares no field")
	}
	on, ok := cond.X.(*ast.Ident)
	if !ok || s.Field(on.Name) == nil || s.Field(on.Name).Presence != Defaulted {
		return unknown(cond.X, "a condition on what is no field with a default before it")
	}
	value, err := c.constant(cond.Y)
	if err != nil {
		return err
	}
	body, ok := d.Value.(*ast.StructLit)
	if !ok {
		return unknown(d.Value, "an if without a struct")
	}
	then, err := c.structure(body, sc)
	if err != nil {
		return err
	}
	if len(then.Ifs) > 0 || len(then.Patterns) > 0 {
		return unknown(body, "an if with more than fields")
	}
	if len(s.Ifs) == maxIfs {
		return unknown(d, "more than %d conditions in a struct", maxIfs)
	}
	s.Ifs = append(s.Ifs, If{Field: on.Name, Equal: cond.Op == token.EQL, Value: value, Then: then})
	return nil
}

// embedding adds the fields of an embedded definition.
func (c *compiler) embedding(s *Struct, d *ast.EmbedDecl, sc scope) error {
	types, err := c.expr(d.Expr, sc)
	if err != nil {
		return err
	}
	if len(types) != 1 || types[0].Struct == nil || len(types[0].Struct.Patterns)+len(types[0].Struct.Ifs) > 0 {
		return unknown(d, "an embedding that is no plain struct")
	}
	for _, f := range types[0].Struct.Fields {
		if s.Field(f.Name) != nil {
			return unknown(d, "an embedding that has field %s again", f.Name)
		}
		s.Fields = append(s.Fields, f)
	}
	return nil
}
