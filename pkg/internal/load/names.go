package load

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/ast/astutil"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
)

// maxRounds limits how often a package is compiled again without its undefined names.
const maxRounds = 20

// referenceNotFound is the format of CUE's error for an undefined name (cuelang.org/go v0.17.1,
// internal/core/compile).
const referenceNotFound = "reference %q not found"

// unusedImports are the formats of CUE's errors for an unused import (cuelang.org/go v0.17.1,
// cue/build/instance.go).
var unusedImports = []string{"imported and not used: %s", "imported and not used: %s as %s"}

// compile builds the value of a package. It reports and removes each undefined name, so that
// the rest can be checked: with one of them, a package has no value in CUE. It returns the
// positions of the removed expressions.
func (e *evaluation) compile(u find.Unit) (cue.Value, []token.Pos) {
	var holes []token.Pos
	for range maxRounds {
		inst := e.instance(u)
		e.inst = inst
		if len(e.out.Diagnostics) > 0 && len(holes) == 0 { // mistakes of imported packages
			return cue.Value{}, nil
		}
		v := e.cue.ctx.BuildInstance(inst)
		if v.Err() == nil || len(regularFields(v)) > 0 {
			return v, holes
		}
		before := len(holes)
		for _, err := range errors.Errors(v.Err()) {
			if format, _ := err.Msg(); slices.Contains(unusedImports, format) && e.removeImport(err.Position()) {
				holes = append(holes, err.Position())
			}
		}
		for _, err := range errors.Errors(v.Err()) {
			if format, _ := err.Msg(); format != referenceNotFound {
				continue
			}
			if at, ok := e.removeName(err.Position()); ok {
				holes = append(holes, at)
			}
		}
		if len(holes) == before {
			return v, holes
		}
	}
	return cue.Value{}, holes
}

// removeImport reports and removes the unused import at a position. If the package is referred
// to by a wrong name, the report is at that reference.
func (e *evaluation) removeImport(pos token.Pos) bool {
	i := slices.IndexFunc(e.files, func(f *ast.File) bool { return f.Filename == pos.Filename() })
	if i < 0 {
		return false
	}
	f := e.files[i]
	for _, d := range f.Decls {
		imports, ok := d.(*ast.ImportDecl)
		if !ok {
			continue
		}
		at := slices.IndexFunc(imports.Specs, func(s *ast.ImportSpec) bool {
			return s.Pos().Offset() <= pos.Offset() && pos.Offset() < s.End().Offset()
		})
		if at < 0 {
			continue
		}
		spec := imports.Specs[at]
		imports.Specs = slices.Delete(imports.Specs, at, at+1)
		if info, err := astutil.ParseImportSpec(spec); err == nil && spec.Name != nil && e.refersTo(f, info.PkgName) {
			e.aliases[info.PkgName] = spec.Name.Name
			return true
		}
		d := e.out.Diagnostics.Errorf(diag.Import, nil, "import %s is not used", spec.Path.Value)
		d.Range = e.out.Sources.Node(spec.Path).Range()
		d.Help = "remove it"
		return true
	}
	return false
}

// refersTo reports whether a file has a selector on that name, as for a package.
func (e *evaluation) refersTo(f *ast.File, name string) bool {
	found := false
	ast.Walk(f, func(n ast.Node) bool {
		if x, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := x.X.(*ast.Ident); ok {
				found = found || of.Name == name
			}
		}
		return !found
	}, nil)
	return found
}

// removeName reports the undefined name at a position, and removes the value or the declaration
// that becomes unknown.
func (e *evaluation) removeName(pos token.Pos) (at token.Pos, ok bool) {
	i := slices.IndexFunc(e.files, func(f *ast.File) bool { return f.Filename == pos.Filename() })
	if i < 0 {
		e.reportForeign(pos)
		return pos, false
	}
	path := pathTo(e.files[i], pos)
	if len(path) == 0 {
		return pos, false
	}
	name, isIdent := path[len(path)-1].(*ast.Ident)
	if !isIdent {
		return pos, false
	}
	e.notFound(name, path)
	hole := ast.NewIdent("_")
	for i := len(path) - 1; i > 0; i-- {
		switch parent := path[i-1].(type) {
		case *ast.BinaryExpr: // an undefined template: what it is given remains
			given, isStruct := parent.Y.(*ast.StructLit)
			if parent.Op == token.AND && parent.X == path[i] && isStruct {
				given.Elts = append([]ast.Decl{unknownMark()}, given.Elts...)
				parent.X = hole
				return pos, true
			}
		case *ast.Field:
			if parent.Value == path[i] {
				ast.SetPos(hole, parent.Value.Pos())
				parent.Value = hole
				return hole.Pos(), true
			}
		case *ast.StructLit, *ast.File:
			e.drop(parent, path[i])
			return pos, true
		}
	}
	return pos, false
}

// drop removes a declaration from a struct or file, and leaves a mark: what the declaration
// would have added is unknown.
func (e *evaluation) drop(parent, decl ast.Node) {
	mark := unknownMark()
	astutil.Apply(parent, func(c astutil.Cursor) bool {
		if c.Node() == decl {
			c.Replace(mark)
			return false
		}
		return true
	}, nil)
}

func unknownMark() *ast.Field {
	return &ast.Field{Label: ast.NewIdent(cuedata.UnknownMark), Value: ast.NewBool(true)}
}

// pathTo returns the nodes from a file down to the identifier at a position.
func pathTo(f *ast.File, pos token.Pos) (path []ast.Node) {
	var at []ast.Node
	ast.Walk(f, func(n ast.Node) bool {
		at = append(at, n)
		if id, ok := n.(*ast.Ident); ok && path == nil && id.Pos().Offset() == pos.Offset() {
			path = slices.Clone(at)
		}
		return true
	}, func(ast.Node) { at = at[:len(at)-1] })
	return path
}

// notFound reports an undefined name of the author's, with a suggestion.
func (e *evaluation) notFound(name *ast.Ident, path []ast.Node) {
	text := name.Name
	d := e.out.Diagnostics.Errorf(diag.UnknownName, labels(path), "reference %s not found", text)
	d.Range = e.out.Sources.Node(name).Range()
	parent := path[len(path)-2]
	field, isValue := parent.(*ast.Field)
	isValue = isValue && field.Value == ast.Expr(name)
	selector, isPackage := parent.(*ast.SelectorExpr)
	isPackage = isPackage && selector.X == ast.Expr(name)
	near := diag.Nearest(text, sameKind(text, e.visible(path)))
	switch {
	case isPackage && e.aliases[text] != "":
		d.Help = "the package is imported as " + e.aliases[text]
	case isPackage && e.importPath(text) != "":
		d.Help = fmt.Sprintf("import the package: import %q", e.importPath(text))
	case otherWords[text] != "":
		d.Help = "write " + otherWords[text]
	case near != "":
		d.Help = fmt.Sprintf("did you mean %q?", near)
	case isValue && !strings.HasPrefix(text, "_") && !strings.HasPrefix(text, "#"):
		d.Help = fmt.Sprintf("a text is in quotes: %q", text)
	}
}

// sameKind returns the names of the same kind as a name: hidden fields, definitions, or
// neither.
func sameKind(text string, names []string) []string {
	kind := func(name string) string { return name[:len(name)-len(strings.TrimLeft(name, "_#"))] }
	return slices.DeleteFunc(names, func(n string) bool { return kind(n) != kind(text) })
}

// otherWords are values as other languages write them, or in words.
var otherWords = map[string]string{
	"True": "true", "False": "false", "None": "null", "nil": "null", "undefined": "null",
	"yes": "true", "no": "false", "on": "true", "off": "false",
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
	"seven": "7", "eight": "8", "nine": "9", "ten": "10",
}

// labels returns the path of the regular fields among nodes.
func labels(path []ast.Node) diag.Path {
	var p diag.Path
	for _, n := range path {
		if f, ok := n.(*ast.Field); ok {
			if name, _, err := ast.LabelName(f.Label); err == nil {
				p = append(p, name)
			}
		}
	}
	return p
}

// visible returns the names in scope at the end of a path: those of the enclosing structs and
// of the package.
func (e *evaluation) visible(path []ast.Node) []string {
	var names []string
	for _, n := range path {
		switch n := n.(type) {
		case *ast.StructLit:
			names = append(names, declared(n.Elts)...)
		case *ast.Comprehension:
			for _, c := range n.Clauses {
				switch c := c.(type) {
				case *ast.ForClause:
					for _, id := range []*ast.Ident{c.Key, c.Value} {
						if id != nil {
							names = append(names, id.Name)
						}
					}
				case *ast.LetClause:
					names = append(names, c.Ident.Name)
				}
			}
		}
	}
	for _, f := range e.files {
		names = append(names, declared(f.Decls)...)
	}
	return names
}

// declared returns the names of the fields, let clauses and imports among declarations.
func declared(decls []ast.Decl) []string {
	var names []string
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			if name, isIdent, err := ast.LabelName(d.Label); err == nil && isIdent {
				names = append(names, name)
			}
		case *ast.LetClause:
			names = append(names, d.Ident.Name)
		case *ast.ImportDecl:
			for _, s := range d.Specs {
				if info, err := astutil.ParseImportSpec(s); err == nil {
					names = append(names, info.Ident)
				}
			}
		}
	}
	return names
}

// reportForeign reports an undefined name in an imported package.
func (e *evaluation) reportForeign(pos token.Pos) {
	f := e.parsed[pos.Filename()]
	if f == nil {
		return
	}
	path := pathTo(f, pos)
	if len(path) == 0 {
		return
	}
	name, ok := path[len(path)-1].(*ast.Ident)
	if !ok {
		return
	}
	var names []string
	for _, n := range path {
		switch n := n.(type) {
		case *ast.StructLit:
			names = append(names, declared(n.Elts)...)
		case *ast.File:
			names = append(names, declared(n.Decls)...)
		}
	}
	d := e.out.Diagnostics.Errorf(diag.UnknownName, nil, "reference %s not found", name.Name)
	d.Range = e.out.Sources.Node(name).Range()
	if near := diag.Nearest(name.Name, names); near != "" {
		d.Help = fmt.Sprintf("did you mean %q?", near)
	}
}

// importPath returns the import path of the package of that name, if the module or the standard
// library has one.
func (e *evaluation) importPath(name string) string {
	for _, p := range append(slices.Clone(cuedata.StandardPackages), e.modulePackages()...) {
		if p[strings.LastIndexByte(p, '/')+1:] == name {
			return p
		}
	}
	return ""
}

// Limits of the search for packages to suggest.
const (
	maxSearchDepth = 4
	maxSearchDirs  = 500
)

// modulePackages returns the import paths of the module's own packages, sorted.
func (e *evaluation) modulePackages() []string {
	if e.module.root == "" || e.module.path == "" {
		return nil
	}
	var found []string
	left := maxSearchDirs
	var search func(dir, path string, depth int)
	search = func(dir, path string, depth int) {
		if left--; left < 0 || depth > maxSearchDepth {
			return
		}
		if path != e.module.path && len(e.cueFiles(dir)) > 0 && dir != filepath.Clean(e.dir) {
			found = append(found, path)
		}
		entries, err := e.ReadDir(dir)
		if err != nil {
			return
		}
		for _, entry := range entries {
			if entry.IsDir() && !find.Hidden(entry.Name()) && entry.Name() != "cue.mod" {
				search(filepath.Join(dir, entry.Name()), path+"/"+entry.Name(), depth+1)
			}
		}
	}
	search(e.module.root, e.module.path, 0)
	slices.Sort(found)
	return found
}

// noPackage reports an import of a package that does not exist. In the author's own module it
// is misspelt or not yet written, and vendoring would not help.
func (e *evaluation) noPackage(pos token.Pos, path, importPath string) {
	rest, own := strings.CutPrefix(importPath, e.module.path+"/")
	if own && e.module.path != "" {
		d := e.out.Diagnostics.Errorf(diag.Import, nil, "this module has no package %q", rest)
		d.Range = e.out.Sources.Range(pos, pos)
		packages := e.modulePackages()
		if near := nearPackage(importPath, packages); near != "" {
			d.Help = fmt.Sprintf("did you mean %q?", near)
		} else if len(packages) > 0 {
			d.Help = "it has " + strings.Join(packages[:min(len(packages), 5)], ", ")
		}
		return
	}
	d := e.out.Diagnostics.Errorf(diag.Import, nil, "import %q cannot be resolved: %s", path, e.module.hint())
	d.Range = e.out.Sources.Range(pos, pos)
	d.Help = "nothing is fetched: vendor the package under cue.mod/pkg of the module that the file is in"
}

// nearPackage returns the package with a similar path, or whose last element has a similar
// beginning.
func nearPackage(path string, packages []string) string {
	if near := diag.Nearest(path, packages); near != "" {
		return near
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	for _, p := range packages {
		last := p[strings.LastIndexByte(p, '/')+1:]
		if last[0] == name[0] && (diag.Nearest(name, []string{last}) != "" || isAbbreviation(last, name) || isAbbreviation(name, last)) {
			return p
		}
	}
	if len(packages) == 1 {
		return packages[0]
	}
	return ""
}

// isAbbreviation reports whether a word's letters occur in another word in the same order.
func isAbbreviation(short, long string) bool {
	for _, r := range short {
		i := strings.IndexRune(long, r)
		if i < 0 {
			return false
		}
		long = long[i+len(string(r)):]
	}
	return true
}
