package load

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/ast/astutil"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
)

// parameters reports what the author gives to a template that takes no such parameter. To CUE
// neither is an error: any struct may have definitions, and hidden fields of another package
// are separate fields.
func (e *evaluation) parameters(diags *diag.List) {
	for _, f := range e.files {
		nested := map[ast.Expr]bool{}
		ast.Walk(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if !nested[n] {
					e.checkUnified(f, operands(n, nested), diags)
				}
			case *ast.StructLit:
				e.checkEmbedded(f, n.Elts, diags)
			case *ast.File:
				e.checkEmbedded(f, n.Decls, diags)
			}
			return true
		}, nil)
	}
}

// operands returns the operands of a unification, and records nested unifications if nested is
// not nil.
func operands(x ast.Expr, nested map[ast.Expr]bool) []ast.Expr {
	switch x := x.(type) {
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			if nested != nil {
				nested[x] = true
			}
			return append(operands(x.X, nested), operands(x.Y, nested)...)
		}
	case *ast.ParenExpr:
		return operands(x.X, nested)
	}
	return []ast.Expr{x}
}

func (e *evaluation) checkUnified(f *ast.File, operands []ast.Expr, diags *diag.List) {
	var templates []*ast.SelectorExpr
	var decls []ast.Decl
	for _, x := range operands {
		switch x := x.(type) {
		case *ast.SelectorExpr:
			templates = append(templates, x)
		case *ast.StructLit:
			decls = append(decls, x.Elts...)
		}
	}
	for _, x := range templates {
		if t := e.template(f, x); t != nil {
			lacks := slices.DeleteFunc(slices.Clone(t.required), func(name string) bool { return setsField(decls, name) })
			e.uses = append(e.uses, cuedata.Use{Template: nameOf(x), Range: e.out.Sources.Node(x).Range(), Lacks: lacks})
		}
	}
	e.check(f, templates, decls, diags)
}

// setsField reports whether one of the declarations is a field of that name.
func setsField(decls []ast.Decl, name string) bool {
	return slices.ContainsFunc(decls, func(d ast.Decl) bool {
		field, ok := d.(*ast.Field)
		if !ok {
			return false
		}
		label, _, err := ast.LabelName(field.Label)
		return err == nil && label == name
	})
}

func (e *evaluation) checkEmbedded(f *ast.File, decls []ast.Decl, diags *diag.List) {
	var templates []*ast.SelectorExpr
	for _, d := range decls {
		if embedded, ok := d.(*ast.EmbedDecl); ok {
			for _, x := range operands(embedded.Expr, nil) {
				if sel, ok := x.(*ast.SelectorExpr); ok {
					templates = append(templates, sel)
				}
			}
		}
	}
	e.check(f, templates, decls, diags)
}

// check compares the definitions and hidden fields among declarations with the parameters of
// the templates.
func (e *evaluation) check(f *ast.File, templates []*ast.SelectorExpr, decls []ast.Decl, diags *diag.List) {
	if len(templates) == 0 || len(decls) == 0 {
		return
	}
	var given []*ast.Field
	for _, d := range decls {
		if field, ok := d.(*ast.Field); ok {
			if name, isIdent, err := ast.LabelName(field.Label); err == nil && isIdent && name != "" {
				given = append(given, field)
			}
		}
	}
	if len(given) == 0 {
		return
	}
	var takes []string
	var hidden []string
	closed := false
	for _, x := range templates {
		t := e.template(f, x)
		if t == nil {
			return // this template is unknown
		}
		takes, hidden, closed = append(takes, t.names...), append(hidden, t.hidden...), closed || !t.open
	}
	template := nameOf(templates[0])
	for _, field := range given {
		name, _, _ := ast.LabelName(field.Label)
		near := diag.Nearest(name, parametersOf(takes))
		var d *diag.Diagnostic
		switch {
		case name[0] != '#' && name[0] != '_':
			if !closed || !slices.Contains(takes, "#"+name) || slices.Contains(takes, name) {
				continue
			}
			d = diags.Errorf(diag.UnknownField, nil, "%s is written as a field, and %s has it as a parameter", name, template)
			d.Help = "write #" + name
		case name[0] == '_' && slices.Contains(hidden, name):
			d = diags.Errorf(diag.UnknownField, nil, "%s of %s cannot be set from here", name, template)
			d.Help = "a hidden field belongs to its package: have the template take a definition, such as #" + name[1:]
		case name[0] == '_' || slices.Contains(takes, name) || e.used(f, name):
			continue
		case near != "":
			d = diags.Errorf(diag.UnknownField, nil, "%s has no parameter %s", template, name)
			d.Help = fmt.Sprintf("did you mean %q?", near)
		case closed:
			d = diags.Errorf(diag.UnknownField, nil, "%s is closed and has no parameter %s", template, name)
			d.Help = "it takes " + strings.Join(parametersOf(takes), ", ")
		default:
			continue
		}
		d.Range = e.out.Sources.Node(field.Label).Range()
		d.Path = labels(pathTo(f, field.Label.Pos()))
	}
}

// parametersOf returns the definitions among names.
func parametersOf(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name[0] != '#' })
}

// used reports whether a file refers to a name, which is then the author's own and not a
// parameter.
func (e *evaluation) used(f *ast.File, name string) bool {
	found := false
	ast.Walk(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			if id, ok := n.Label.(*ast.Ident); ok && id.Name == name {
				ast.Walk(n.Value, func(m ast.Node) bool {
					if id, ok := m.(*ast.Ident); ok && id.Name == name {
						found = true
					}
					return !found
				}, nil)
				return false
			}
		case *ast.Ident:
			found = found || n.Name == name
		}
		return !found
	}, nil)
	return found
}

// template describes a definition that makes tenants or parts of them.
type template struct {
	names    []string // its fields and definitions
	hidden   []string // fields that are private to its package
	required []string // fields that its user must set
	open     bool     // it allows other fields
}

// template returns a definition of an imported package, or nil. The result is cached for all
// units that share the package.
func (e *evaluation) template(f *ast.File, x *ast.SelectorExpr) *template {
	pkg, isIdent := x.X.(*ast.Ident)
	label, _, err := ast.LabelName(x.Sel)
	if !isIdent || err != nil || !strings.HasPrefix(label, "#") {
		return nil
	}
	inst := e.imported(f, pkg.Name)
	if inst == nil {
		return nil
	}
	key := templateKey{inst, label}
	t, known := e.cue.templates[key]
	if !known {
		t = templateOf(e.cue.ctx.BuildInstance(inst).LookupPath(cue.MakePath(cue.Def(label))))
		e.cue.templates[key] = t
	}
	return t
}

type templateKey struct {
	inst  *build.Instance
	label string
}

func templateOf(v cue.Value) *template {
	it, err := v.Fields(cue.Definitions(true), cue.Hidden(true), cue.Optional(true))
	if !v.Exists() || err != nil {
		return nil
	}
	t := &template{open: v.Allows(cue.AnyString)}
	for it.Next() {
		written := it.Selector().String()
		name := strings.TrimRight(written, "?!")
		if strings.HasPrefix(name, "_") {
			t.hidden = append(t.hidden, name)
			continue
		}
		t.names = append(t.names, name)
		if strings.HasSuffix(written, "!") {
			t.required = append(t.required, name)
		}
	}
	return t
}

// imported returns the package that a file imports under a name, or nil.
func (e *evaluation) imported(f *ast.File, name string) *build.Instance {
	for spec := range f.ImportSpecs() {
		info, err := astutil.ParseImportSpec(spec)
		if err == nil && info.Ident == name && e.inst != nil {
			return e.inst.LookupImport(info.ID)
		}
	}
	return nil
}

// nameOf returns a selector as it is written, such as tpl.#Web.
func nameOf(x *ast.SelectorExpr) string {
	label, _, _ := ast.LabelName(x.Sel)
	if pkg, ok := x.X.(*ast.Ident); ok {
		return pkg.Name + "." + label
	}
	return label
}
