// Package project reads project files: defaults for runs in a directory and below it, which
// flags override.
//
//	file, diags := project.Read(".cuecompute.yaml", text, nil)
//	for _, s := range file.Policies {
//		fmt.Println(s.Value, s.At.Line)
//	}
package project

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/document"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/jsonschema"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// Name is the name of a project file.
const Name = ".cuecompute.yaml"

// Setting is a value of a project file, and its position.
type Setting struct {
	Key   string // key of a map; "" for an element of a list
	Value string
	At    diag.Range
}

// File is a project file that has been read. Each list is in the file's order.
type File struct {
	Path string // as given

	// Paths, Policies and Waivers are as written: relative to the file's directory, with
	// slashes.
	Paths, Policies, Waivers []Setting
	Providers                []Setting
	Tags, Limits, Severity   []Setting
}

// Read parses the text of a project file. If diagnostics have errors, the file is nil.
func Read(path string, text []byte, limits limit.Limits) (*File, diag.List) {
	src := data.NewSource(path, text)
	root, diags := document.Read("#Project", src, limits)
	if diags.HasErrors() {
		return nil, diags
	}
	f := &File{
		Path:  path,
		Paths: elements(root, "paths"), Policies: elements(root, "policies"),
		Waivers: elements(root, "waivers"), Providers: elements(root, "providers"),
		Tags: entries(root, "tags"), Limits: entries(root, "limits"), Severity: entries(root, "severity"),
	}
	diags = append(diags, f.check()...)
	document.Quote(diags, src)
	if diags.HasErrors() {
		return nil, diags
	}
	return f, diags
}

// check reports what the definition cannot: unknown limits, and paths that leave the directory.
func (f *File) check() (diags diag.List) {
	for _, s := range slices.Concat(f.Paths, f.Policies, f.Waivers) {
		if s.Value != "-" && filepath.IsLocal(filepath.FromSlash(s.Value)) {
			continue
		}
		d := diags.Errorf(diag.BadFormat, nil, "%q is no path in the directory of the file", s.Value)
		d.Range, d.Help = s.At, "what is elsewhere is named by a flag"
	}
	for _, s := range f.Limits {
		unknown(&diags, s, "limit", limit.Names())
		if _, err := strconv.Atoi(s.Value); err != nil {
			d := diags.Errorf(diag.OutOfBounds, nil, "the limit %s is larger than any number of the machine", s.Key)
			d.Range = s.At
		}
	}
	for _, s := range f.Severity {
		if help, err := waiver.Check(diag.Code(s.Key)); err != nil {
			d := diags.Errorf(diag.UnknownField, nil, "%v", err)
			d.Range, d.Help = s.At, help
		}
	}
	return diags
}

// unknown reports a key that is not a known one.
func unknown(diags *diag.List, s Setting, what string, known []string) {
	if slices.Contains(known, s.Key) {
		return
	}
	d := diags.Errorf(diag.UnknownField, nil, "unknown %s %q", what, s.Key)
	d.Range = s.At
	if near := diag.Nearest(s.Key, known); near != "" {
		d.Help = fmt.Sprintf("did you mean %q?", near)
	} else {
		d.Help = "known are " + strings.Join(known, ", ")
	}
}

// elements returns the texts of a list.
func elements(root *data.Node, field string) []Setting {
	n := root.Get(field)
	if n == nil {
		return nil
	}
	all := make([]Setting, len(n.Elems))
	for i, e := range n.Elems {
		all[i] = Setting{Value: e.Text, At: e.At.Range()}
	}
	return all
}

// entries returns the scalars of a map.
func entries(root *data.Node, field string) []Setting {
	n := root.Get(field)
	if n == nil {
		return nil
	}
	all := make([]Setting, len(n.Fields))
	for i, f := range n.Fields {
		all[i] = Setting{Key: f.Name, Value: f.Value.Text, At: f.At.Range()}
	}
	return all
}

// JSON returns the JSON Schema of project files, for editors.
func JSON() ([]byte, error) {
	s, err := document.Shape("#Project")
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, c := range waiver.Codes() {
		codes = append(codes, string(c))
	}
	return jsonschema.OfFile("cuecompute project file", s, map[string][]string{"limits": limit.Names(), "severity": codes})
}

// ReadFile reads a regular file that the user named, within the size limit of a spec.
func ReadFile(path string, limits limit.Limits) ([]byte, error) {
	text, err := find.Disk{}.ReadFile(path, limits)
	return text, named(path, err)
}

// ReadFound is ReadFile for a file that was found: a link must stay in its directory.
func ReadFound(path string, limits limit.Limits) ([]byte, error) {
	text, err := find.Disk{}.ReadBelow(filepath.Dir(path), path, limits)
	return text, named(path, err)
}

// named adds a file's name to an error.
func named(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); err == nil || ok {
		return err
	}
	return &fs.PathError{Op: "read", Path: path, Err: err}
}

// From formats the position of a setting: its file and line.
func (s Setting) From() string { return fmt.Sprintf("%s:%d", s.At.File, s.At.Line) }
