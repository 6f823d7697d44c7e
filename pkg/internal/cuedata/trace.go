package cuedata

import (
	"strings"
	"unicode"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Package describes an author's package for tracing its values.
type Package struct {
	// Own reports whether a file, by its name, belongs to the author's package. A nil Own
	// accepts every file.
	Own func(file string) bool

	// Syntax returns the syntax tree of a file, by its name, or nil.
	Syntax func(file string) *ast.File

	// the author's files
	Files []*ast.File

	// Context is where the values were evaluated, and Any is a value _ of it.
	Context *cue.Context
	Any     cue.Value
}

func (p Package) own(file string) bool { return p.Own == nil || p.Own(file) }

// maxSteps limits the references and expressions that are followed for one value, so that
// cycles and long chains end.
const maxSteps = 64

// tracer finds the text that a value comes from, through references, parameters of templates,
// let clauses, loops and parts of expressions.
type tracer struct {
	sources Sources
	pkg     Package
	steps   int
	keys    map[ast.Label]map[string]data.Pos // the names that loops make, by their labels
	texts   map[string]data.Pos               // texts of the author's files; zero for a text that is written twice
}

func newTracer(sources Sources, pkg Package) *tracer {
	return &tracer{sources: sources, pkg: pkg}
}

// traced returns the position that a plain value comes from and, if it differs, the field
// through which it reaches the tenant.
func (c converter) traced(v cue.Value, places *Places, otherwise data.Pos) (data.Pos, *data.Via) {
	if places != nil && places.literal {
		return places.value, nil
	}
	at := otherwise
	switch o := c.tracer.trace(v); {
	case !o.Own.IsZero():
		at = o.Own
	case places != nil && !places.value.IsZero():
		return places.value, nil
	case !o.Other.IsZero():
		at = o.Other
	}
	field, ok := v.Source().(*ast.Field)
	if !ok {
		return at, nil
	}
	label := c.sources.Node(field.Label)
	if label.IsZero() || c.sources.Node(field).Contains(at) {
		return at, nil
	}
	return at, &data.Via{At: label, Name: c.tracer.pkg.definition(field.Label.Pos())}
}

// origin is where a value comes from: Own is the last contribution of the author's package,
// Other the last of an imported one. Either may be zero.
type origin struct{ Own, Other data.Pos }

func (o origin) or(p origin) origin {
	if o.Own.IsZero() {
		o.Own = p.Own
	}
	if o.Other.IsZero() {
		o.Other = p.Other
	}
	return o
}

// trace returns the origin of a value.
func (t *tracer) trace(v cue.Value) origin {
	t.steps = maxSteps
	return t.follow(v)
}

// at classifies a node of the syntax tree.
func (t *tracer) at(n ast.Node) origin {
	if n == nil || !n.Pos().HasAbsPos() {
		return origin{}
	}
	pos := t.sources.Node(n)
	if t.pkg.own(n.Pos().Filename()) {
		return origin{Own: pos}
	}
	return origin{Other: pos}
}

func (t *tracer) follow(v cue.Value) origin {
	if t.steps--; t.steps < 0 || !v.Exists() {
		return origin{}
	}
	switch x := expression(v).(type) {
	case nil:
		return t.parts(v)
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		return t.reference(v, x)
	case *ast.Interpolation:
		return t.interpolation(v, x)
	case *ast.CallExpr:
		return t.at(x).or(t.parts(v))
	case *ast.StructLit, *ast.ListLit:
		return t.parts(v).or(t.at(x))
	case *ast.BinaryExpr:
		if x.Op == token.OR {
			return t.at(chosen(x))
		}
		return t.parts(v).or(t.at(x))
	default:
		return t.at(x)
	}
}

// expression returns the syntax that a value is written as. It is nil where the value unifies
// several conjuncts.
func expression(v cue.Value) ast.Node {
	src := v.Source()
	if field, ok := src.(*ast.Field); ok {
		src = field.Value
	}
	for {
		paren, ok := src.(*ast.ParenExpr)
		if !ok {
			return src
		}
		src = paren.X
	}
}

// chosen returns the marked default of a disjunction, or else the disjunction itself.
func chosen(x *ast.BinaryExpr) ast.Node {
	var found ast.Node = x
	ast.Walk(x, func(n ast.Node) bool {
		if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.MUL {
			found = u.X
			return false
		}
		return true
	}, nil)
	return found
}

// reference follows a value that is written as a reference. A reference to a let clause or to a
// loop's variable has no path; its value keeps the text that it was evaluated from.
func (t *tracer) reference(v cue.Value, x ast.Node) origin {
	if root, path := v.ReferencePath(); root.Exists() && path.Err() == nil && len(path.Selectors()) > 0 {
		if target := root.LookupPath(path); target.Exists() && target.Path().String() != v.Path().String() {
			if o := t.follow(target); !o.Own.IsZero() {
				return o
			}
			return t.at(x).or(origin{Other: t.sources.Pos(target.Pos(), target.Pos())})
		}
	}
	if src := v.Unify(t.pkg.Any).Source(); src != nil {
		if o := t.at(src); !o.Own.IsZero() {
			return o
		}
	}
	return t.at(x)
}

// parts follows the conjuncts of a value, or the operands of its expression. Of several that
// the author wrote the last counts, because it was added to the others.
func (t *tracer) parts(v cue.Value) origin {
	op, args := v.Expr()
	var found origin
	if op == cue.NoOp && len(args) < 2 {
		return found
	}
	for _, arg := range args {
		o := t.follow(arg)
		if op == cue.AndOp && !arg.IsConcrete() {
			o = origin{} // a constraint, not the value
		}
		if !o.Own.IsZero() {
			found.Own = o.Own
		}
		if found.Other.IsZero() {
			found.Other = o.Other
		}
	}
	return found
}

// interpolation follows the parts of a text. In the author's own interpolation the whole text
// counts, unless only a part of it looks wrong. In a template's, the author's part that looks
// wrong counts, or else the last.
func (t *tracer) interpolation(v cue.Value, x *ast.Interpolation) origin {
	found := t.at(x)
	isOwn := !found.Own.IsZero()
	_, args := v.Expr()
	if len(args) == 1 { // the only conjunct
		_, args = args[0].Expr()
	}
	var last, odd origin
	for _, arg := range args {
		text, _ := arg.String()
		if lit, ok := arg.Source().(*ast.BasicLit); ok && x.Pos().Offset() <= lit.Pos().Offset() && lit.End().Offset() <= x.End().Offset() && lit.Pos().Filename() == x.Pos().Filename() {
			if isOwn && looksOdd(strings.Trim(text, `"()\`)) {
				return found
			}
			continue // the text between the parts
		}
		o := t.follow(arg)
		if o.Own.IsZero() {
			continue
		}
		last = o
		if text == "" || looksOdd(text) {
			odd = o
		}
	}
	switch {
	case !odd.Own.IsZero():
		return odd.or(found)
	case isOwn:
		return found
	}
	return last.or(found)
}

// looksOdd reports whether a text has characters that are unusual in names, references and
// amounts: blanks and capitals.
func looksOdd(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsUpper(r) || r > unicode.MaxASCII })
}

// definition returns the name of the definition that contains a position, as the author writes
// it, such as tpl.#Web. It is "" outside of any definition.
func (p Package) definition(pos token.Pos) string {
	name, _ := p.definitionAt(pos)
	return name
}

// definitionAt returns the definition, and the position where it begins.
func (p Package) definitionAt(pos token.Pos) (name string, at token.Pos) {
	if p.Syntax == nil || !pos.HasAbsPos() {
		return "", token.NoPos
	}
	f := p.Syntax(pos.Filename())
	if f == nil {
		return "", token.NoPos
	}
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok || pos.Offset() < field.Pos().Offset() || pos.Offset() >= field.End().Offset() {
			continue
		}
		name, _, err := ast.LabelName(field.Label)
		if err != nil || !strings.HasPrefix(name, "#") && !strings.HasPrefix(name, "_") {
			return "", token.NoPos
		}
		if p.own(pos.Filename()) || len(p.Files) > 0 && p.Files[0].PackageName() == f.PackageName() {
			return name, field.Pos()
		}
		return f.PackageName() + "." + name, field.Pos()
	}
	return "", token.NoPos
}
