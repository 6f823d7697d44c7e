package cuedata

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// noKey is CUE's message for a field whose name is an expression without a value
// (cuelang.org/go v0.17.1, internal/core/adt/tasks.go).
const noKey = "key value of dynamic field must be concrete, found %v"

func isKeyless(p problem) bool { return p.format == noKey }

// Keys surveys a struct for fields that get no name, and nothing of what is in it: such a
// field is left out of the struct, which has no other sign of it.
func (s *Survey) Keys(pkg, v cue.Value, places *Places) diag.List {
	s.begin(pkg, v, places)
	for _, p := range s.own(v, v.Err()) {
		if isKeyless(p) {
			s.keyless(p)
		}
	}
	return s.diags
}

// keyless reports a field that gets no name, because its label is an expression without a
// value. Where that is a field of the elements that a loop goes over, the element that lacks
// it is at fault.
func (s *Survey) keyless(p problem) {
	pos := p.err.Position()
	label := s.nodeAt(pos)
	if label == nil {
		d := s.diags.Errorf(diag.NotConcrete, p.path, "a field has no name: the expression for it has no value")
		d.Range = s.written(p)
		return
	}
	use := s.Sources.Node(label).Range()
	if x, ok := label.(*ast.SelectorExpr); ok {
		name, _, _ := ast.LabelName(x.Sel)
		if elem := s.lacking(x, name); elem != nil {
			d := s.diags.Errorf(diag.MissingField, p.path, "this element has no %q, which names a field", name)
			d.Range = s.Sources.Node(elem).Range()
			d.Related = []diag.Related{{Range: use, Message: "the name of the field"}}
			d.Help = fmt.Sprintf("add %s: \"…\"", name)
			if near := diag.Near(name, labels(elem)); near != "" {
				d.Help = fmt.Sprintf("write %q for %q", name, near)
			}
			return
		}
	}
	d := s.diags.Errorf(diag.NotConcrete, p.path, "a field has no name: %s has no value", textOf(label))
	d.Range = use
}

// lacking returns the first element without a field of that name, of those that the loop
// around a selector goes over, as far as they are written out.
func (s *Survey) lacking(x *ast.SelectorExpr, name string) *ast.StructLit {
	f := s.syntax(x.Pos())
	of, ok := x.X.(*ast.Ident)
	if f == nil || !ok {
		return nil
	}
	for _, loop := range loopsAround(f, x) {
		if loop.Value == nil || loop.Value.Name != of.Name {
			continue
		}
		for _, e := range elements(f, loop.Source) {
			if elem, ok := e.(*ast.StructLit); ok && allWritten(elem) && !slices.Contains(labels(elem), name) {
				return elem
			}
		}
	}
	return nil
}

// elements are the values of a list or map as it is written. A name leads to the field or
// let clause of the file that it is of.
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

// allWritten reports whether a struct has only fields: nothing that could add others.
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
