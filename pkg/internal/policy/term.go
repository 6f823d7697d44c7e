package policy

import (
	"regexp"
	"slices"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// term is a constraint on a value, or a value to supply. A compiled policy is an immutable tree
// of terms.
type term struct {
	op    op
	kinds shape.Kinds // opKind, opBound
	value *data.Node  // opConst
	bound shape.Bound // opBound, with a constant limit
	order token.Token // opOrder
	match *regexp.Regexp
	expr  *expr  // opDynamic, opOrder, opMatch with a computed limit; opError
	text  string // the expression as the policy writes it

	parts  []*term // opAll, opMatchN, opMatchIf; opLift: one
	alts   []alternative
	plain  bool  // opUnion: all alternatives are plain
	usual  *term // opUnion: the marked one of plain alternatives
	fields *fields
	list   *elements
	up     int // opLift: how many levels further out its part is written

	at data.Pos // in the policy
}

// isPlain reports whether the term constrains only the value itself, not its fields or
// elements.
func (t *term) isPlain() bool {
	switch t.op {
	case opKind, opConst, opBound, opNotEqual:
		return true
	case opMatch, opNotMatch:
		return t.expr == nil
	}
	return false
}

// noteUsual sets plain and usual of a disjunction.
func (t *term) noteUsual() {
	t.plain = !slices.ContainsFunc(t.alts, func(a alternative) bool { return !a.isPlain() })
	for _, a := range t.alts {
		switch {
		case !a.marked:
		case t.usual != nil || !t.plain || a.op != opConst:
			t.usual = nil
			return
		default:
			t.usual = a.term
		}
	}
}

// admits reports whether a plain term admits a value.
func (t *term) admits(n *data.Node) bool {
	switch t.op {
	case opKind:
		return t.kinds.Has(n.Kind)
	case opConst:
		return same(t.value, n)
	case opBound:
		return t.kinds.Has(n.Kind) && t.bound.Holds(n)
	case opNotEqual:
		return t.kinds.Has(n.Kind) && !same(t.value, n) && !(isNumber(n) && shape.Compare(n.Text, t.value.Text) == 0)
	}
	return n.Kind == data.String && t.match.MatchString(n.Text) == (t.op == opMatch)
}

// op is the kind of a term.
type op uint8

const (
	opKind     op = iota // of these kinds
	opConst              // equal to this scalar or list
	opBound              // within a bound
	opNotEqual           // not equal to this scalar
	opMatch              // matches a pattern
	opNotMatch           // does not match a pattern
	opOrder              // a number within a computed bound
	opDynamic            // equal to a computed value
	opHolds              // a text or list for which a function returns true, such as strings.HasPrefix
	opUnion              // satisfies one of several alternatives
	opStruct             // a struct with fields
	opList               // a list with elements
	opAll                // satisfies all parts
	opLift               // satisfies a part that is written in an outer scope
	opError              // never satisfied: refused with a message
	opMatchN             // satisfies as many of the parts as the bound requires
	opMatchIf            // satisfies the second part if the first matches, else the third
)

// alternative is one operand of a disjunction.
type alternative struct {
	*term
	marked bool // as the default
}

// fields is the content of a struct literal. Structs of a policy are open: other fields are the
// tenant's own.
type fields struct {
	named    []*rule
	patterns []*rule
	embedded []*term
	ifs      []*condition
	bare     bool // only embeds: the value may be of any kind
}

// presence is whether a rule demands its field.
type presence uint8

const (
	optional presence = iota // name?: the rule constrains the field if it exists
	required                 // name!: the author has to write it
	regular                  // name: it is supplied, or has to exist
)

// rule is a constraint on a field, or on the fields whose names match.
type rule struct {
	name     string
	key      *term // for a pattern
	captures bool  // the rule refers to the field's name
	presence presence
	value    *term
	number   int // among the policy's rules and conditions
	at       data.Pos
}

// condition is `if … {…}`.
type condition struct {
	clauses []*expr
	body    *term
	number  int
	at      data.Pos
}

// elements is the content of a list literal.
type elements struct {
	first []*term
	rest  *term // nil: anything
	open  bool  // more elements are allowed
}

// expr is an expression that is evaluated for each tenant.
type expr struct {
	op    exprOp
	value *data.Node  // exprConst
	up    int         // exprRef, exprKey: how many levels further out
	names []string    // exprRef: the path from there
	args  []*expr     // operands; parts of a text
	token token.Token // exprBinary
	call  string      // exprCall
	match *regexp.Regexp
	text  string // as the policy writes it
	at    data.Pos
}

type exprOp uint8

const (
	exprConst  exprOp = iota
	exprRef           // a field
	exprKey           // the name that a pattern captured
	exprText          // an interpolation
	exprBinary        // a comparison, && or ||, + of texts
	exprNot           // !x
	exprExists        // x != _|_
	exprAbsent        // x == _|_
	exprCall          // a function of the standard library
)
