package cuedata

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// closedness is a closed definition or struct, with the fields that it refused.
type closedness struct {
	name     string // as the author writes it, such as tpl.#Fixed
	at       token.Pos
	above    []string // path of the author's use, as errors have it
	refused  []problem
	declared []string // the fields that it has
}

// refused records a field that a closed definition does not take.
func (s *Survey) refused(p problem) {
	path := p.err.Path()
	name, at, i := s.closingAbove(path)
	found := slices.IndexFunc(s.closed, func(c closedness) bool { return c.name == name && slices.Equal(c.above, path[:i]) })
	if found < 0 {
		c := closedness{name: name, at: at, above: path[:i]}
		c.declared = names(s.find(path[:len(path)-1]))
		s.closed, found = append(s.closed, c), len(s.closed)
	}
	s.closed[found].refused = append(s.closed[found].refused, p)
}

// closingAbove returns the definition that closes a field's struct or one around it, and how
// many elements of the field's path lead to its use.
func (s *Survey) closingAbove(path []string) (name string, at token.Pos, above int) {
	for i := len(path) - 1; i >= 0; i-- {
		if name, at := s.closing(s.find(path[:i])); name != "" {
			return name, at, i
		}
	}
	for i := len(path) - 1; i >= 0; i-- {
		in, pos := s.definitionOf(s.find(path[:i]))
		if in == "" || name != "" && in != name {
			break
		}
		name, at, above = in, pos, i
	}
	return name, at, above
}

// find returns a value of the package by a path of an error.
func (s *Survey) find(path []string) cue.Value {
	v := s.top
	for _, e := range path {
		it, err := v.Fields(cue.All())
		if err != nil {
			return cue.Value{}
		}
		next := cue.Value{}
		for it.Next() {
			if strings.TrimRight(it.Selector().String(), "?!") == e {
				next = it.Value()
			}
		}
		v = next
	}
	return v
}

// names returns the names of the fields that a struct has or may have.
func names(v cue.Value) (all []string) {
	it, err := v.Fields(cue.Optional(true), cue.Definitions(true))
	if err != nil {
		return nil
	}
	for it.Next() {
		if it.Value().Err() == nil {
			all = append(all, strings.TrimRight(it.Selector().String(), "?!"))
		}
	}
	return all
}

// closing returns the name of the definition that closes a value, as the author writes it, and
// its position.
func (s *Survey) closing(v cue.Value) (name string, at token.Pos) {
	_, args := v.Expr()
	for _, x := range append(slices.Clone(args), v) {
		root, path := x.ReferencePath()
		if !root.Exists() || path.Err() != nil || !strings.Contains(path.String(), "#") && !strings.Contains(path.String(), "_") {
			continue
		}
		target := root.LookupPath(path)
		text := path.String()
		if n, ok := x.Source().(ast.Expr); ok {
			text = textOf(n)
		} else if f, ok := x.Source().(*ast.Field); ok {
			text = textOf(f.Value)
		}
		return text, target.Pos()
	}
	return "", token.NoPos
}

// definitionOf returns the definition that declares a struct's fields, where the struct matches
// a pattern rather than refers to the definition.
func (s *Survey) definitionOf(v cue.Value) (name string, at token.Pos) {
	fields, _ := s.fields(v)
	for _, f := range fields {
		pos := f.value.Pos()
		if !pos.HasAbsPos() || s.Package.own(pos.Filename()) {
			continue
		}
		if name, at := s.Package.definitionAt(pos); name != "" {
			return name, at
		}
	}
	return "", token.NoPos
}

// closedness reports the closed definitions, each once with all fields that it refused.
func (s *Survey) closedness() {
	for _, c := range s.closed {
		c.refused = slices.DeleteFunc(c.refused, func(p problem) bool {
			at := s.label(p)
			return slices.ContainsFunc(append(slices.Clip(s.Misnamed), s.diags...), func(d diag.Diagnostic) bool { return d.Range == at && d.Code == diag.UnknownField })
		})
		if len(c.refused) == 0 {
			continue
		}
		var names []string
		for _, p := range c.refused {
			names = append(names, fmt.Sprintf("%q", strings.Join(p.err.Path()[len(c.above):], ".")))
		}
		slices.Sort(names)
		first := slices.MinFunc(c.refused, func(a, b problem) int {
			x, y := s.written(a), s.written(b)
			return x.Line*1000 + x.Column - y.Line*1000 - y.Column
		})
		key := last(first.path)
		near := diag.Nearest(key, c.declared)
		if isSpec := c.at.HasAbsPos() && s.syntax(c.at) == nil; isSpec || near != "" && len(c.refused) == 1 {
			d := s.diags.Errorf(diag.UnknownField, first.path, "unknown field %q", key)
			d.Range = s.label(first)
			if near != "" {
				d.Help = fmt.Sprintf("did you mean %q?", near)
				meant := append(slices.Clone(first.path[:len(first.path)-1]), near)
				s.diags = slices.DeleteFunc(s.diags, func(d diag.Diagnostic) bool {
					return d.Code == diag.MissingField && slices.Equal(d.Path, meant) ||
						slices.Contains(s.unset, unset{near, d.Message})
				})
			}
			continue
		}
		what := "the struct"
		if c.name != "" {
			what = c.name
			if c.at.HasAbsPos() {
				what += fmt.Sprintf(" (%s:%d)", filepath.Base(c.at.Filename()), c.at.Line())
			}
		}
		i := slices.Index(names, fmt.Sprintf("%q", strings.Join(first.err.Path()[len(c.above):], ".")))
		names[0], names[i] = names[i], names[0]
		d := s.diags.Errorf(diag.UnknownField, first.path, "%s is closed and has no %s", what, strings.Join(names, ", "))
		d.Help = "add the field there, or let it take others by `...`"
		d.Range = s.label(first)
		if r := s.rangeOf(c.at); r.Line > 0 {
			d.Related = []diag.Related{{Range: r, Message: "closed here"}}
		}
	}
}

// label returns the position of the refused field's label.
func (s *Survey) label(p problem) diag.Range {
	if place := s.places.Locate(p.path); place.Found {
		return place.Key
	}
	return s.written(p)
}
