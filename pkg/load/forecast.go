package load

import (
	"time"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

// The costliest steps that are known take 35 microseconds, or 9 KB, and most a tenth of
// that: each is given ten times the time, and four times the memory.
const (
	stepTime   = 400 * time.Microsecond
	stepMemory = 32 << 10
)

// usualLimits are those of an evaluation where none are set.
var usualLimits = sandbox.Limits{Time: 5 * time.Second, Memory: 512 << 20}

// staysWithin reports whether the evaluation of files is certain to stay below limits, so
// that nobody has to stand by to stop it.
func staysWithin(limits sandbox.Limits, files []*ast.File) bool {
	f := forecast{
		most:  min(int64(limits.Time/stepTime), limits.Memory/stepMemory, 1<<20),
		names: map[string]*named{}, builtin: map[string]bool{}, naming: true, place: &named{},
	}
	f.all(files)
	for name := range f.builtin {
		if f.names[name] != nil {
			return false // it may be the author's own
		}
	}
	f.naming, f.arms = false, 0
	return f.steps(f.all(files)) <= f.most && f.arms <= manyArms && !f.unsure
}

// forecast bounds the steps of an evaluation in which what is referred to is written out,
// and receives nothing that is not written there: data, types and constraints, in a let
// clause or in a field that stands in plain structs. So a reference brings what stands in
// the text and no more, no steps grow by powers, nothing is ever held to itself, and what
// each place in the text takes can be added up: its own size and that of what it refers to,
// as often as the loops around it run. What else there is to CUE is not foreseen.
//
// A name stands for all that has it, wherever that is: so no scope need be found out.
type forecast struct {
	most    int64
	naming  bool // what has a name is noted: the first of two readings
	names   map[string]*named
	builtin map[string]bool // identifiers taken for the language's own
	place   *named          // whose struct is being read, where that stands in plain ones
	arms    int64           // of all disjunctions
	clauses int             // loops and conditions around what is being read
	depth   int             // of its expressions
	unsure  bool
}

// effort is what something comes to.
type effort struct {
	steps    int64
	arms     int64 // of disjunctions, each of which may meet all others
	patterns int64 // steps that are taken for each field beside them
	made     int64 // elements, and fields whose names are not written out
	asking   int64 // definitions that are referred to, loops and conditions
}

// huge is more than any size that matters.
const huge = 1 << 30

func (s *effort) add(t effort, times int64) {
	s.steps = min(s.steps+times*t.steps, huge)
	s.arms = min(s.arms+times*t.arms, huge)
	s.patterns = min(s.patterns+times*t.patterns, huge)
	s.made = min(s.made+times*t.made, huge)
	s.asking = min(s.asking+times*t.asking, huge)
}

// all reads the files.
func (f *forecast) all(files []*ast.File) (s effort) {
	for _, file := range files {
		t, _ := f.decls(file.Decls)
		s.add(t, 1)
	}
	return s
}

// How many arms of disjunctions there may be, and how many meet in one step.
const (
	manyArms = 256
	meetings = 16
)

// steps is the sum: a pattern is held to each field that may be beside it. A definition is
// asked for each field whether it has that, and a comprehension whether it makes that, which
// is quick.
func (f *forecast) steps(s effort) int64 {
	return s.steps + s.arms*f.arms/meetings + s.patterns*(int64(len(f.names))+s.made) + s.asking*s.steps/64
}

// times is how often a loop of n turns in m has its body read; too often is unsure.
func (f *forecast) times(n, m int64) int64 {
	if n*m > f.most {
		f.unsure = true
		return 1
	}
	return n * m
}

// decls reads declarations, and reports whether all of them are written out.
func (f *forecast) decls(decls []ast.Decl) (s effort, written bool) {
	written = true
	s.steps = 1
	for _, d := range decls {
		t, w := f.decl(d)
		s.add(t, 1)
		written = written && w
	}
	return s, written
}

func (f *forecast) decl(d ast.Decl) (s effort, written bool) {
	switch d := d.(type) {
	case *ast.Field:
		return f.field(d)
	case *ast.LetClause:
		s, written = f.inner(d.Expr)
		f.note(d.Ident.Name, s, written, d.Expr)
		return s, written
	case *ast.EmbedDecl:
		f.unsure = f.unsure || !f.structural(d.Expr)
		s, _ = f.expr(d.Expr)
		return s, false
	case *ast.Comprehension:
		return f.comprehension(d, d.Value), false
	case *ast.Ellipsis:
		return f.ellipsis(d), true
	case *ast.ImportDecl:
		f.unsure = f.unsure || len(d.Specs) > 0
	case *ast.Package, *ast.CommentGroup:
	default:
		f.unsure = true
	}
	return s, true
}

func (f *forecast) field(d *ast.Field) (s effort, written bool) {
	f.unsure = f.unsure || d.Alias != nil || d.Constraint == token.NOT
	var value effort
	switch label := d.Label.(type) {
	case *ast.Ident, *ast.BasicLit:
		value, written = f.called(d)
	case *ast.ListLit:
		if len(label.Elts) != 1 || !f.isBuiltin(label.Elts[0], "string") {
			f.unsure = true
		}
		return f.pattern(f.inner(d.Value)), true
	case *ast.ParenExpr, *ast.Interpolation:
		s, _ = f.inner(label.(ast.Expr))
		s.made++
		value, _ = f.inner(d.Value)
		f.anyName()
	default:
		f.unsure = true
	}
	s.steps++
	s.add(value, 1)
	return s, written
}

// inner reads what belongs to no more than the field or clause that is being read.
func (f *forecast) inner(x ast.Expr) (s effort, written bool) {
	defer func(place *named) { f.place = place }(f.place)
	f.place = nil
	return f.expr(x)
}

// entries is how many turns a loop over what is written out takes at most.
func entries(x ast.Expr) int64 {
	switch x := x.(type) {
	case *ast.StructLit:
		return int64(len(x.Elts))
	case *ast.ListLit:
		return int64(len(x.Elts))
	case *ast.ParenExpr:
		return entries(x.X)
	case *ast.BinaryExpr:
		return entries(x.X) + entries(x.Y)
	}
	return 0
}

// pattern is a constraint on fields or elements, however many there are.
func (f *forecast) pattern(value effort, written bool) (s effort) {
	f.anyName()
	f.unsure = f.unsure || !written || value.patterns > 0
	return effort{steps: 1, patterns: value.steps + value.arms*manyArms/meetings}
}

func (f *forecast) ellipsis(d *ast.Ellipsis) effort {
	if d.Type == nil {
		return effort{steps: 1}
	}
	return f.pattern(f.inner(d.Type))
}

// comprehension reads what makes the fields of body, or an element that is one.
func (f *forecast) comprehension(c *ast.Comprehension, body ast.Expr) (s effort) {
	s.asking = 1
	turns := int64(1)
	f.clauses++
	defer func() { f.clauses-- }()
	for _, clause := range c.Clauses {
		switch clause := clause.(type) {
		case *ast.ForClause:
			source, n := f.source(clause.Source)
			s.add(source, turns)
			turns = f.times(turns, n)
			f.variable(clause.Key, effort{steps: 1})
			f.variable(clause.Value, source)
		case *ast.IfClause:
			condition, _ := f.inner(clause.Condition)
			s.add(condition, turns)
		case *ast.LetClause:
			value, _ := f.decl(clause)
			s.add(value, turns)
		default:
			f.unsure = true
		}
	}
	made, _ := f.expr(body)
	made.made++
	s.add(made, turns)
	if c.Fallback != nil {
		otherwise, _ := f.expr(c.Fallback.Body)
		s.add(otherwise, 1)
	}
	return s
}

// source reads what a loop runs over, and tells how many turns it takes.
func (f *forecast) source(x ast.Expr) (s effort, turns int64) {
	s, written := f.inner(x)
	if id, ok := x.(*ast.Ident); ok {
		if n := f.names[id.Name]; n != nil && n.variable == (effort{}) {
			return s, n.entries
		}
	}
	if _, ok := base(x).(*ast.Ident); !ok && !written {
		f.unsure = true // its parts are computed
	}
	return s, s.steps
}

// base is what a value is selected from.
func base(x ast.Expr) ast.Expr {
	for {
		switch of := x.(type) {
		case *ast.SelectorExpr:
			x = of.X
		case *ast.IndexExpr:
			x = of.X
		default:
			return x
		}
	}
}
