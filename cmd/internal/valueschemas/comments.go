package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const module = "github.com/cuecompute/cuecompute/"

// comments are what a package's source says of its types.
type comments struct {
	types     map[string]string
	fields    map[string]string   // by TYPE.FIELD
	constants map[string][]string // values by type
}

// comments reads the source of a package of the project.
func (g *generator) comments(pkg string) (*comments, error) {
	if known, ok := g.docs[pkg]; ok {
		return known, nil
	}
	dir, ok := strings.CutPrefix(pkg, module)
	if !ok {
		return nil, fmt.Errorf("%s is no package of the project", pkg)
	}
	dir = filepath.Join(g.root, filepath.FromSlash(dir))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	c := &comments{map[string]string{}, map[string]string{}, map[string][]string{}}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.GenDecl); ok {
				c.declared(d)
			}
		}
	}
	g.docs[pkg] = c
	return c, nil
}

func (c *comments) declared(d *ast.GenDecl) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			c.types[s.Name.Name] = text(s.Doc, d.Doc)
			fields, ok := s.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range fields.Fields.List {
				for _, name := range f.Names {
					c.fields[s.Name.Name+"."+name.Name] = text(f.Doc, f.Comment)
				}
			}
		case *ast.ValueSpec:
			of, ok := s.Type.(*ast.Ident)
			if d.Tok != token.CONST || !ok {
				continue
			}
			for _, v := range s.Values {
				if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					value, err := strconv.Unquote(lit.Value)
					if err == nil {
						c.constants[of.Name] = append(c.constants[of.Name], value)
					}
				}
			}
		}
	}
}

// links are the brackets of links in comments.
var links = strings.NewReplacer("[", "", "]", "")

// text is the first comment that says anything, on one line.
func text(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if words := strings.Join(strings.Fields(g.Text()), " "); words != "" {
			return links.Replace(words)
		}
	}
	return ""
}
