package load

import (
	"strings"

	"cuelang.org/go/cue/ast"
)

// named is all that has a name.
type named struct {
	effort
	entries  int64    // of what is written out, at its top
	variable effort   // what a loop's variable of the name may be
	scalar   bool     // it may be one, or a list
	computed bool     // some of it is, or stands where it may receive what is
	regular  bool     // it is a field's that another place may make
	places   []*named // whose structs it is a field of
	fed      bool     // as a struct, it may receive what is not written out
	open     bool     // as a struct, it may receive a regular field of any name
	asked    bool     // whether it is plain, which is being found out or known
}

// called reads a field whose name is written out, and notes it. Its value stands in plain
// structs if it is one, written out, and the field does.
func (f *forecast) called(d *ast.Field) (s effort, written bool) {
	name, _, err := ast.LabelName(d.Label)
	f.unsure = f.unsure || err != nil
	place, n := f.place, f.named(name)
	if _, ok := d.Value.(*ast.StructLit); ok && place != nil && f.clauses == 0 {
		f.place = n
	} else {
		f.place, n.fed = nil, true
	}
	s, written = f.expr(d.Value)
	f.place = place
	_, quoted := d.Label.(*ast.BasicLit)
	n.regular = n.regular || quoted || !irregular(name)
	if last := len(n.places) - 1; place != nil && (last < 0 || n.places[last] != place) {
		n.places = append(n.places, place)
	}
	f.note(name, s, written && place != nil, d.Value)
	return s, written
}

// irregular reports whether an identifier names a hidden field or a definition.
func irregular(name string) bool {
	return strings.HasPrefix(name, "_") || strings.HasPrefix(name, "#")
}

// note takes down what has a name, and whether that may be referred to.
func (f *forecast) note(name string, s effort, sure bool, x ast.Expr) {
	if f.naming {
		n := f.named(name)
		n.add(s, 1)
		n.entries += entries(x)
		_, ok := x.(*ast.StructLit)
		n.scalar = n.scalar || !ok
		n.computed = n.computed || !sure || f.clauses > 0
	}
}

func (f *forecast) named(name string) *named {
	if f.names[name] == nil {
		f.names[name] = &named{}
	}
	return f.names[name]
}

// anyName takes down that there may be a field of any name.
func (f *forecast) anyName() {
	if f.place != nil {
		f.place.open = true
	}
}

// variable takes down what a loop's variable may stand for in the loop.
func (f *forecast) variable(id *ast.Ident, s effort) {
	if id != nil {
		n := f.named(id.Name)
		n.scalar = true
		n.variable = effort{
			max(n.variable.steps, s.steps), max(n.variable.arms, s.arms), max(n.variable.patterns, s.patterns),
			max(n.variable.made, s.made), max(n.variable.asking, s.asking),
		}
	}
}

// reference is what an identifier stands for, which has to be known.
func (f *forecast) reference(name string) (s effort) {
	s.steps = 1
	if f.naming {
		return s
	}
	n := f.names[name]
	if n == nil || n.computed || !n.plain() {
		f.unsure = true
		return s
	}
	s.add(n.effort, 1)
	s.add(n.variable, 1)
	if strings.Contains(name[:min(2, len(name))], "#") {
		s.asking++
	}
	return s
}

// plain reports whether all the structs around what has the name receive nothing but what
// is written there, at least nothing that could be of that name.
func (n *named) plain() bool {
	if n.asked {
		return true // where it is not, that was found already, and the whole is unsure
	}
	n.asked = true
	for _, p := range n.places {
		if p.fed || n.regular && p.open || !p.plain() {
			return false
		}
	}
	return true
}
