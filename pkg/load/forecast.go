package load

import (
	"time"

	"cuelang.org/go/cue/ast"

	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

// A step of an evaluation takes some microseconds and some hundred bytes, and is given a
// hundred times as much.
const (
	stepTime   = 400 * time.Microsecond
	stepMemory = 32 << 10
)

// staysWithin reports whether the evaluation of files is certain to stay far below limits,
// so that nobody has to stand by to stop it.
func staysWithin(limits sandbox.Limits, files []*ast.File) bool {
	most := min(int64(limits.Time/stepTime), limits.Memory/stepMemory, 1<<20)
	f := forecast{most: int(most), names: map[string]*named{}, builtin: map[string]bool{}, naming: true}
	f.all(files)
	for name := range f.builtin {
		if f.names[name] != nil {
			return false // it may be the author's own
		}
	}
	f.naming, f.arms = false, 0
	return f.steps(f.all(files)) <= f.most && f.arms <= manyArms && !f.unsure
}

// forecast bounds the steps of an evaluation, where all that is computed refers to nothing
// but what is written out: to data, types and constraints. Then nothing that refers to
// another thing is itself referred to, so that no steps grow by powers, and what each place
// in the text takes can be added up: its own size and that of what it refers to, as often
// as the loops around it run. What else there is to CUE is not foreseen.
//
// A name stands for all that has it, wherever that is. So no scope need be found out, and
// what comes together from several places is counted whole.
type forecast struct {
	most    int
	naming  bool // what has a name is noted: the first of two readings
	names   map[string]*named
	builtin map[string]bool // identifiers taken for the language's own
	free    effort          // of fields whose names are not written out
	mixed   bool            // one of those is computed
	arms    int             // of all disjunctions: each may meet each
	loops   int             // around what is being read
	depth   int             // of what is being read
	unsure  bool
}

// effort is what something comes to.
type effort struct {
	steps    int
	patterns int // steps that are taken for each field beside them
	made     int // fields and elements whose names are not written out
	asking   int // definitions that are referred to, loops and conditions
}

// huge is more than any size that matters.
const huge = 1 << 30

func (s *effort) add(t effort, times int) {
	s.steps = min(s.steps+times*t.steps, huge)
	s.patterns = min(s.patterns+times*t.patterns, huge)
	s.made = min(s.made+times*t.made, huge)
	s.asking = min(s.asking+times*t.asking, huge)
}

// named is all that has a name.
type named struct {
	effort
	entries  int    // of what is written out, at its top
	regular  bool   // it is a field's, and one such as a loop makes
	computed bool   // not all of it is written out
	looped   bool   // some of it is inside of a loop
	variable effort // what a loop's variable of the name may be
}

// all reads the files.
func (f *forecast) all(files []*ast.File) (s effort) {
	for _, file := range files {
		t, _ := f.decls(file.Decls)
		s.add(t, 1)
	}
	return s
}

// steps is the sum: a pattern is held to each field that may be beside it. A definition is
// asked for each field whether it has that, and a comprehension whether it makes that, which
// is quick.
func (f *forecast) steps(s effort) int {
	return s.steps + s.patterns*(len(f.names)+s.made) + s.asking*s.steps/64
}

// times is how often a loop of n turns in m has its body read; too often is unsure.
func (f *forecast) times(n, m int) int {
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
		s, written = f.expr(d.Expr)
		f.name(d.Ident.Name, s, written, d.Expr)
		return s, written
	case *ast.EmbedDecl:
		s, _ = f.expr(d.Expr)
		return s, false
	case *ast.Comprehension:
		return f.comprehension(d), false
	case *ast.Ellipsis:
		return f.ellipsis(d), true
	case *ast.ImportDecl:
		f.unsure = f.unsure || len(d.Specs) > 0
	case *ast.Package, *ast.Attribute, *ast.CommentGroup:
	default:
		f.unsure = true
	}
	return s, true
}

func (f *forecast) field(d *ast.Field) (s effort, written bool) {
	value, written := f.expr(d.Value)
	f.unsure = f.unsure || d.Alias != nil
	switch label := d.Label.(type) {
	case *ast.Ident, *ast.BasicLit:
		name, _, err := ast.LabelName(label)
		f.unsure = f.unsure || err != nil
		f.name(name, value, written, d.Value)
		f.named(name).regular = true
	case *ast.ListLit:
		if len(label.Elts) != 1 || !f.isBuiltin(label.Elts[0], "string") {
			f.unsure = true
		}
		return f.pattern(value, written), true
	case *ast.ParenExpr:
		s, _ = f.expr(label.X)
		s.made, written = s.made+1, f.unnamed(value, written)
	case *ast.Interpolation:
		s, _ = f.expr(label)
		s.made, written = s.made+1, f.unnamed(value, written)
	default:
		f.unsure = true
	}
	s.steps++
	s.add(value, 1)
	return s, written
}

// name notes what has a name.
func (f *forecast) name(name string, s effort, written bool, x ast.Expr) {
	if !f.naming {
		return
	}
	n := f.named(name)
	n.add(s, 1)
	n.entries += entries(x)
	n.computed = n.computed || !written
	n.looped = n.looped || f.loops > 0
}

func (f *forecast) named(name string) *named {
	if f.names[name] == nil {
		f.names[name] = &named{}
	}
	return f.names[name]
}

// unnamed notes a field that may have the name of any regular one.
func (f *forecast) unnamed(s effort, written bool) bool {
	if f.naming {
		f.free.add(s, 1)
		f.mixed = f.mixed || !written
	}
	return false
}

// entries is how many turns a loop over what is written out takes at most.
func entries(x ast.Expr) int {
	switch x := x.(type) {
	case *ast.StructLit:
		return len(x.Elts)
	case *ast.ListLit:
		return len(x.Elts)
	case *ast.ParenExpr:
		return entries(x.X)
	case *ast.BinaryExpr:
		return entries(x.X) + entries(x.Y)
	}
	return 0
}

// pattern is a constraint on fields or elements, however many there are.
func (f *forecast) pattern(value effort, written bool) (s effort) {
	f.unnamed(value, written)
	f.unsure = f.unsure || !written || value.patterns > 0
	return effort{steps: 1, patterns: value.steps}
}

func (f *forecast) ellipsis(d *ast.Ellipsis) effort {
	if d.Type == nil {
		return effort{steps: 1}
	}
	return f.pattern(f.expr(d.Type))
}

func (f *forecast) comprehension(c *ast.Comprehension) (s effort) {
	s.asking = 1
	turns, loops := 1, f.loops
	defer func() { f.loops = loops }()
	for _, clause := range c.Clauses {
		switch clause := clause.(type) {
		case *ast.ForClause:
			source, n := f.source(clause.Source)
			s.add(source, turns)
			turns = f.times(turns, n)
			f.variable(clause.Key, effort{steps: 1})
			f.variable(clause.Value, source)
			f.loops++
		case *ast.IfClause:
			condition, _ := f.expr(clause.Condition)
			s.add(condition, turns)
		case *ast.LetClause:
			value, _ := f.decl(clause)
			s.add(value, turns)
		default:
			f.unsure = true
		}
	}
	body, _ := f.expr(c.Value)
	body.made++
	s.add(body, turns)
	if c.Fallback != nil {
		otherwise, _ := f.expr(c.Fallback.Body)
		s.add(otherwise, 1)
	}
	return s
}

// source reads what a loop runs over, and tells how many turns it takes.
func (f *forecast) source(x ast.Expr) (s effort, turns int) {
	s, written := f.expr(x)
	if id, ok := x.(*ast.Ident); ok {
		if n := f.names[id.Name]; n != nil && n.variable == (effort{}) {
			return s, n.entries + f.free.steps
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

// variable notes what a loop's variable may stand for in the loop.
func (f *forecast) variable(id *ast.Ident, s effort) {
	if id != nil {
		n := f.named(id.Name)
		n.variable = effort{
			max(n.variable.steps, s.steps), max(n.variable.patterns, s.patterns),
			max(n.variable.made, s.made), max(n.variable.asking, s.asking),
		}
	}
}
