package cuedata

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

type field struct {
	name  string
	value cue.Value
}

// fieldsOf returns the regular fields of a struct, in their order.
func fieldsOf(v cue.Value) ([]field, error) {
	if fields, ok := writtenOut(v); ok {
		return fields, nil
	}
	it, err := v.Fields()
	if err != nil {
		return nil, err
	}
	var fields []field
	for it.Next() {
		fields = append(fields, field{it.Selector().Unquoted(), it.Value()})
	}
	return fields, nil
}

// fewFields is how many are found sooner one by one than all of them put in order.
const fewFields = 64

// writtenOut returns the regular fields of a struct that comes from one literal alone, if
// that names them. [cue.Value.Fields] gives the same, and takes longer to find their order
// than all else that is asked of a value.
func writtenOut(v cue.Value) (fields []field, ok bool) {
	source := v.Source() // nil where a struct comes from several
	if f, is := source.(*ast.Field); is {
		source = f.Value
	}
	lit, ok := source.(*ast.StructLit)
	if !ok || len(lit.Elts) > fewFields {
		return nil, false
	}
	fields = make([]field, 0, len(lit.Elts))
	for _, d := range lit.Elts {
		f, ok := d.(*ast.Field)
		if !ok || f.Constraint != token.ILLEGAL {
			return nil, false
		}
		name, isIdent, err := ast.LabelName(f.Label)
		switch {
		case err != nil || !ascii(name): // beyond it, CUE has several spellings of a name
			return nil, false
		case isIdent && (strings.HasPrefix(name, "_") || strings.HasPrefix(name, "#")):
			continue
		case slices.ContainsFunc(fields, func(f field) bool { return f.name == name }):
			continue
		}
		value := v.LookupPath(cue.MakePath(cue.Str(name)))
		if !value.Exists() {
			return nil, false
		}
		fields = append(fields, field{name, value})
	}
	return fields, true
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
