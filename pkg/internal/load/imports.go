package load

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// load returns a package of the library, which imports only other packages of the library.
func (b binary) load(lib *library.Library, path string) *build.Instance {
	if b[path] == nil {
		b[path] = lib.Load(build.NewContext(), func(_ token.Pos, imported string) *build.Instance {
			if imp := ast.ParseImportPath(imported); lib.Has(imp.Path) {
				return b.load(lib, imp.Path)
			}
			return nil
		}, path)
	}
	return b[path]
}

// resolve finds an imported package, in the binary and then in the author's module. It returns
// nil for packages of the standard library, which CUE resolves.
func (e *evaluation) resolve(pos token.Pos, path string) *build.Instance {
	imp := ast.ParseImportPath(path)
	if e.library.Has(imp.Path) {
		return e.binary.load(e.library, imp.Path)
	}
	if p := e.alreadyImported(path); p != nil {
		e.addPackage(p)
		return p.inst
	}
	inst := e.build.NewInstance("", e.resolve)
	inst.ImportPath = path
	if strings.HasPrefix(imp.Path, "tool/") {
		d := e.out.Diagnostics.Errorf(diag.Import, nil, "import %q is for commands of the cue command: nothing is run here", path)
		d.Range = e.out.Sources.Range(pos, pos)
		d.Help = "keep it in a file whose name ends in _tool.cue"
		return inst
	}
	dirs := e.dirs(e.module, imp.Path)
	if len(dirs) == 0 && standard(imp.Path) {
		return nil
	}
	if slices.Contains(e.importing, path) {
		d := e.out.Diagnostics.Errorf(diag.Import, nil, "import %q leads back to this package", path)
		d.Range = e.out.Sources.Range(pos, pos)
		d.Help = "move what both need into a package that imports neither"
		return inst
	}
	e.importing = append(e.importing, path)
	defer func() { e.importing = e.importing[:len(e.importing)-1] }()
	name := imp.Qualifier
	if name == "" {
		name = imp.Path[strings.LastIndexByte(imp.Path, '/')+1:]
	}
	inst.PkgName = name
	p := &imported{inst: inst}
	for _, dir := range dirs {
		files := e.filesOf(dir, name)
		above := e.parentFiles(find.Unit{Path: dir, Files: files, Package: name})
		for _, src := range e.readAll(append(above, files...), e.inModule) {
			p.sources = append(p.sources, src)
			for _, f := range e.syntax(src) {
				p.files = append(p.files, f)
				_ = inst.AddSyntax(f)
			}
		}
	}
	if len(inst.Files) == 0 && len(e.out.Diagnostics) == 0 {
		e.noPackage(pos, path, imp.Path)
	}
	_ = inst.Complete()
	e.imports[e.importKey(path)] = p
	return inst
}

// imported is a package that a unit imports from its module.
type imported struct {
	inst    *build.Instance
	sources []*data.Source
	files   []*ast.File
}

// importKey identifies a package: a path means different packages in different modules.
func (e *evaluation) importKey(path string) string { return e.module.root + "\x00" + path }

// alreadyImported returns a package that this unit or an earlier one imported, or nil.
func (e *evaluation) alreadyImported(path string) *imported {
	key := e.importKey(path)
	if p := e.imports[key]; p != nil || e.cue == nil || len(e.Overlay) > 0 {
		return p
	}
	return e.cue.imported[key]
}

// addPackage adds the files of a package and of its imports to the unit.
func (e *evaluation) addPackage(p *imported) {
	key := e.importKey(p.inst.ImportPath)
	if e.imports[key] != nil {
		return
	}
	e.imports[key] = p
	for _, src := range p.sources {
		e.out.Sources[src.Name] = src
	}
	for _, f := range p.files {
		e.parsed[f.Filename] = f
	}
	for _, inst := range p.inst.Imports {
		if q := e.alreadyImported(inst.ImportPath); q != nil {
			e.addPackage(q)
		}
	}
}

// shareImports keeps imported packages for later units: compiling a template costs more than
// most of the tenants it makes. 1,000 packages that import one template take 0.8 of the time.
// It keeps only packages that are the same for every unit: without mistakes, and without
// attributes, through which a tag or another file could enter.
func (e *evaluation) shareImports() {
	if e.cue == nil || len(e.out.Diagnostics) > 0 || len(e.Overlay) > 0 {
		return
	}
	for _, p := range e.imports {
		if slices.ContainsFunc(p.sources, func(src *data.Source) bool { return bytes.IndexByte(src.Text, '@') >= 0 }) {
			return
		}
	}
	maps.Copy(e.cue.imported, e.imports)
}
