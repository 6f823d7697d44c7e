package cuedata

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// More formats of CUE's messages, as cuelang.org/go v0.17.1 writes them.
const (
	incompleteOf   = "incomplete %s: %s"
	undefinedField = "undefined field: %s"
	notGiven       = "required field missing: %s"
	operands       = "invalid operands %s and %s to '%s' (type %s and %s)"
	undecided      = "unresolved disjunction %v (type %s)"
	cycle          = "cycle with field: %v"
)

// explain reports the problems of one value. The first problem decides the message.
func (s *Survey) explain(v cue.Value, p problem, group []problem) {
	lacks := slices.IndexFunc(group, func(p problem) bool { return p.format == notGiven })
	switch operation := slices.IndexFunc(group, func(p problem) bool { return p.format == operands }); {
	case operation >= 0:
		args := group[operation].args
		d := s.diags.Errorf(diag.WrongType, p.path, "%v %v %v mixes %v and %v", quote(args[0]), args[2], quote(args[1]), args[3], args[4])
		d.Range = s.written(group[operation])
	case lacks >= 0 && s.lacks(group[lacks]):
	case slices.ContainsFunc(group, isCycle):
		s.cycle(group[slices.IndexFunc(group, isCycle)])
	case slices.ContainsFunc(group, isKeyless):
		s.keyless(group[slices.IndexFunc(group, isKeyless)])
	case p.format == notAllowed:
		s.refused(p)
	case p.format == required:
		s.required(v, p)
	case p.format == undefinedField:
		s.undefined(v, p)
	case p.format == undecided && s.waitsFor(v):
		s.notConcrete(v, p.path)
	case p.format == incompleteOf || strings.Contains(p.err.Error(), "non-concrete value"):
		s.waits(v, p)
	case p.isMatchN():
		d := s.diags.Errorf(diag.Conflict, p.path, "%s does not fit as many of the forms as it must", pathOrTenant(p.path))
		d.Range = s.use(v, p.path)
		d.Related = s.others(p, d.Range)
	case strings.Contains(p.err.Error(), `invalid operation -"`):
		d := s.diags.Errorf(diag.WrongType, p.path, "a minus is before a text")
		d.Help = "a list is in brackets: [A, B]"
		d.Range = s.written(p)
	default:
		s.conflict(p, group)
	}
}

// required reports a field that is missing and required, by a template or, where the author's
// package imports it, by the spec.
func (s *Survey) required(v cue.Value, p problem) {
	declared := s.foreign(p.err)
	switch {
	case s.KeyIsID && p.path.String() == "id":
	case s.syntax(declared) == nil:
		d := s.diags.Errorf(diag.MissingField, p.path, "field %q is required", last(p.path))
		d.Range = s.use(v, p.path)
	default:
		s.missing(v, p.path, last(p.path), declared)
	}
}

func isCycle(p problem) bool { return p.format == cycle }

// cycle reports a value that depends on itself, once.
func (s *Survey) cycle(p problem) {
	pos := p.err.Position()
	key := join([]string{"", "cycle", pos.String()})
	if slices.Contains(s.reported, key) {
		return
	}
	s.reported = append(s.reported, key)
	if s.refersToItself(pos, p.path) {
		return
	}
	d := s.diags.Errorf(diag.NotConcrete, p.path, "%s depends on itself, through %v", pathOrTenant(p.path), p.args[0])
	d.Range = s.written(p)
}

// waits reports an expression or condition that cannot be evaluated because it needs a value
// that is not set.
func (s *Survey) waits(v cue.Value, p problem) {
	if s.waitsFor(v) {
		s.notConcrete(v, p.path)
		return
	}
	pos := p.err.Position()
	f := s.fieldAt(pos)
	if f == nil {
		d := s.diags.Errorf(diag.NotConcrete, p.path, "%s cannot be evaluated: %s", pathOrTenant(p.path), strings.TrimPrefix(p.err.Error(), strings.Join(p.err.Path(), ".")+": "))
		d.Range = s.written(p)
		return
	}
	name := labelOf(f)
	if s.Package.own(pos.Filename()) {
		s.open(s.Package.Context.BuildExpr(f.Value), p.path, name, f.Value.Pos())
		return
	}
	s.missing(s.Package.Context.BuildExpr(f.Value), p.path, name, f.Pos())
}

// waitsFor reports whether a value depends on another that is not set.
func (s *Survey) waitsFor(v cue.Value) bool {
	s.tracer.steps = maxSteps
	target := s.tracer.unset(v)
	return target.Exists() && target.Path().String() != v.Path().String()
}

// lacks reports a field that a template requires, once, at the author's use of the template. It
// is false unless exactly one use lacks a field of that name.
func (s *Survey) lacks(p problem) bool {
	name := fmt.Sprint(p.args...)
	lacking := slices.DeleteFunc(slices.Clone(s.Uses), func(u Use) bool { return !slices.Contains(u.Lacks, name) })
	if len(lacking) != 1 {
		return false
	}
	use := lacking[0]
	key := join([]string{"", use.Template, name})
	if slices.Contains(s.reported, key) {
		return true
	}
	s.reported = append(s.reported, key)
	message := fmt.Sprintf("%s of %s is not set", name, use.Template)
	if slices.Contains(s.unset, unset{name, message}) {
		return true
	}
	s.unset = append(s.unset, unset{name, message})
	d := s.diags.Errorf(diag.NotConcrete, p.path, "%s", message)
	d.Range = use.Range
	d.Help = fmt.Sprintf("add %s: …", name)
	if pos := s.foreign(p.err); pos.IsValid() {
		d.Related = []diag.Related{{Range: s.rangeOf(pos), Message: "needed here"}}
	}
	return true
}

// conflict reports values that exclude each other: two of the author's, or one of the author's
// and one of a template's.
func (s *Survey) conflict(p problem, group []problem) {
	judge := &Judgement{Library: s.Library, Sources: s.Sources, Locate: s.places.Locate}
	literals := s.literals(group)
	if len(literals) == 0 {
		d := judge.explain(group)
		d.Range = s.written(p)
		s.diags = append(s.diags, d)
		return
	}
	own := literals[0]
	text, name := textOf(own), last(p.path)
	var d *diag.Diagnostic
	alternatives := slices.DeleteFunc(slices.Clone(group), func(p problem) bool { return p.format == emptyDisjunction })
	bound := slices.IndexFunc(alternatives, func(p problem) bool { return p.format == outOfBound })
	switch {
	case bound >= 0:
		words := judge.outOfBounds(alternatives[bound])
		d = s.diags.Errorf(words.Code, p.path, "%s", words.Message)
		d.Help = words.Help
	case allHaveFormat(alternatives, conflictKinds) && len(literals) == 1:
		d = s.diags.Errorf(diag.WrongType, p.path, "%s is %s, not %s", name, kindOfLiteral(own), s.otherKinds(alternatives, own))
		if lit, ok := own.(*ast.BasicLit); ok && strings.HasPrefix(lit.Value, "'") {
			d.Help = "a text is in double quotes: single quotes make bytes"
		}
	case len(alternatives) > 1 && len(literals) == 1:
		takes := s.alternatives(alternatives, own)
		d = s.diags.Errorf(diag.OutOfBounds, p.path, "%s is %s, not one of %s", name, text, strings.Join(takes, ", "))
		if near := diag.Nearest(text, takes); near != "" {
			d.Help = fmt.Sprintf("did you mean %s?", near)
		}
	case len(literals) > 1:
		d = s.diags.Errorf(diag.Conflict, p.path, "%s cannot be both %s and %s", name, text, textOf(literals[1]))
	case len(alternatives) == 1 && alternatives[0].format == conflictValues:
		other := fmt.Sprint(alternatives[0].args[0])
		if sameLiteral(other, own) {
			other = fmt.Sprint(alternatives[0].args[1])
		}
		d = s.diags.Errorf(diag.Conflict, p.path, "%s cannot be both %s and %s", name, text, quote(other))
	default:
		words := judge.explain(group)
		words.Range = diag.Range{}
		s.diags = append(s.diags, words)
		d = &s.diags[len(s.diags)-1]
	}
	d.Range = s.Sources.Node(own).Range()
	if len(literals) > 1 {
		d.Related = []diag.Related{{Range: s.Sources.Node(literals[1]).Range(), Message: "the other value"}}
		return
	}
	d.Related = s.others(p, d.Range)
	if len(d.Related) == 0 && len(group) > 1 {
		d.Related = s.others(group[1], d.Range)
	}
}

// literals returns the author's own literals among the positions of the problems, in order.
func (s *Survey) literals(group []problem) []ast.Expr {
	var found []ast.Expr
	for _, p := range group {
		for _, pos := range append(errors.Positions(p.err), p.err.InputPositions()...) {
			if !pos.HasAbsPos() || !s.Package.own(pos.Filename()) {
				continue
			}
			x := s.nodeAt(pos)
			isValue := false
			switch x := x.(type) {
			case *ast.BasicLit, *ast.Interpolation:
				isValue = true
			case *ast.UnaryExpr:
				isValue = x.Op == token.SUB || x.Op == token.ADD
			case *ast.ListLit, *ast.StructLit: // not one that encloses the value
				f := s.fieldAt(pos)
				isValue = f != nil && labelOf(f) == last(p.path)
			}
			if isValue && !slices.Contains(found, x) {
				found = append(found, x)
			}
		}
	}
	slices.SortFunc(found, func(a, b ast.Expr) int { return a.Pos().Compare(b.Pos()) })
	return found
}

// labelOf returns the name of a field, or "".
func labelOf(f *ast.Field) string {
	name, _, _ := ast.LabelName(f.Label)
	return name
}

// others returns the other positions of a problem, each with a note on who wrote it.
func (s *Survey) others(p problem, than diag.Range) []diag.Related {
	var other []diag.Related
	for _, pos := range append(errors.Positions(p.err), p.err.InputPositions()...) {
		r := s.rangeOf(pos)
		if r.Line == 0 || r == than {
			continue
		}
		if in := s.Package.definition(pos); in != "" && !s.Package.own(pos.Filename()) {
			return []diag.Related{{Range: r, Message: "what " + in + " takes"}}
		}
		if other == nil && s.isConstraint(pos, last(p.path)) {
			other = []diag.Related{{Range: r, Message: "the other value"}}
		}
	}
	return other
}

// isConstraint reports whether the text at a position constrains a field of that name: it is
// neither a reference nor a struct around the field.
func (s *Survey) isConstraint(pos token.Pos, name string) bool {
	switch x := s.nodeAt(pos).(type) {
	case *ast.BasicLit, *ast.UnaryExpr, *ast.Interpolation:
		return true
	case *ast.BinaryExpr:
		return x.Op == token.OR
	case *ast.ListLit, *ast.StructLit:
		f := s.fieldAt(pos)
		return f != nil && labelOf(f) == name
	}
	return false
}

// written returns the first position of a problem that is the author's, or else the first one.
func (s *Survey) written(p problem) diag.Range {
	var first diag.Range
	for _, pos := range append(errors.Positions(p.err), p.err.InputPositions()...) {
		r := s.rangeOf(pos)
		if r.Line > 0 && s.Package.own(pos.Filename()) {
			return r
		}
		if first.Line == 0 {
			first = r
		}
	}
	if first.Line == 0 {
		return s.places.Locate(p.path).Key
	}
	return first
}

// foreign returns the first position of an error outside the author's package.
func (s *Survey) foreign(err errors.Error) token.Pos {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if pos.HasAbsPos() && !s.Package.own(pos.Filename()) {
			return pos
		}
	}
	return token.NoPos
}

// sameLiteral reports whether a value, as CUE writes it, is that of a literal.
func sameLiteral(value string, x ast.Expr) bool { return quote(value) == textOf(x) }

// alternatives returns the values that a template takes in place of the author's.
func (s *Survey) alternatives(group []problem, own ast.Expr) []string {
	group = slices.Clone(group)
	slices.SortStableFunc(group, func(a, b problem) int { return s.foreign(a.err).Compare(s.foreign(b.err)) })
	var takes []string
	for _, p := range group {
		for _, a := range p.args[:min(2, len(p.args))] {
			if a := fmt.Sprint(a); !sameLiteral(a, own) && !slices.Contains(takes, a) {
				takes = append(takes, a)
			}
		}
	}
	return takes
}

// otherKinds returns the kinds that a template takes in place of the author's.
func (s *Survey) otherKinds(group []problem, own ast.Expr) string {
	has := strings.TrimPrefix(strings.TrimPrefix(kindOfLiteral(own), "a "), "an ")
	var takes []string
	for _, p := range group {
		for _, k := range p.args[2:4] {
			if k := fmt.Sprint(k); k != has && !slices.Contains(takes, k) {
				takes = append(takes, k)
			}
		}
	}
	return article(strings.Join(takes, " or "))
}

// kindOfLiteral returns the kind of a literal, with its article.
func kindOfLiteral(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.ListLit:
		return "a list"
	case *ast.StructLit:
		return "a struct"
	case *ast.UnaryExpr:
		return kindOfLiteral(x.X)
	case *ast.BasicLit:
		switch {
		case x.Kind == token.INT:
			return "an int"
		case x.Kind == token.FLOAT:
			return "a float"
		case x.Kind == token.TRUE || x.Kind == token.FALSE:
			return "a bool"
		case x.Kind == token.NULL:
			return "null"
		case strings.HasPrefix(x.Value, "'"):
			return "bytes"
		}
	}
	return "a string"
}

// undefined reports a selector that selects nothing.
func (s *Survey) undefined(v cue.Value, p problem) {
	name := fmt.Sprint(p.args...)
	pos := p.err.Position()
	text := name
	if x := s.selectorAt(pos); x != nil {
		if s.ofHole(x) {
			return
		}
		text = textOf(x)
	}
	d := s.diags.Errorf(diag.UnknownName, p.path, "reference %s not found", text)
	d.Range = s.written(p)
	if near := diag.Nearest(name, s.selectable(v)); near != "" {
		d.Help = fmt.Sprintf("did you mean %q?", near)
	}
}

// ofHole reports whether a selector selects from a field whose value was removed.
func (s *Survey) ofHole(x ast.Expr) bool {
	sel, ok := x.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := sel.X.(*ast.Ident)
	return ok && slices.ContainsFunc(s.Holes, func(h token.Pos) bool {
		f := s.fieldAt(h)
		return f != nil && labelOf(f) == of.Name
	})
}

// selectorAt returns the selector expression whose last name is at a position, or nil.
func (s *Survey) selectorAt(pos token.Pos) (found ast.Expr) {
	if f := s.syntax(pos); f != nil {
		ast.Walk(f, func(n ast.Node) bool {
			if x, ok := n.(*ast.SelectorExpr); ok && (x.Sel.Pos().Offset() == pos.Offset() || x.Pos().Offset() == pos.Offset() && found == nil) {
				found = x
			}
			return true
		}, nil)
	}
	return found
}

// selectable returns the names that could be selected where a selector selects nothing.
func (s *Survey) selectable(v cue.Value) (names []string) {
	op, args := v.Expr()
	if op == cue.AndOp {
		for _, a := range args {
			names = append(names, s.selectable(a)...)
		}
		return names
	}
	if op == cue.SelectorOp && len(args) > 0 {
		fields, _ := s.fields(args[0])
		for _, f := range fields {
			names = append(names, f.Selector.String())
		}
	}
	return names
}
