// Package shape is the CUE schema, compiled once to a tree of checks, defaults and docs, so
// that data is checked without CUE's evaluator. CUE stays the authority: a construct that the
// compiler does not support is an error with its position, and nothing is approximated.
package shape

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Shape is a provider's #Tenant, or another definition. It is immutable once compiled, and safe
// for concurrent use.
type Shape struct {
	Tenant Types

	packages []string // import paths of the packages that define it, sorted
}

// Types are conjuncts: a value has to satisfy all of them.
type Types []*Type

// Type is one constraint on a value. Zero fields do not constrain.
type Type struct {
	Kinds  Kinds        // the kinds that it admits
	Enum   []*data.Node // the scalars that it admits
	Bounds []Bound
	Union  []Types // at least one has to admit the value
	Struct *Struct
	List   *List

	Default *data.Node // of a union with a marked alternative

	// Name is the definition's name, such as #Duration; Words and Example are the description
	// and the example in its comment.
	Name, Words, Example string
	At                   diag.Range // position in the schema
}

// Kinds is a set of kinds.
type Kinds uint16

// AnyKind is the set of all kinds.
const AnyKind Kinds = 1<<8 - 1

// kind returns a set of one kind.
func kind(k data.Kind) Kinds { return 1 << k }

// Has reports whether the set has a kind.
func (s Kinds) Has(k data.Kind) bool { return s&kind(k) != 0 }

// number is the set of the number kinds.
const number = Kinds(1<<data.Int | 1<<data.Float)

// Bound limits a number, the form of a string, or a count.
type Bound struct {
	Op    Op
	Limit string // a number or count in plain decimal form, or a regular expression
	match *lazyregexp.Regexp
	n     int64 // the limit, if it is a small integer
	small bool
}

// Op is the operation of a bound.
type Op string

// The operations of bounds, as CUE writes them.
const (
	AtLeast   Op = ">="
	AtMost    Op = "<="
	MoreThan  Op = ">"
	LessThan  Op = "<"
	Matches   Op = "=~"
	NotMatch  Op = "!~"
	MinFields Op = "struct.MinFields"
	MaxFields Op = "struct.MaxFields"
	MinItems  Op = "list.MinItems"
	MaxItems  Op = "list.MaxItems"
	MinRunes  Op = "strings.MinRunes"
	MaxRunes  Op = "strings.MaxRunes"
)

// Struct describes the fields of a struct.
type Struct struct {
	Fields   []*Field // in the schema's order
	Patterns []Pattern
	Ifs      []If

	// Closed means that other fields are refused. A literal that only narrows a definition
	// leaves that to the definition.
	Closed bool

	expected []*Field // the fields that are not optional
}

// prepared sets expected once Fields is complete.
func (s *Struct) prepared() {
	for _, f := range s.Fields {
		if f.Presence != Optional {
			s.expected = append(s.expected, f)
		}
	}
}

// Presence is whether a field has to be set.
type Presence uint8

// The presences.
const (
	Optional  Presence = iota // field?: may be left out
	Required                  // field!: must be there
	Defaulted                 // field: has a default
)

// Field is a named field.
type Field struct {
	Name     string
	Presence Presence
	Types    Types
	Doc      string     // the comment
	At       diag.Range // of the name, in the schema
}

// Pattern is the type of the fields whose names match.
type Pattern struct {
	Key   Types // of the name, as a string
	Value Types
	Doc   string
}

// If has further fields for some values of a field of the same struct.
type If struct {
	Field string
	Equal bool // == or !=
	Value *data.Node
	Then  *Struct
}

// List describes the elements of a list.
type List struct {
	First []Types // of the first elements, which are required
	Rest  Types   // of the others; nil if there are none
	Open  bool    // other elements are allowed
}

// Field returns the named field of the struct itself, or nil.
func (s *Struct) Field(name string) *Field {
	for _, f := range s.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Example returns the example in the field's comment, as CUE, or "".
func (f *Field) Example() string { return exampleOf(f.Doc) }

// Admits reports whether a value satisfies the types.
func (ts Types) Admits(n *data.Node) bool { return admits(n, ts) }

// Default returns the default of the first conjunct that has one, or nil.
func (ts Types) Default() *data.Node {
	for _, t := range ts {
		if t.Default != nil {
			return t.Default
		}
		if len(t.Enum) == 1 {
			return t.Enum[0]
		}
	}
	return nil
}
