// Package library holds the CUE packages that the binary carries, the core schema
// and the providers', so that they resolve offline whatever module an author is in.
package library

import (
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/schema"
)

// module is the path of the module that the official packages belong to.
const module = "github.com/cuecompute/cuecompute/"

// mark begins the names of the library's files in positions, so that they are
// never taken for an author's.
const mark = "cuecompute:"

// Library is the core schema and the packages of some providers. It is not changed
// once made, and is safe for concurrent use.
type Library struct {
	packages map[string][]source // by import path
	words    map[place]string    // what a format says in words
}

type source struct {
	name string // marked
	text []byte
	tree *ast.File // with comments; it is only read
}

type place struct {
	file string
	line int
}

// New makes the library of the core schema and the given providers' packages. An
// error names a file that is not CUE: the provider's mistake.
func New(schemas ...provider.Schema) (*Library, error) {
	l := &Library{packages: map[string][]source{}, words: map[place]string{}}
	all := append([]provider.Schema{{ImportPath: schema.ImportPath, Files: schema.Files}}, schemas...)
	for _, s := range all {
		if err := l.add(s); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Of makes the library of the core schema and the packages of providers.
func Of(providers ...provider.Provider) (*Library, error) {
	schemas := make([]provider.Schema, len(providers))
	for i, p := range providers {
		schemas[i] = p.Info().Schema
	}
	return New(schemas...)
}

func (l *Library) add(s provider.Schema) error {
	names, err := fs.Glob(s.Files, "*.cue")
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("%s has no CUE files", s.ImportPath)
	}
	for _, name := range names {
		text, err := fs.ReadFile(s.Files, name)
		if err != nil {
			return fmt.Errorf("%s: %w", s.ImportPath, err)
		}
		src := source{name: mark + path.Join(strings.TrimPrefix(s.ImportPath, module), name), text: text}
		src.tree, err = parser.ParseFile(src.name, text, parser.ParseComments)
		if err != nil {
			return fmt.Errorf("%s: %w", s.ImportPath, err)
		}
		l.addWords(src.tree)
		l.packages[s.ImportPath] = append(l.packages[s.ImportPath], src)
	}
	return nil
}

// addWords notes what each top-level definition of a format says in words: the first
// sentence of its comment, which begins with an article.
func (l *Library) addWords(f *ast.File) {
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		for _, c := range ast.Comments(field) {
			words, _, _ := strings.Cut(strings.Join(strings.Fields(c.Text()), " ")+" ", ". ")
			if !strings.HasPrefix(words, "a ") && !strings.HasPrefix(words, "an ") {
				continue
			}
			for line := field.Pos().Line(); line <= field.End().Line(); line++ {
				l.words[place{f.Filename, line}] = strings.TrimSpace(words)
			}
		}
	}
}

// Has reports whether the library holds the package.
func (l *Library) Has(importPath string) bool {
	_, ok := l.packages[importPath]
	return ok
}

// Files returns the syntax trees of a package, which must not be changed.
func (l *Library) Files(importPath string) []*ast.File {
	var files []*ast.File
	for _, s := range l.packages[importPath] {
		files = append(files, s.tree)
	}
	return files
}

// Texts returns the texts of a package's files, by the files' own names.
func (l *Library) Texts(importPath string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, s := range l.packages[importPath] {
			if !yield(path.Base(s.name), s.text) {
				return
			}
		}
	}
}

// Load builds the package in ctx; resolve finds what it imports. It is nil where the
// library does not hold the package.
func (l *Library) Load(ctx *build.Context, resolve build.LoadFunc, importPath string) *build.Instance {
	sources, ok := l.packages[importPath]
	if !ok {
		return nil
	}
	inst := ctx.NewInstance("", resolve)
	inst.ImportPath = importPath
	for _, s := range sources {
		f, _ := parser.ParseFile(s.name, s.text) // New has seen that it parses
		inst.PkgName = f.PackageName()
		_ = inst.AddSyntax(f) // kept in inst.Err, as what Complete finds
	}
	_ = inst.Complete()
	return inst
}

// Loader resolves imports of the library's packages in ctx, and of nothing else.
func (l *Library) Loader(ctx *build.Context) build.LoadFunc {
	var resolve build.LoadFunc
	resolve = func(_ token.Pos, importPath string) *build.Instance {
		return l.Load(ctx, resolve, ast.ParseImportPath(importPath).Path)
	}
	return resolve
}

// Words returns what the definition at a line of the library says in words: for
// #Duration, "a duration in whole hours, …".
func (l *Library) Words(filename string, line int) string {
	return l.words[place{filename, line}]
}

// Display returns the name under which people know a file, and whether it is one
// of the library's.
func Display(filename string) (name string, ours bool) { return strings.CutPrefix(filename, mark) }
