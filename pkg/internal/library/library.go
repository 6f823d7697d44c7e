// Package library contains the CUE packages of the binary, the core schema and the providers',
// so that imports of them resolve offline in any module.
package library

import (
	"fmt"
	"hash/crc32"
	"io/fs"
	"iter"
	"path"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/schema"
)

// module is the path of the module that the official packages belong to.
const module = "github.com/cuecompute/cuecompute/"

// mark is the prefix of the library's file names in positions, which sets them apart from an
// author's.
const mark = "cuecompute:"

// Library is the core schema and the packages of some providers. A package is parsed on first
// use. A library is immutable, and safe for concurrent use.
type Library struct {
	packages map[string]*pkg // by import path
	byFile   map[string]*pkg // by the marked names of their files
}

type pkg struct {
	importPath string
	files      fs.FS
	names      []string // of the files in it

	parsed func() (parsed, error)
}

type parsed struct {
	files []*ast.File      // parsed with comments; read-only
	words map[place]string // descriptions of formats
}

type place struct {
	file string
	line int
}

// New makes the library of the core schema and the given providers' packages. It returns an
// error for a package that has no files or is already present: a mistake of the provider.
func New(schemas ...provider.Schema) (*Library, error) {
	l := &Library{packages: map[string]*pkg{}, byFile: map[string]*pkg{}}
	all := append([]provider.Schema{{ImportPath: schema.ImportPath, Files: schema.Files}}, schemas...)
	for _, s := range all {
		if err := l.add(s); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Of makes the library of the core schema and the providers' packages.
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
	if _, ok := l.packages[s.ImportPath]; ok {
		return fmt.Errorf("two CUE packages %s: each provider has its own", s.ImportPath)
	}
	p := &pkg{importPath: s.ImportPath, files: s.Files, names: names}
	p.parsed = sync.OnceValues(p.parse)
	for _, name := range names {
		l.byFile[p.marked(name)] = p
	}
	l.packages[s.ImportPath] = p
	return nil
}

// marked returns the name of a file in positions.
func (p *pkg) marked(name string) string {
	return mark + path.Join(strings.TrimPrefix(p.importPath, module), name)
}

// syntax parses a file.
func (p *pkg) syntax(name string, mode ...parser.Option) (*ast.File, error) {
	text, err := fs.ReadFile(p.files, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.importPath, err)
	}
	f, err := Parse(p.marked(name), text, mode...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.importPath, err)
	}
	return f, nil
}

func (p *pkg) parse() (parsed, error) {
	out := parsed{words: map[place]string{}}
	for _, name := range p.names {
		f, err := p.syntax(name, parser.ParseComments)
		if err != nil {
			return parsed{}, err
		}
		out.addWords(f)
		out.files = append(out.files, f)
	}
	return out, nil
}

// addWords collects the description of each top-level definition of a format: the first
// sentence of its comment, which begins with an article.
func (p *parsed) addWords(f *ast.File) {
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
				p.words[place{f.Filename, line}] = strings.TrimSpace(words)
			}
		}
	}
}

// Has reports whether the library contains the package.
func (l *Library) Has(importPath string) bool {
	_, ok := l.packages[importPath]
	return ok
}

// Files returns the syntax trees of a package, which must not be changed. It returns an error
// for a file that is not CUE: a mistake of the provider.
func (l *Library) Files(importPath string) ([]*ast.File, error) {
	p, ok := l.packages[importPath]
	if !ok {
		return nil, fmt.Errorf("no CUE package %s", importPath)
	}
	out, err := p.parsed()
	return out.files, err
}

// Texts returns the texts of a package's files, by the files' own names.
func (l *Library) Texts(importPath string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		p, ok := l.packages[importPath]
		if !ok {
			return
		}
		for _, name := range p.names {
			text, err := fs.ReadFile(p.files, name)
			if err != nil || !yield(name, text) {
				return
			}
		}
	}
}

// Sum returns a checksum of the packages' files.
func (l *Library) Sum(importPaths ...string) uint32 {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	for _, importPath := range importPaths {
		for name, text := range l.Texts(importPath) {
			fmt.Fprintf(sum, "%s %s %d\n", importPath, name, len(text))
			sum.Write(text)
		}
	}
	return sum.Sum32()
}

// Load builds the package in ctx; resolve finds its imports. It returns nil if the library does
// not contain the package. Errors in the package are in the instance's Err.
func (l *Library) Load(ctx *build.Context, resolve build.LoadFunc, importPath string) *build.Instance {
	p, ok := l.packages[importPath]
	if !ok {
		return nil
	}
	inst := ctx.NewInstance("", resolve)
	inst.ImportPath = importPath
	for _, name := range p.names {
		f, err := p.syntax(name)
		if err != nil {
			inst.ReportError(errors.Promote(err, ""))
			return inst
		}
		inst.PkgName = f.PackageName()
		_ = inst.AddSyntax(f) // the error is kept in inst.Err, like those of Complete
	}
	_ = inst.Complete()
	return inst
}

// Loader resolves imports of the library's packages in ctx, and no others.
func (l *Library) Loader(ctx *build.Context) build.LoadFunc {
	var resolve build.LoadFunc
	resolve = func(_ token.Pos, importPath string) *build.Instance {
		return l.Load(ctx, resolve, ast.ParseImportPath(importPath).Path)
	}
	return resolve
}

// Words returns the description of the definition at a line of the library: for #Duration, "a
// duration in whole hours, …".
func (l *Library) Words(filename string, line int) string {
	p, ok := l.byFile[filename]
	if !ok {
		return ""
	}
	out, _ := p.parsed() // a package that does not parse has no descriptions
	return out.words[place{filename, line}]
}

// Display returns the name of a file in diagnostics, and whether it belongs to the library.
func Display(filename string) (name string, ours bool) { return strings.CutPrefix(filename, mark) }
