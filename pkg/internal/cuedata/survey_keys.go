package cuedata

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// CUE's messages for a field whose label is an expression: it has no value, depends on its own
// struct, or is a number (cuelang.org/go v0.17.1, internal/core/adt/tasks.go).
const (
	noKey     = "key value of dynamic field must be concrete, found %v"
	cycleKey  = "key value of dynamic field not yet known"
	numberKey = "integer fields not supported"
)

func isKeyless(p problem) bool {
	return p.format == noKey || p.format == cycleKey || p.format == numberKey
}

// Itself surveys a struct for its own mistakes, without those of the values in it. CUE leaves
// out a field whose label has no value, and gives no other sign of it.
func (s *Survey) Itself(pkg, v cue.Value, places *Places) diag.List {
	s.begin(pkg, v, places)
	if own := s.ownProblems(v, v.Err()); len(own) > 0 {
		s.explain(v, own[0], own)
	}
	return s.diags
}

// keyless reports a field without a name, because its label is not a text. Where the label is a
// field of a loop's elements, the element is at fault.
func (s *Survey) keyless(p problem) {
	if len(s.Holes) > 0 {
		return // the name may depend on a removed expression
	}
	pos := p.err.Position()
	label := s.nodeAt(pos)
	if label == nil {
		d := s.diags.Errorf(diag.NotConcrete, p.path, "a field has no name: the expression for it has no value")
		d.Range = s.written(p)
		return
	}
	use := s.Sources.Node(label).Range()
	if x, ok := label.(*ast.SelectorExpr); ok && s.nameless(p, x, use) {
		return
	}
	d := s.diags.Errorf(diag.NotConcrete, p.path, "a field has no name: %s is not a text", textOf(label))
	d.Range = use
}

// nameless reports the first literal element that gives a loop no field name.
func (s *Survey) nameless(p problem, x *ast.SelectorExpr, use diag.Range) bool {
	f := s.syntax(x.Pos())
	of, ok := x.X.(*ast.Ident)
	if f == nil || !ok {
		return false
	}
	name, _, _ := ast.LabelName(x.Sel)
	for _, loop := range loopsAround(f, x) {
		if loop.Value == nil || loop.Value.Name != of.Name {
			continue
		}
		for _, e := range elements(f, loop.Source) {
			elem, ok := e.(*ast.StructLit)
			if !ok || !allWritten(elem) {
				continue
			}
			if d := s.noName(p, elem, name); d != nil {
				d.Related = []diag.Related{{Range: use, Message: "the name of the field"}}
				return true
			}
		}
	}
	return false
}

// noName reports an element that has no text in the field that names it.
func (s *Survey) noName(p problem, elem *ast.StructLit, name string) *diag.Diagnostic {
	i := slices.IndexFunc(elem.Elts, func(d ast.Decl) bool { return labelOf(d.(*ast.Field)) == name })
	if i < 0 {
		d := s.diags.Errorf(diag.MissingField, p.path, "this element has no %q, which names a field", name)
		d.Range, d.Help = s.Sources.Node(elem).Range(), fmt.Sprintf("add %s: \"…\"", name)
		if near := diag.Nearest(name, labels(elem)); near != "" {
			d.Help = fmt.Sprintf("write %q for %q", name, near)
		}
		return d
	}
	x := elem.Elts[i].(*ast.Field).Value
	var d *diag.Diagnostic
	switch v := x.(type) {
	case *ast.BasicLit:
		if v.Kind == token.STRING {
			return nil
		}
		d = s.diags.Errorf(diag.WrongType, p.path, "%s, which names a field, is %s, not a string", name, kindOfLiteral(x))
	case *ast.ListLit, *ast.StructLit:
		d = s.diags.Errorf(diag.WrongType, p.path, "%s, which names a field, is %s, not a string", name, kindOfLiteral(x))
	case *ast.Ident, *ast.BinaryExpr, *ast.UnaryExpr:
		if v, ok := x.(*ast.Ident); ok && v.Name != "string" && v.Name != "_" {
			return nil
		}
		d = s.diags.Errorf(diag.NotConcrete, p.path, "%s, which names a field, is %s, not one text", name, textOf(x))
	default:
		return nil
	}
	d.Range = s.Sources.Node(x).Range()
	return d
}

// elements returns the values of a list or map as it is written. An identifier is resolved to
// the file's field or let clause of that name.
func elements(f *ast.File, x ast.Expr) (all []ast.Expr) {
	switch x := x.(type) {
	case *ast.Ident:
		for _, v := range written(f, x.Name) {
			all = append(all, elements(f, v)...)
		}
	case *ast.ListLit:
		all = x.Elts
	case *ast.StructLit:
		for _, d := range x.Elts {
			if field, ok := d.(*ast.Field); ok {
				all = append(all, field.Value)
			}
		}
	}
	return all
}

// allWritten reports whether a struct has only fields, and no declaration that could add
// others.
func allWritten(x *ast.StructLit) bool {
	for _, d := range x.Elts {
		if _, ok := d.(*ast.Field); !ok {
			return false
		}
	}
	return true
}

func labels(x *ast.StructLit) (names []string) {
	for _, d := range x.Elts {
		if f, ok := d.(*ast.Field); ok {
			names = append(names, labelOf(f))
		}
	}
	return names
}
