package cuedata

import (
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// Survey walks a value of an author's package that has mistakes. It reports each mistake once,
// at the author's own text, and returns the rest as data.
type Survey struct {
	Library *library.Library
	Sources Sources
	Package Package

	// Holes are the positions of expressions that were removed because they are wrong and
	// already reported. What depends on them is unknown.
	Holes []token.Pos

	// Misnamed are the reports on parameters that no template takes. The parameters that the
	// author meant are not reported as missing.
	Misnamed diag.List

	// Uses are the author's uses of templates of other packages.
	Uses []Use

	// KeyIsID means that the tenant is an entry of a map, whose key supplies its id.
	KeyIsID bool

	tracer   *tracer
	top      cue.Value // the package
	root     cue.Path  // of the tenant in it
	places   *Places
	diags    diag.List
	reported []string // paths, as [cue.Path.String] writes them
	closed   []closedness
	misnamed []diag.Path // fields that belong elsewhere, already reported
	unset    []unset     // parameters that are not given, already reported
}

// Use is an author's use of a template of another package.
type Use struct {
	Template string // as written, such as tpl.#Web
	Range    diag.Range
	Lacks    []string // the names of required fields that are not set beside it
}

// UnknownMark is the hidden field that marks a struct from which a wrong declaration was
// removed: a field that it lacks may have been declared there. Such a struct gets an unknown
// value under the name [data.UnknownPart].
const UnknownMark = "_unknownHere"

// Of surveys a tenant of a package; places are its positions. Values that are unknown have the
// kind [data.Unknown].
func (s *Survey) Of(pkg, v cue.Value, places *Places) (*data.Node, diag.List) {
	s.begin(pkg, v, places)
	s.hiddenProblems(v)
	n := s.node(v, nil, places, data.Pos{})
	for _, p := range s.problems(v.Err()) { // problems outside the value, such as in another package
		if !s.isReported(p.err) {
			s.explain(v, p, []problem{p})
		}
	}
	s.closedness()
	s.diags = s.diags.OnceEachValue()
	return n, s.diags
}

// hiddenProblems reports the problems of hidden fields and definitions, from which the tenant's
// own may follow.
func (s *Survey) hiddenProblems(v cue.Value) {
	groups := map[string][]problem{}
	var keys []string
	for _, p := range s.problems(v.Err()) {
		path := p.err.Path()
		if !slices.ContainsFunc(path, func(e string) bool { return e[0] == '#' || e[0] == '_' }) {
			continue
		}
		key := join(path)
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], p)
	}
	for _, key := range keys {
		s.reported = append(s.reported, key)
		s.explain(v, groups[key][0], groups[key])
	}
}

func (s *Survey) begin(pkg, v cue.Value, places *Places) {
	s.tracer = newTracer(s.Sources, s.Package)
	s.top, s.root, s.places = pkg, v.Path(), places
	s.diags, s.reported, s.closed = nil, nil, nil
}

// Meant returns the paths of the fields that were meant as parameters and are already reported.
func (s *Survey) Meant() []diag.Path { return s.misnamed }

// node surveys a value and everything in it.
func (s *Survey) node(v cue.Value, path diag.Path, places *Places, parent data.Pos) *data.Node {
	err := v.Err()
	whole := len(s.Holes) == 0 || v.Kind() != cue.StructKind // otherwise it may have a mark in it
	if err == nil && whole && v.Validate(cue.Concrete(true)) == nil {
		n, err := converter{s.Sources, s.tracer}.node(v, places, parent)
		if err == nil && n != nil {
			return n
		}
		var no *NoDataError
		if errors.As(err, &no) {
			s.diags = append(s.diags, no.Diagnostic(places.Key(parent).Range()))
		}
		return unknown(places, parent)
	}
	own := s.ownProblems(v, err)
	if len(own) > 0 {
		s.report(v, path, own)
		if !slices.ContainsFunc(own, isKeyless) {
			return unknown(places, parent)
		}
	}
	at := converter{s.Sources, s.tracer}.place(v, places, parent)
	fields, isStruct := s.fields(v)
	switch {
	case isStruct:
		return s.structOf(v, fields, path, places, at)
	case v.IncompleteKind() == cue.ListKind:
		return s.listOf(v, path, places, at)
	case err == nil:
		s.notConcrete(v, path)
	}
	return unknown(places, at)
}

func unknown(places *Places, otherwise data.Pos) *data.Node {
	return &data.Node{Kind: data.Unknown, At: places.Key(otherwise)}
}

// field is a field of any kind: a regular one, a definition or a hidden one.
type field struct {
	cue.Selector
	value cue.Value
}

// fields returns all fields of a struct, even one that has errors.
func (s *Survey) fields(v cue.Value) (fields []field, ok bool) {
	it, err := v.Fields(cue.Definitions(true), cue.Hidden(true))
	if err != nil {
		return nil, false
	}
	for it.Next() {
		if it.Selector().LabelType() == cue.IndexLabel {
			return nil, false // the rest of a list that conflicts
		}
		fields = append(fields, field{it.Selector(), it.Value()})
	}
	return fields, len(fields) > 0 || v.IncompleteKind() == cue.StructKind
}

func (s *Survey) structOf(v cue.Value, fields []field, path diag.Path, places *Places, at data.Pos) *data.Node {
	n := &data.Node{Kind: data.Struct, At: at}
	for _, f := range fields {
		if f.Selector.String() == UnknownMark {
			n.Fields = append(n.Fields, data.Field{Name: data.UnknownPart, At: at, Value: unknown(nil, at)})
		}
		if f.LabelType() != cue.StringLabel {
			if f.value.Err() != nil {
				s.node(f.value, path.To(f.Selector.String()), nil, at)
			}
			continue
		}
		name := f.Unquoted()
		below := places.Field(name)
		value := s.node(f.value, path.To(name), below, at)
		if value == nil {
			continue
		}
		n.Fields = append(n.Fields, data.Field{Name: name, At: converter{s.Sources, s.tracer}.key(Field{name, f.value}, below, value.At), Value: value})
	}
	return n
}

func (s *Survey) listOf(v cue.Value, path diag.Path, places *Places, at data.Pos) *data.Node {
	n := &data.Node{Kind: data.List, At: at}
	it, err := v.List()
	if err != nil {
		return unknown(places, at)
	}
	for i := 0; it.Next(); i++ {
		n.Elems = append(n.Elems, s.node(it.Value(), path.To(diag.Index(i)), places.Elem(i), at))
	}
	return n
}

// problems splits CUE's errors into problems.
func (s *Survey) problems(err error) []problem {
	var all []problem
	for _, e := range errors.Errors(err) {
		format, args := e.Msg()
		all = append(all, problem{s.relative(e.Path()), format, args, e})
	}
	return all
}

// ownProblems returns the problems of the value itself, without those of the values in it. A
// value that refers to a cycle has the cycle's errors, with the cycle's path.
func (s *Survey) ownProblems(v cue.Value, err error) []problem {
	all, path := s.problems(err), selectors(v.Path())
	own := slices.DeleteFunc(slices.Clone(all), func(p problem) bool { return !slices.Equal(p.err.Path(), path) })
	if len(own) == 0 && slices.ContainsFunc(all, isCycle) && !slices.ContainsFunc(all, func(p problem) bool { return s.relative(p.err.Path()) != nil }) {
		return all
	}
	return own
}

func selectors(p cue.Path) []string {
	var path []string
	for _, sel := range p.Selectors() {
		path = append(path, sel.String())
	}
	return path
}

// isReported reports whether an error is at a reported path or below one.
func (s *Survey) isReported(err errors.Error) bool {
	path := err.Path()
	for i := range len(path) + 1 {
		if slices.Contains(s.reported, join(path[:i])) {
			return true
		}
	}
	return false
}

// report reports what is wrong with a value, once.
func (s *Survey) report(v cue.Value, path diag.Path, own []problem) {
	key := join(selectors(v.Path()))
	if slices.Contains(s.reported, key) {
		return
	}
	s.reported = append(s.reported, key)
	for i := range own {
		own[i].path = path
	}
	s.explain(v, own[0], own)
}

// relative turns one of CUE's paths into a path of the tenant, as diagnostics have it.
func (s *Survey) relative(path []string) diag.Path {
	root := selectors(s.root)
	if len(path) < len(root) || !slices.Equal(path[:len(root)], root) {
		return nil
	}
	return (&Judgement{}).path(path[len(root):])
}

// join turns a path into a map key.
func join(path []string) string {
	key := ""
	for _, p := range path {
		key += "\x00" + p
	}
	return key
}

// isHole reports whether a value comes from an expression that was removed.
func (s *Survey) isHole(v cue.Value) bool {
	if len(s.Holes) == 0 {
		return false
	}
	o := s.tracer.trace(v)
	for _, h := range s.Holes {
		if at := s.Sources.Pos(h, h); !at.IsZero() && at.SameStart(o.Own) {
			return true
		}
	}
	return false
}

// syntax returns the syntax tree of the file that a position is in, or nil.
func (s *Survey) syntax(pos token.Pos) *ast.File {
	if s.Package.Syntax == nil || !pos.HasAbsPos() {
		return nil
	}
	return s.Package.Syntax(pos.Filename())
}

// nodeAt returns the outermost expression at a position that is not a unification, or nil.
func (s *Survey) nodeAt(pos token.Pos) (found ast.Expr) {
	f := s.syntax(pos)
	if f == nil {
		return nil
	}
	ast.Walk(f, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		if b, isBinary := n.(*ast.BinaryExpr); isBinary && b.Op == token.AND {
			return true
		}
		if ok && found == nil && x.Pos().HasAbsPos() && x.Pos().Offset() == pos.Offset() {
			found = x
		}
		return found == nil
	}, nil)
	return found
}

// fieldAt returns the innermost field that a position is in, or nil.
func (s *Survey) fieldAt(pos token.Pos) (found *ast.Field) {
	if f := s.syntax(pos); f != nil {
		ast.Walk(f, func(n ast.Node) bool {
			if x, ok := n.(*ast.Field); ok && x.Pos().Offset() <= pos.Offset() && pos.Offset() < x.End().Offset() {
				found = x
			}
			return true
		}, nil)
	}
	return found
}
