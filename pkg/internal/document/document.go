// Package document reads files that configure the tool, such as the project file: one YAML or
// JSON document each, checked against a definition of schema/project.
//
//	root, diags := document.Read("#Project", data.NewSource(name, text), limits)
package document

import (
	"bytes"
	"strings"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/schema/project"
)

// Read parses and checks a text. It returns a struct with the definition's defaults, or nil and
// the problems with their lines. An empty text is an empty struct.
func Read(definition string, src *data.Source, limits limit.Limits) (*data.Node, diag.List) {
	root, diags := parse(src, limits)
	if !diags.HasErrors() {
		var found diag.List
		root, found = Check(definition, root)
		diags = append(diags, found...)
	}
	Quote(diags, src)
	if diags.HasErrors() {
		return nil, diags
	}
	return root, diags
}

// parse returns the only document of a text.
func parse(src *data.Source, limits limit.Limits) (*data.Node, diag.List) {
	src.Text = bytes.TrimPrefix(src.Text, []byte("\uFEFF"))
	src.Lang = read.Languages[read.LanguageOf(src.Name)]
	docs, diags := read.Plain(src, limits)
	switch {
	case diags.HasErrors():
		return nil, diags
	case len(docs) == 0:
		return &data.Node{Kind: data.Struct, At: src.Pos(0, 0)}, diags
	case len(docs) > 1:
		d := diags.Errorf(diag.Syntax, nil, "the file holds %d documents, and has one", len(docs))
		d.Range = docs[1].At.Range()
	}
	return docs[0], diags
}

// Check checks data against a definition of schema/project, and returns it with defaults.
func Check(definition string, root *data.Node) (*data.Node, diag.List) {
	s, err := Shape(definition)
	if err != nil {
		panic(err) // the binary's own definitions, which the tests read
	}
	if root.Kind != data.Struct {
		var diags diag.List
		d := diags.Errorf(diag.WrongType, nil, "the file holds a %s, and takes a struct of fields", root.Kind)
		d.Range = root.At.Range()
		return nil, diags
	}
	filled, diags := s.Check(root)
	for i := range diags {
		diags[i].Message = strings.ReplaceAll(diags[i].Message, "the tenant ", "the file ")
		diags[i].Path = nil // the path is one of a tenant, and this file is none
		diags[i].Related = nil
	}
	return filled, diags
}

var (
	lock   sync.Mutex
	shapes = map[string]*shape.Shape{}
)

// Shape returns a compiled definition of schema/project.
func Shape(definition string) (*shape.Shape, error) {
	lock.Lock()
	defer lock.Unlock()
	if s := shapes[definition]; s != nil {
		return s, nil
	}
	lib, err := library.New(provider.Schema{ImportPath: project.ImportPath, Files: project.Files})
	if err != nil {
		return nil, err
	}
	s, err := shape.CompileDefinition(lib, project.ImportPath, definition)
	if err != nil {
		return nil, err
	}
	shapes[definition] = s
	return s, nil
}

// Quote adds the source lines to the diagnostics.
func Quote(diags diag.List, src *data.Source) {
	for i := range diags {
		if d := &diags[i]; d.Line > 0 && d.File == src.Name {
			d.Source = src.Line(d.Line)
		}
	}
}
