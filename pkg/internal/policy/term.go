package policy

import (
	"regexp"
	"slices"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// term is one constraint on a value, or a value that is supplied. A compiled policy is a
// tree of terms, which is not changed any more.
type term struct {
	op    op
	kinds shape.Kinds // opKind, opBound
	value *data.Node  // opConst
	bound shape.Bound // opBound, with a constant limit
	order token.Token // opOrder
	match *regexp.Regexp
	expr  *expr  // opDynamic, opOrder, opMatch with a limit that is not constant; opError
	text  string // the expression as the policy writes it

	parts  []*term // opAll, opMatchN, opMatchIf; opLift: one
	alts   []alternative
	plain  bool  // opUnion: all alternatives are plain
	usual  *term // and this one of them is marked
	fields *fields
	list   *elements
	up     int // opLift: the levels that the scope of its part is further out

	at data.Pos // in the policy
}

// isPlain reports whether the term is about a value alone, and not what is in it.
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

// admits judges a value by a plain term.
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

// op says what a term demands.
type op uint8

const (
	opKind     op = iota // a value of these kinds
	opConst              // this scalar or list
	opBound              // within a bound
	opNotEqual           // not this scalar
	opMatch              // a text that matches
	opNotMatch           // a text that does not match
	opOrder              // a number within a bound that is computed
	opDynamic            // what an expression evaluates to
	opHolds              // a text or list of which a function holds, such as strings.HasPrefix
	opUnion              // one of several alternatives
	opStruct             // a struct with fields
	opList               // a list with elements
	opAll                // all parts
	opLift               // a part that is written in a scope further out
	opError              // nothing: it is refused with a message
	opMatchN             // as many of the parts as the bound says
	opMatchIf            // the second part if the first holds, else the third
)

// alternative is one operand of a disjunction.
type alternative struct {
	*term
	marked bool // as the default
}

// fields is what a struct literal says. Structs of a policy are open: fields that it does
// not name are the tenant's own.
type fields struct {
	named    []*rule
	patterns []*rule
	embedded []*term
	ifs      []*condition
	bare     bool // it only embeds: the value may be of any kind
}

// presence says whether a rule demands that its field is there.
type presence uint8

const (
	optional presence = iota // name?: the rule is about the field if it is there
	required                 // name!: the author has to write it
	regular                  // name: it is supplied, or has to be there
)

// rule is what the policy says about a field, or about the fields whose names match.
type rule struct {
	name     string
	key      *term // of a pattern
	captures bool  // the name is a value that the rule refers to
	presence presence
	value    *term
	number   int // of the policy's rules and conditions
	at       data.Pos
}

// condition is `if … {…}`.
type condition struct {
	clauses []*expr
	body    *term
	number  int
	at      data.Pos
}

// elements is what a list literal says.
type elements struct {
	first []*term
	rest  *term // nil: anything
	open  bool  // there may be more than first
}

// expr is an expression that is computed from a tenant's values.
type expr struct {
	op    exprOp
	value *data.Node  // exprConst
	up    int         // exprRef, exprKey: the levels that it leads out
	names []string    // exprRef: from there
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
	exprText          // a text with parts
	exprBinary        // a comparison, && or ||, + of texts
	exprNot           // !x
	exprExists        // x != _|_
	exprAbsent        // x == _|_
	exprCall          // a function of the standard library
)
