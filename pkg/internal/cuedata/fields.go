package cuedata

import (
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
)

// Field is a regular field of a struct.
type Field struct {
	Name  string
	Value cue.Value
}

// Fields returns the regular fields of a struct, in CUE's order.
func Fields(v cue.Value) ([]Field, error) {
	if fields, ok := fieldsOfLiteral(v); ok {
		return fields, nil
	}
	it, err := v.Fields()
	if err != nil {
		return nil, err
	}
	var fields []Field
	for it.Next() {
		if sel := it.Selector(); sel.LabelType() == cue.StringLabel { // a broken list has others
			fields = append(fields, Field{sel.Unquoted(), it.Value()})
		}
	}
	return fields, nil
}

// fewFields is the number of fields up to which single look-ups are faster than CUE's sorting.
const fewFields = 64

// fieldsOfLiteral returns the regular fields of a struct that comes from one literal or file,
// if all its fields are named there. [cue.Value.Fields] returns the same, but spends most of
// its time on finding their order.
func fieldsOfLiteral(v cue.Value) (fields []Field, ok bool) {
	decls := declsOf(v.Source()) // nil where a struct comes from several literals
	if decls == nil || len(decls) > fewFields || v.Err() != nil {
		return nil, false
	}
	fields = make([]Field, 0, len(decls))
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			name, regular, ok := fieldName(d)
			if !ok {
				return nil, false
			}
			if !regular || slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name }) {
				continue
			}
			value := v.LookupPath(cue.MakePath(cue.Str(name)))
			if !value.Exists() {
				return nil, false
			}
			fields = append(fields, Field{name, value})
		case *ast.Package, *ast.ImportDecl, *ast.LetClause, *ast.Attribute, *ast.Ellipsis: // these declare no fields
		default:
			return nil, false
		}
	}
	return fields, true
}

// declsOf returns the declarations of a file or literal, nil for any other node.
func declsOf(source ast.Node) []ast.Decl {
	switch source := source.(type) {
	case *ast.File:
		return source.Decls
	case *ast.StructLit:
		return source.Elts
	case *ast.Field:
		if lit, ok := source.Value.(*ast.StructLit); ok {
			return lit.Elts
		}
	}
	return nil
}
