package load

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
)

// module is the CUE module that an author's files are in.
type module struct {
	root string // "" where they are in none
	path string // the module's import path without its major version
}

// moduleOf returns the module of a directory, which is looked for once.
func (l *Loader) moduleOf(dir string) *module {
	m, ok := l.modules[dir]
	if !ok {
		m = findModule(dir)
		l.modules[dir] = m
	}
	return m
}

// findModule returns the module of a directory: that of the nearest directory, here
// or above, that holds cue.mod.
func findModule(dir string) *module {
	for {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return &module{}
		}
		if info, err := os.Stat(filepath.Join(dir, "cue.mod")); err == nil && info.IsDir() {
			return &module{root: dir, path: modulePath(filepath.Join(dir, "cue.mod", "module.cue"))}
		}
		if filepath.Dir(abs) == abs {
			return &module{}
		}
		dir = parent(dir)
	}
}

// parent is the directory above, in the form that its child has: relative stays so.
func parent(dir string) string { return filepath.Join(dir, "..") }

func modulePath(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	f, err := parser.ParseFile(file, text)
	if err != nil {
		return ""
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
		return ast.ParseImportPath(s).Path
	}
	return ""
}

// above returns the files of a unit's package in the directories above it, the
// module's root first, as the cue command takes them. A vendored package has none.
func (m *module) above(u Unit) []string {
	if m.root == "" || len(u.Files) == 0 || below(u.Path, filepath.Join(m.root, "cue.mod")) {
		return nil
	}
	var files []string
	for dir := u.Path; !same(dir, m.root); {
		dir = parent(dir)
		files = append(cueFiles(dir, u.Package), files...)
	}
	return files
}

func same(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX != nil || errY != nil || os.SameFile(x, y)
}

// cueFiles returns the files of a directory that belong to a package, sorted.
func cueFiles(dir, pkg string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var files []string
	for _, e := range entries {
		p := filepath.Join(dir, e.Name())
		if hidden(e.Name()) || language(p) != "cue" || strings.HasSuffix(p, "_tool.cue") || strings.HasSuffix(p, "_test.cue") {
			continue
		}
		if mode, err := modeOf(p, e); err == nil && mode.IsRegular() && packageOf(p) == pkg {
			files = append(files, p)
		}
	}
	return files
}

// dirs returns the directories of the module that hold an imported package: its own
// one below the module's path, or the vendored ones, which complete each other.
func (m *module) dirs(importPath string) []string {
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
		info, err := os.Stat(dir)
		return err != nil || !info.IsDir()
	})
}

func (m *module) hint() string {
	if m.root == "" {
		return "the file is in no CUE module"
	}
	return "the module of " + filepath.Join(m.root, "cue.mod") + " does not vendor it"
}

// standard reports whether an import path is of CUE's standard library: its first
// part has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}
