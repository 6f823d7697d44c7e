package shape

import (
	"slices"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// union compiles a | b, of which one may be marked as the default.
func (c *compiler) union(x *ast.BinaryExpr, sc scope) (Types, error) {
	t := &Type{At: at(x)}
	for _, p := range operands(x, token.OR) {
		marked := false
		if u, ok := p.(*ast.UnaryExpr); ok && u.Op == token.MUL {
			p, marked = u.X, true
		}
		alt, err := c.expr(p, sc)
		if err != nil {
			return nil, err
		}
		if marked {
			if len(alt) != 1 || len(alt[0].Enum) != 1 || t.Default != nil {
				return nil, unknown(p, "a default that is no single constant")
			}
			t.Default = alt[0].Enum[0]
		}
		t.Union = append(t.Union, alt)
		t.Kinds |= alt.kinds()
	}
	if err := c.distinct(t.Union, x); err != nil {
		return nil, err
	}
	return Types{constants(t)}, nil
}

// kinds returns the kinds that all conjuncts admit.
func (ts Types) kinds() Kinds {
	all := AnyKind
	for _, t := range ts {
		all &= t.Kinds
	}
	return all
}

// constants turns a union of constants into an enumeration.
func constants(t *Type) *Type {
	var enum []*data.Node
	for _, alt := range t.Union {
		if len(alt) != 1 || len(alt[0].Enum) == 0 || alt[0].Default != nil {
			return t
		}
		for _, value := range alt[0].Enum {
			if !slices.ContainsFunc(enum, func(e *data.Node) bool { return equal(e, value) }) {
				enum = append(enum, value)
			}
		}
	}
	return &Type{Kinds: t.Kinds, Enum: enum, Default: t.Default, At: t.At}
}

// distinct returns an error for a union in which two structs could admit the same value,
// because CUE's result for both would have to be computed. Each struct has to require a field
// that the others lack.
func (c *compiler) distinct(union []Types, x ast.Node) error {
	var structs []*Struct
	for _, alt := range union {
		for _, t := range alt {
			if t.hasStructs() {
				return unknown(x, "a union in a union of structs")
			}
			if t.Struct != nil {
				structs = append(structs, t.Struct)
			}
			if t.List != nil && len(alt) > 2 {
				return unknown(x, "a union of lists of this form")
			}
		}
	}
	for i, a := range structs {
		for j, b := range structs {
			if i != j && !apart(a, b) {
				return unknown(x, "a union of structs that are not told apart by a required field")
			}
		}
	}
	return nil
}

// apart reports whether a requires a field that b refuses.
func apart(a, b *Struct) bool {
	return b.Closed && len(b.Patterns) == 0 && slices.ContainsFunc(a.Fields, func(f *Field) bool {
		return f.Presence == Required && b.Field(f.Name) == nil
	})
}
