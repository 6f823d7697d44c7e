package load

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
)

// module is the CUE module that contains a directory.
type module struct {
	root  string // "" outside of any module
	path  string // the module's import path without its major version
	depth int    // depth of the directory below the root

	broken error // why cue.mod/module.cue has no path
}

// directory caches what was found out about a directory.
type directory struct {
	module *module
	files  map[string][]string // its CUE files, sorted, by package; nil until read
}

// moduleOf returns a directory's module, that of the nearest directory, here or above, with a
// cue.mod. The result is cached.
func (l *Loader) moduleOf(dir string) *module {
	d := l.directory(dir)
	if d.module != nil {
		return d.module
	}
	d.module = &module{}
	if info, err := l.Stat(filepath.Join(dir, "cue.mod")); err == nil && info.IsDir() {
		m := &module{root: dir}
		m.path, m.broken = l.modulePath(dir)
		d.module = m
	} else if !l.IsRoot(dir) {
		*d.module = *l.moduleOf(parent(dir))
		d.module.depth++
	}
	return d.module
}

func (l *Loader) directory(dir string) *directory {
	d, ok := l.directories[dir]
	if !ok {
		d = &directory{}
		l.directories[dir] = d
	}
	return d
}

// parent returns the directory above, relative if dir is.
func parent(dir string) string { return filepath.Join(dir, "..") }

// modulePath reads the path of a module from its own file.
func (l *Loader) modulePath(root string) (path string, err error) {
	file := filepath.Join(root, "cue.mod", "module.cue")
	text, err := l.ReadBelow(root, file, find.OnlyHead)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %s", file, find.Reason(err))
	}
	if len(text) > gate.Small {
		return "", fmt.Errorf("%s has more than %d bytes", file, gate.Small)
	}
	var diags diag.List
	src := data.NewSource(file, text)
	if !gate.Text(find.OnlyHead, &diags, src) || !gate.CUE(find.OnlyHead, &diags, src) {
		return "", fmt.Errorf("%s cannot be read: %s", file, diags[0].Message)
	}
	f, err := gate.SyntaxTree(src)
	if err != nil {
		return "", fmt.Errorf("%s is not CUE", file)
	}
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		name, _, _ := ast.LabelName(field.Label)
		lit, ok := field.Value.(*ast.BasicLit)
		if name != "module" || !ok {
			continue
		}
		s, _ := literal.Unquote(lit.Value)
		return ast.ParseImportPath(s).Path, nil
	}
	return "", nil
}

// parentFiles returns the files of a unit's package in the directories above it, the module's
// root first, as the cue command does. A vendored package has none.
func (l *Loader) parentFiles(u find.Unit) []string {
	m := l.moduleOf(u.Path)
	if m.root == "" || len(u.Files) == 0 || find.Below(u.Path, filepath.Join(m.root, "cue.mod")) {
		return nil
	}
	var files []string
	dir := u.Path
	for range m.depth {
		dir = parent(dir)
		files = slices.Concat(l.filesOf(dir, u.Package), files)
	}
	return files
}

// cueFiles returns the CUE files of a directory by package, each sorted. Unreadable files, such
// as links that leave the module, are under noPackage: they may belong to any package.
func (l *Loader) cueFiles(dir string) map[string][]string {
	d := l.directory(dir)
	if d.files == nil {
		d.files = l.packagesIn(dir)
	}
	return d.files
}

// noPackage is not a valid package name.
const noPackage = "?"

// filesOf returns the files of a package in a directory, including unreadable ones.
func (l *Loader) filesOf(dir, pkg string) []string {
	files := l.cueFiles(dir)
	return slices.Sorted(slices.Values(slices.Concat(files[pkg], files[noPackage])))
}

// packagesIn returns the CUE files of a directory by package.
func (l *Loader) packagesIn(dir string) map[string][]string {
	files := map[string][]string{}
	entries, err := l.ReadDir(dir)
	if err != nil {
		return files
	}
	for _, e := range entries {
		p := filepath.Join(dir, e.Name())
		if find.Hidden(e.Name()) || read.LanguageOf(p) != "cue" || strings.HasSuffix(p, "_tool.cue") || strings.HasSuffix(p, "_test.cue") {
			continue
		}
		if mode, err := l.ModeOf(p, e); err == nil && mode.IsRegular() {
			pkg := l.packageIn(dir, p)
			files[pkg] = append(files[pkg], p)
		}
	}
	return files
}

// packageIn returns the package of a file that was found, not named: links must stay in its
// module.
func (l *Loader) packageIn(dir, p string) string {
	text, err := l.ReadBelow(cmp.Or(l.moduleOf(dir).root, dir), p, find.OnlyHead)
	if err != nil {
		return noPackage
	}
	pkg, known := read.PackageOf(p, text)
	if !known {
		return noPackage
	}
	return pkg
}

// dirs returns the module's directories of an imported package: its own below the module's
// path, or the vendored ones, which complement each other.
func (l *Loader) dirs(m *module, importPath string) []string {
	if m.root == "" || strings.HasPrefix(importPath, ".") || strings.Contains(importPath, "/..") {
		return nil
	}
	var dirs []string
	if rel, ok := strings.CutPrefix(importPath+"/", m.path+"/"); ok && m.path != "" {
		dirs = append(dirs, filepath.Join(m.root, filepath.FromSlash(rel)))
	}
	for _, vendor := range []string{"pkg", "usr", "gen"} {
		dirs = append(dirs, filepath.Join(m.root, "cue.mod", vendor, filepath.FromSlash(importPath)))
	}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		info, err := l.Stat(dir)
		return err != nil || !info.IsDir()
	})
}

func (m *module) hint() string {
	if m.root == "" {
		return "the file is in no CUE module"
	}
	if m.broken != nil {
		return m.broken.Error()
	}
	return "the module of " + filepath.Join(m.root, "cue.mod") + " does not vendor it"
}

// standard reports whether an import path belongs to CUE's standard library: its first element
// has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}
