package cuedata

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// notConcrete reports a value that is not set: by the author, by a tag that was not passed, or
// by a template's parameter that was not given.
func (s *Survey) notConcrete(v cue.Value, path diag.Path) {
	s.tracer.steps = maxSteps
	target := s.tracer.unset(v)
	if s.element(v, path) {
		return
	}
	if s.isHole(v) || s.isHole(target) {
		return
	}
	key := join(selectors(target.Path()))
	if slices.Contains(s.reported, key) {
		return
	}
	s.reported = append(s.reported, key)
	if problems := s.problems(target.Err()); len(problems) > 0 { // it is wrong, not unset
		s.explain(target, problems[0], problems)
		return
	}
	name := strings.Join(selectors(target.Path())[max(len(target.Path().Selectors())-1, 0):], "")
	if s.refersToItself(target.Pos(), path) || s.isMisnamed(name) || s.follows(target.Pos()) {
		return
	}
	if own := s.ownPos(target); own.IsValid() {
		s.open(target, path, name, own)
		return
	}
	s.missing(target, path, name, target.Pos())
}

// follows reports whether a field refers to one that is already reported.
func (s *Survey) follows(pos token.Pos) bool {
	f := s.fieldAt(pos)
	if f == nil {
		return false
	}
	of, ok := f.Value.(*ast.Ident)
	return ok && slices.ContainsFunc(s.diags, func(d diag.Diagnostic) bool { return len(d.Path) > 0 && last(d.Path) == of.Name })
}

// isMisnamed reports whether the author wrote a parameter as a field, which is reported.
func (s *Survey) isMisnamed(name string) bool {
	return slices.ContainsFunc(s.Misnamed, func(d diag.Diagnostic) bool {
		return len(d.Path) > 0 && "#"+last(d.Path) == name
	})
}

// refersToItself reports a field that refers to itself where the author meant a field of the
// same name further out: a name means the nearest field.
func (s *Survey) refersToItself(pos token.Pos, path diag.Path) bool {
	f := s.fieldAt(pos)
	if f == nil {
		return false
	}
	var of *ast.Ident
	ast.Walk(f.Value, func(n ast.Node) bool {
		if x, ok := n.(*ast.Ident); ok && of == nil && x.Name == labelOf(f) {
			of = x
		}
		return of == nil
	}, nil)
	if of == nil {
		return false
	}
	d := s.diags.Errorf(diag.NotConcrete, path, "%s refers to itself, not to another %s further out", of.Name, of.Name)
	d.Range = s.Sources.Node(of).Range()
	name := strings.TrimLeft(of.Name, "_#")
	if name == of.Name {
		name = "outer"
	}
	d.Help = fmt.Sprintf("write let %s = %s beside that one, and %s: %s here", name, of.Name, of.Name, name)
	return true
}

// element reports a field that an element of a loop's list or map lacks.
func (s *Survey) element(v cue.Value, path diag.Path) bool {
	op, args := v.Expr()
	if op != cue.SelectorOp || len(args) != 2 {
		return false
	}
	if _, ref := v.ReferencePath(); ref.Err() == nil {
		return false
	}
	x, name := args[0], strings.Trim(fmt.Sprint(args[1]), `"`)
	lit := s.literalOf(x)
	if lit == nil {
		return false
	}
	d := s.diags.Errorf(diag.NotConcrete, path, "%s is not set", name)
	d.Range = s.Sources.Node(lit).Range()
	d.Help = "add " + name + ": " + s.sample(v)
	d.Related = s.declaredAt(v)
	return true
}

// literalOf returns the struct literal that the author writes a value as. The value may reach a
// loop through a template, so it is found by the author's fields.
func (s *Survey) literalOf(v cue.Value) (found *ast.StructLit) {
	fields, _ := s.fields(v)
	for _, f := range fields {
		n := expression(f.value)
		if !isExpr(n) || !n.Pos().HasAbsPos() || !s.Package.own(n.Pos().Filename()) {
			continue
		}
		pos := n.Pos()
		ast.Walk(s.syntax(pos), func(n ast.Node) bool {
			if x, ok := n.(*ast.StructLit); ok && x.Pos().Offset() <= pos.Offset() && pos.Offset() < x.End().Offset() {
				found = x
			}
			return true
		}, nil)
		return found
	}
	return nil
}

// declaredAt returns the related position of the field that holds a value, if that is a
// template's.
func (s *Survey) declaredAt(v cue.Value) []diag.Related {
	pos := v.Pos()
	if in := s.Package.definition(pos); in != "" && !s.Package.own(pos.Filename()) {
		return []diag.Related{{Range: s.rangeOf(pos), Message: "used by " + in}}
	}
	return nil
}

// unset returns the value at the end of a non-concrete value's references.
func (t *tracer) unset(v cue.Value) cue.Value {
	if t.steps--; t.steps < 0 {
		return v
	}
	if root, path := v.ReferencePath(); root.Exists() && path.Err() == nil && len(path.Selectors()) > 0 {
		target := root.LookupPath(path)
		if isParameter(v) && len(path.Selectors()) == 1 && isParameter(target) {
			return v // its type is what it refers to
		}
		if target.Exists() && !isSet(target) && target.Path().String() != v.Path().String() {
			return t.unset(target)
		}
		return v
	}
	op, args := v.Expr()
	if op == cue.OrOp || op == cue.NoOp && len(args) < 2 {
		return v
	}
	var other cue.Value
	for _, arg := range args {
		if isSet(arg) {
			continue
		}
		target := t.unset(arg)
		if !target.Exists() || op == cue.AndOp && len(target.Path().Selectors()) == 0 {
			continue
		}
		if t.pkg.own(target.Pos().Filename()) && target.Path().String() != v.Path().String() {
			return target
		}
		if !other.Exists() {
			other = target
		}
	}
	if other.Exists() {
		return other
	}
	return v
}

// isParameter reports whether a value is a definition: parameters are written as definitions.
func isParameter(v cue.Value) bool {
	sels := v.Path().Selectors()
	return len(sels) > 0 && sels[len(sels)-1].LabelType() == cue.DefinitionLabel
}

// isSet reports whether a value is concrete, or has a concrete default.
func isSet(v cue.Value) bool {
	d, _ := v.Default()
	return d.IsConcrete() && d.Err() == nil
}

// ownPos returns the position at which the author's package contributes to a value, zero if it
// does not.
func (s *Survey) ownPos(v cue.Value) token.Pos {
	_, args := v.Expr()
	for _, x := range append([]cue.Value{v}, args...) {
		if n := expression(x); n != nil && n.Pos().HasAbsPos() && s.Package.own(n.Pos().Filename()) {
			return n.Pos()
		}
	}
	if pos := v.Pos(); pos.HasAbsPos() && s.Package.own(pos.Filename()) {
		return pos
	}
	return token.NoPos
}

// open reports a value that the author left unresolved.
func (s *Survey) open(v cue.Value, path diag.Path, name string, at token.Pos) {
	text := fmt.Sprint(v)
	d := s.diags.Errorf(diag.NotConcrete, path, "%s is not a concrete value: %s", name, quote(v))
	d.Range = s.rangeOf(at)
	if tag := v.Attribute("tag"); tag.Err() == nil {
		if key, err := tag.String(0); err == nil {
			d.Message = fmt.Sprintf("%s is not set: its tag %q is not passed", name, key)
			d.Help = fmt.Sprintf("pass -t %s=VALUE, or give it a default", key)
		}
		return
	}
	if choices := choices(v); len(choices) > 1 {
		d.Message = fmt.Sprintf("%s is left open between %s", name, listOf(choices))
		d.Help = fmt.Sprintf("keep one, or mark it as the default: *%s", text)
	}
}

// missing reports a template's parameter that the author does not give.
func (s *Survey) missing(v cue.Value, path diag.Path, name string, declared token.Pos) {
	in := s.Package.definition(declared)
	if slices.Contains(s.reported, join([]string{"", in, name})) {
		return // reported by lacks
	}
	of := " of " + in
	if in == "" {
		in, of = "the template", ""
	}
	d := s.diags.Errorf(diag.NotConcrete, path, "%s%s is not set", name, of)
	d.Range = s.use(v, path)
	if !s.Package.own(d.File) && len(s.Package.Files) > 0 { // it is inherited
		d.Range = s.Sources.Node(FirstLabel(s.Package.Files[0])).Range()
	}
	if r := s.rangeOf(declared); r.Line > 0 {
		d.Related = []diag.Related{{Range: r, Message: "declared here"}}
	}
	d.Help = "add " + name + ": " + s.sample(v)
	s.unset = append(s.unset, unset{name, d.Message})
	s.meant(v, name, in, d)
}

// unset is a parameter that is already reported as not given.
type unset struct{ name, message string }

// sample returns an example for a value that is not set.
func (s *Survey) sample(v cue.Value) string {
	if c := choices(v); len(c) > 0 {
		return strings.Join(c, " or ")
	}
	switch v.IncompleteKind() {
	case cue.StringKind:
		return `"…"`
	case cue.BoolKind:
		return "true or false"
	case cue.ListKind:
		return "[…]"
	case cue.StructKind:
		return "{…}"
	}
	return "…"
}

// choices returns the alternatives of a disjunction.
func choices(v cue.Value) (texts []string) {
	op, args := v.Expr()
	if op != cue.OrOp {
		return nil
	}
	for _, a := range args {
		if !a.IsConcrete() {
			return nil
		}
		texts = append(texts, fmt.Sprint(a))
	}
	return texts
}

func listOf(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:len(texts)-1], ", ") + " and " + texts[len(texts)-1]
}

// use returns the position at which the author uses the template of a parameter: the nearest
// part of the path above the parameter that the author's package writes.
func (s *Survey) use(v cue.Value, path diag.Path) diag.Range {
	if len(v.Path().Selectors()) > 0 {
		sels := v.Path().Selectors()
		for i, sel := range sels {
			if sel.LabelType() != cue.StringLabel && sel.LabelType() != cue.IndexLabel {
				sels = sels[:i]
				break
			}
		}
		if above := s.relative(selectors(cue.MakePath(sels...))); len(above) > 0 && hasPrefix(path, above) && len(sels) < len(v.Path().Selectors()) {
			path = above
		}
	}
	place := s.places.Locate(path)
	if place.Found && len(path) > 0 {
		return place.Key
	}
	for i := len(path); i >= 0; i-- { // fields that a loop makes
		parent := s.lookup(v, path[:i])
		if !parent.Exists() {
			continue
		}
		if at := s.places.Locate(path[:i]); at.Found && i > 0 {
			return at.Key
		}
		_, args := parent.Expr()
		for _, x := range append(args, parent) {
			if n := expression(x); isExpr(n) && n.Pos().HasAbsPos() && s.Package.own(n.Pos().Filename()) {
				return s.Sources.Node(n).Range()
			}
		}
	}
	return place.Key
}

func isExpr(n ast.Node) bool {
	_, ok := n.(ast.Expr)
	return ok
}

// lookup finds a value of the tenant by a path of regular fields.
func (s *Survey) lookup(v cue.Value, path diag.Path) cue.Value {
	sels := slices.Clone(s.root.Selectors())
	for _, e := range path {
		sels = append(sels, selector(e))
	}
	return s.top.LookupPath(cue.MakePath(sels...))
}

// meant replaces the report of a missing parameter where the author wrote the parameter
// differently: with a misspelt name, or as a regular field.
func (s *Survey) meant(v cue.Value, name, in string, d *diag.Diagnostic) {
	sels := v.Path().Selectors()
	if len(sels) == 0 || !strings.HasPrefix(name, "#") {
		return
	}
	parent := s.top.LookupPath(cue.MakePath(sels[:len(sels)-1]...))
	fields, _ := s.fields(parent)
	var names []string
	for _, f := range fields {
		written := f.Selector.String()
		label := s.ownLabel(f.value, written)
		if !label.IsValid() {
			continue
		}
		if written == strings.TrimPrefix(name, "#") {
			d.Code = diag.UnknownField
			d.Message = fmt.Sprintf("%s is written as a field, and %s has it as a parameter", written, in)
			d.Help = "write " + name
			d.Range = s.rangeOf(label)
			s.misnamed = append(s.misnamed, s.relative(selectors(f.value.Path())))
			return
		}
		if strings.HasPrefix(written, "#") {
			names = append(names, written)
		}
	}
	near := diag.Nearest(name, names)
	if near == "" {
		return
	}
	f := fields[slices.IndexFunc(fields, func(f field) bool { return f.Selector.String() == near })]
	at := s.rangeOf(s.ownLabel(f.value, near))
	if slices.ContainsFunc(s.Misnamed, func(m diag.Diagnostic) bool { return m.Range == at }) {
		s.diags = s.diags[:len(s.diags)-1]
		return
	}
	d.Code, d.Range = diag.UnknownField, at
	d.Message = fmt.Sprintf("%s has no parameter %s", in, near)
	d.Help = fmt.Sprintf("did you mean %q?", name)
}

// ownLabel returns the position at which the author writes a field's label, if only the author
// does.
func (s *Survey) ownLabel(v cue.Value, name string) token.Pos {
	f, ok := v.Source().(*ast.Field)
	if !ok || !s.Package.own(f.Pos().Filename()) {
		return token.NoPos
	}
	if label, _, err := ast.LabelName(f.Label); err != nil || label != name {
		return token.NoPos
	}
	return f.Label.Pos()
}

// rangeOf returns the range of the expression or label at a position.
func (s *Survey) rangeOf(pos token.Pos) diag.Range {
	if x := s.nodeAt(pos); x != nil {
		return s.Sources.Node(x).Range()
	}
	return s.Sources.Range(pos, pos)
}

// textOf writes an expression as the author did, cut to a readable length.
func textOf(x ast.Expr) string {
	b, err := format.Node(x)
	if err != nil {
		return ""
	}
	return quote(strings.Join(strings.Fields(string(b)), " "))
}
