// Package shape is the CUE schema compiled once into a tree of checks, defaults and
// docs, so that data is judged without CUE's evaluator. CUE stays the authority: what
// the compiler does not know, it refuses with its place, and nothing is approximated.
package shape

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Shape is a provider's #Tenant, or another definition. It is not changed once compiled, and
// is safe for concurrent use.
type Shape struct {
	Tenant Types

	packages []string // the import paths of those that say it, sorted
}

// Types are conjuncts: a value satisfies them all.
type Types []*Type

// Type is one constraint on a value. What is zero does not constrain.
type Type struct {
	Kinds  Kinds        // the kinds that it admits
	Enum   []*data.Node // the scalars that it admits
	Bounds []Bound
	Union  []Types // at least one admits
	Struct *Struct
	List   *List

	Default *data.Node // of a union with a marked alternative

	// Name is the definition that says this, such as #Duration; Words what it says in
	// words, and Example a value as an author writes it, where its comment has them.
	Name, Words, Example string
	At                   diag.Range // where the schema says it
}

// Kinds is a set of kinds.
type Kinds uint16

// AnyKind is the set of all.
const AnyKind Kinds = 1<<8 - 1

// kind is the set of one kind.
func kind(k data.Kind) Kinds { return 1 << k }

// Has reports whether the set has a kind.
func (s Kinds) Has(k data.Kind) bool { return s&kind(k) != 0 }

// number is the set of the kinds of number.
const number = Kinds(1<<data.Int | 1<<data.Float)

// Bound limits a number, the form of a text, or a count.
type Bound struct {
	Op    Op
	Limit string // of a number or count: its plain decimal; of a text: the expression
	match *lazyregexp.Regexp
	n     int64 // of a limit that is a small whole number
	small bool
}

// Op says what a bound compares.
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

// Struct is what the fields of a struct may be.
type Struct struct {
	Fields   []*Field // in the schema's order
	Patterns []Pattern
	Ifs      []If

	// Closed: fields that nothing here names are refused. A literal that only narrows a
	// definition leaves that to the definition.
	Closed bool

	expected []*Field // those of Fields that are not optional
}

// prepared is for a struct whose Fields are complete.
func (s *Struct) prepared() {
	for _, f := range s.Fields {
		if f.Presence != Optional {
			s.expected = append(s.expected, f)
		}
	}
}

// Presence says whether a field has to be there.
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

// If holds further fields for some values of a field of the same struct.
type If struct {
	Field string
	Equal bool // == or !=
	Value *data.Node
	Then  *Struct
}

// List is what the elements of a list may be.
type List struct {
	First []Types // of the first elements, which must be there
	Rest  Types   // of the others; nil where there are none
	Open  bool    // there may be others
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

// Example returns the example that the field's comment gives, as CUE, or "".
func (f *Field) Example() string { return exampleOf(f.Doc) }

// Admits reports whether a value satisfies the types.
func (ts Types) Admits(n *data.Node) bool { return admits(n, ts) }

// Default returns the default that some conjunct has, or nil.
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
