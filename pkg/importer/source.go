package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Document is one document of the input.
type Document struct {
	File string
	Root *data.Node
	Text *data.Source
}

// readAll reads every document of the input.
func readAll(o Options) ([]*Document, diag.List, error) {
	var docs []*Document
	var all diag.List
	for _, path := range o.Paths {
		var text []byte
		var err error
		if path == "-" {
			text, err = io.ReadAll(io.LimitReader(o.Stdin, int64(o.Limits.Of(limit.FileBytes))+1))
		} else {
			text, err = o.read(path)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) || err != nil && path == "-":
			return nil, nil, err
		case err != nil:
			d := all.Errorf(diag.Unreadable, nil, "cannot be read: %s", find.Reason(err))
			d.File = path
			if over, ok := errors.AsType[*limit.Error](err); ok {
				d.Bound = string(over.Name)
			}
			continue
		}
		found, diags := parse(path, text, o.Limits)
		docs, all = append(docs, found...), append(all, diags...)
	}
	if len(docs) == 0 && !all.HasErrors() {
		all.Errorf(diag.Syntax, nil, "the input is empty").File = strings.Join(o.Paths, ", ")
	}
	return docs, all, nil
}

// parse reads a text of YAML or JSON.
func parse(name string, text []byte, limits limit.Limits) ([]*Document, diag.List) {
	src := data.NewSource(name, bytes.TrimPrefix(text, []byte("\uFEFF")))
	roots, diags := read.Plain(src, limits)
	plain := len(roots) > 0 && roots[0].Kind == data.String // which YAML takes most texts for
	if (plain || diags.HasErrors()) && looksLikeHCL(src.Text) {
		d := diag.Diagnostic{Severity: diag.Error, Code: diag.Syntax, Message: "this is a Nomad job in HCL", Range: diag.Range{File: name}}
		d.Help = "nomad job run -output FILE prints it as JSON, which import takes"
		return nil, diag.List{d}
	}
	var docs []*Document
	for _, root := range roots {
		docs = append(docs, &Document{File: name, Root: root, Text: src})
	}
	for i := range diags {
		if diags[i].Line > 0 {
			diags[i].Source = src.Line(diags[i].Line)
		}
	}
	return docs, diags
}

// looksLikeHCL reports whether a text has a block of HCL: job "web" {.
func looksLikeHCL(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if rest, ok := bytes.CutPrefix(line, []byte(`job "`)); ok && bytes.HasSuffix(rest, []byte("{")) {
			return true
		}
	}
	return false
}

// readFile reads a file of the system, of no more bytes than a spec may have.
func readFile(name string, limits limit.Limits) ([]byte, error) {
	text, err := find.Disk{}.ReadFile(name, limits)
	if err == nil && len(text) > limits.Of(limit.FileBytes) {
		err = fmt.Errorf("the file is too large: %w", &limit.Error{Name: limit.FileBytes, Limit: limits.Of(limit.FileBytes)})
	}
	var named *fs.PathError
	if err != nil && !errors.As(err, &named) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return text, err
}
