package cuedata

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// Sources are the texts of an evaluation's files, by the names in their positions.
type Sources map[string]*data.Source

// Pos returns the position between two of CUE's positions. It is zero for a file that is not
// the author's.
func (s Sources) Pos(start, end token.Pos) data.Pos {
	src := s[start.Filename()]
	if src == nil || !start.HasAbsPos() {
		return data.Pos{}
	}
	if !end.HasAbsPos() || end.Filename() != start.Filename() {
		end = start
	}
	return src.Pos(start.Offset(), end.Offset())
}

// Range returns the line and column range of Pos.
func (s Sources) Range(start, end token.Pos) diag.Range { return s.Pos(start, end).Range() }

// Node returns the position of a node of the syntax tree.
func (s Sources) Node(n ast.Node) data.Pos { return s.Pos(n.Pos(), n.End()) }

// Ours returns the position of a token in the library; ok is false for any other file.
func Ours(p token.Pos) (r diag.Range, ok bool) {
	name, ok := library.Display(p.Filename())
	return diag.Range{File: name, Line: p.Line(), Column: p.Column()}, ok
}

// Places are the positions of the fields that an author's files write literally. Fields that
// only evaluation makes, such as a comprehension's, have none.
type Places struct {
	key, value data.Pos
	literal    bool // value is a plain literal's position
	fields     map[string]*Places
	elems      []*Places

	sources Sources
	unread  []ast.Node // expressions and files whose fields and elements are read on demand
}

// FilePlaces returns the positions in files that are unified with each other.
func FilePlaces(s Sources, files []*ast.File) *Places {
	p := &Places{sources: s}
	for _, f := range files {
		if p.key.IsZero() && len(f.Decls) > 0 {
			p.key = s.Node(FirstLabel(f))
			p.value = p.key
		}
		p.unread = append(p.unread, f)
	}
	return p
}

// FirstLabel represents a whole file in a diagnostic: its first field's label, or else its
// first declaration.
func FirstLabel(f *ast.File) ast.Node {
	for _, d := range f.Decls {
		if field, ok := d.(*ast.Field); ok {
			return field.Label
		}
	}
	return f.Decls[0]
}

// Field returns the position of a field, or nil. It is nil for a nil receiver, so that look-ups
// chain.
func (p *Places) Field(name string) *Places {
	if p == nil {
		return nil
	}
	p.read()
	return p.fields[name]
}

// Key returns the position of the key, or otherwise if there is none.
func (p *Places) Key(otherwise data.Pos) data.Pos {
	if p == nil || p.key.IsZero() {
		return otherwise
	}
	return p.key
}

// Elem returns the position of a list's i-th element, or nil.
func (p *Places) Elem(i int) *Places {
	if p == nil {
		return nil
	}
	if p.read(); i >= len(p.elems) {
		return nil
	}
	return p.elems[i]
}

// Locate follows a path to its last literal element. A nil receiver has no positions.
func (p *Places) Locate(path diag.Path) diag.Place {
	if p == nil {
		return diag.Place{}
	}
	found := true
	for _, e := range path {
		next := p.Field(e)
		if found = next != nil; !found {
			break
		}
		p = next
	}
	return diag.Place{Key: p.key.Range(), Value: p.value.Range(), Found: found}
}

// read finds the fields and elements of the unread nodes.
func (p *Places) read() {
	unread := p.unread
	p.unread = nil
	for _, x := range unread {
		switch x := x.(type) {
		case *ast.File:
			p.decls(x.Decls)
		case *ast.StructLit:
			p.decls(x.Elts)
		case *ast.ListLit:
			p.list(x)
		}
	}
}

func (p *Places) decls(decls []ast.Decl) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			name, _, err := ast.LabelName(d.Label)
			if err != nil || d.Constraint != token.ILLEGAL {
				continue
			}
			f := p.fields[name]
			if f == nil {
				f = &Places{key: p.sources.Node(d.Label), sources: p.sources}
				if p.fields == nil {
					p.fields = map[string]*Places{}
				}
				p.fields[name] = f
			}
			f.expr(d.Value)
		case *ast.EmbedDecl:
			p.expr(d.Expr)
			p.read()
		case *ast.Comprehension:
			p.expr(d.Value)
			p.read()
		}
	}
}

func (p *Places) list(x *ast.ListLit) {
	for i, e := range x.Elts {
		if i >= len(p.elems) {
			p.elems = append(p.elems, &Places{sources: p.sources})
		}
		p.elems[i].expr(e)
		p.elems[i].key = p.elems[i].value
	}
}

// expr adds an expression that a value comes from.
func (p *Places) expr(x ast.Expr) {
	if p.value.IsZero() {
		p.value = p.sources.Node(x)
	}
	switch x := x.(type) {
	case *ast.BasicLit:
		p.isLiteral(x)
	case *ast.UnaryExpr:
		if x.Op == token.SUB || x.Op == token.ADD {
			p.isLiteral(x)
		}
	case *ast.StructLit, *ast.ListLit:
		p.unread = append(p.unread, x)
	case *ast.ParenExpr:
		p.expr(x.X)
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			p.expr(x.X)
			p.expr(x.Y)
		}
	}
}

// isLiteral records the position of the first plain literal of a value.
func (p *Places) isLiteral(x ast.Expr) {
	if !p.literal {
		p.value, p.literal = p.sources.Node(x), true
	}
}
