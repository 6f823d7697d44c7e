package cuedata

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// keyOf returns the position of a field name that a loop makes: the element or key that the
// loop iterates over. It is zero where the name is not written literally.
func (t *tracer) keyOf(label ast.Label, name string) data.Pos {
	switch label.(type) {
	case *ast.ParenExpr, *ast.Interpolation:
	default:
		return data.Pos{}
	}
	if t.keys == nil {
		t.keys = map[ast.Label]map[string]data.Pos{}
	}
	names, known := t.keys[label]
	if !known {
		names = t.loopNames(label)
		t.keys[label] = names
	}
	if at, ok := names[name]; ok {
		return at
	}
	return t.onlyText(name)
}

// onlyText returns the position of a text that the author writes exactly once: a template
// probably makes the field's name from it.
func (t *tracer) onlyText(text string) data.Pos {
	if t.texts == nil {
		t.texts = map[string]data.Pos{}
		for _, f := range t.pkg.Files {
			ast.Walk(f, func(n ast.Node) bool {
				if _, isImport := n.(*ast.ImportDecl); isImport {
					return false
				}
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				if text, err := literal.Unquote(lit.Value); err == nil {
					at := t.sources.Node(lit)
					if _, twice := t.texts[text]; twice {
						at = data.Pos{}
					}
					t.texts[text] = at
				}
				return true
			}, nil)
		}
	}
	return t.texts[text]
}

// loopNames returns the texts that the loops around a label iterate over, with their positions.
func (t *tracer) loopNames(label ast.Label) map[string]data.Pos {
	names := map[string]data.Pos{}
	if t.pkg.Syntax == nil || !label.Pos().HasAbsPos() || !t.pkg.own(label.Pos().Filename()) {
		return names
	}
	f := t.pkg.Syntax(label.Pos().Filename())
	if f == nil {
		return names
	}
	for _, loop := range loopsAround(f, label) {
		t.textsOf(names, f, loop.Source)
	}
	return names
}

// textsOf collects the texts of a list or map: its elements, the fields of its elements, and
// its keys. An identifier is resolved to the file's field or let clause of that name.
func (t *tracer) textsOf(names map[string]data.Pos, f *ast.File, x ast.Expr) {
	if name, ok := x.(*ast.Ident); ok {
		for _, v := range written(f, name.Name) {
			t.literalTexts(names, v)
		}
		return
	}
	t.literalTexts(names, x)
}

// written returns the values that a file gives to a top-level field or let clause.
func written(f *ast.File, name string) (values []ast.Expr) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.Field:
			if labelOf(d) == name {
				values = append(values, d.Value)
			}
		case *ast.LetClause:
			if d.Ident.Name == name {
				values = append(values, d.Expr)
			}
		}
	}
	return values
}

// loopsAround returns the loops that enclose a node, the outermost first.
func loopsAround(f *ast.File, inner ast.Node) (loops []*ast.ForClause) {
	var at []ast.Node
	ast.Walk(f, func(n ast.Node) bool {
		at = append(at, n)
		if n == inner {
			for _, around := range at {
				if c, ok := around.(*ast.Comprehension); ok {
					for _, clause := range c.Clauses {
						if loop, ok := clause.(*ast.ForClause); ok {
							loops = append(loops, loop)
						}
					}
				}
			}
		}
		return true
	}, func(ast.Node) { at = at[:len(at)-1] })
	return loops
}

func (t *tracer) literalTexts(names map[string]data.Pos, x ast.Expr) {
	note := func(text string, n ast.Node) {
		if _, ok := names[text]; !ok {
			names[text] = t.sources.Node(n)
		}
	}
	elem := func(x ast.Expr) {
		if lit, ok := x.(*ast.BasicLit); ok {
			if text, err := literal.Unquote(lit.Value); err == nil {
				note(text, lit)
			}
		}
	}
	switch x := x.(type) {
	case *ast.ListLit:
		for _, e := range x.Elts {
			elem(e)
			if s, ok := e.(*ast.StructLit); ok {
				for _, d := range s.Elts {
					if f, ok := d.(*ast.Field); ok {
						elem(f.Value)
					}
				}
			}
		}
	case *ast.StructLit:
		for _, d := range x.Elts {
			if f, ok := d.(*ast.Field); ok {
				if name, _, err := ast.LabelName(f.Label); err == nil {
					note(name, f.Label)
				}
			}
		}
	}
}
