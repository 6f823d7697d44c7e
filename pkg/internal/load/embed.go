package load

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// embedder unifies fields of one file with the texts of the files that their attributes
// @embed(file=PATH,type=text) name, as the cue command does.
type embedder struct {
	*evaluation
	name string // the file that contains the fields
	ctx  *cue.Context
}

// embed inserts embedded texts into the syntax tree, so that CUE itself reads no file.
func (e *evaluation) embed(f *ast.File) {
	asked, legal := e.asksToEmbed(f)
	if !legal {
		return
	}
	ast.Walk(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.File:
			e.noEmbeds(n.Decls)
		case *ast.StructLit:
			e.noEmbeds(n.Elts)
		}
		return true
	}, nil)
	m := embedder{evaluation: e, name: f.Filename, ctx: cuecontext.New()}
	_ = inject(f, func(field *ast.Field, a *ast.Attribute) cueerrors.Error {
		switch {
		case a.Name() != "embed":
		case !asked:
			e.notEmbedded(a, diag.BadFormat, "@embed does nothing in a file without @extern(embed)").Help =
				"write @extern(embed) above the package clause"
		default:
			m.field(field, a)
		}
		return nil
	})
}

// asksToEmbed reports whether a file has the attribute @extern(embed), and removes it, so that
// CUE does not embed. The attribute is legal only above a package clause.
func (e *evaluation) asksToEmbed(f *ast.File) (asked, legal bool) {
	var extern *ast.Attribute
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		a, ok := d.(*ast.Attribute)
		if !ok || a.Name() != "extern" {
			return false
		}
		if _, body := a.Split(); strings.TrimSpace(body) != "embed" {
			return false
		}
		extern = a
		return true
	})
	if extern == nil {
		return false, true
	}
	for _, d := range f.Decls {
		if p, ok := d.(*ast.Package); ok && extern.Pos().Offset() < p.Pos().Offset() {
			return true, true
		}
	}
	e.notEmbedded(extern, diag.BadFormat, "@extern(embed) stands above no package clause").Help =
		"write package NAME in the line after it"
	return true, false
}

// noEmbeds reports attributes that belong to no field.
func (e *evaluation) noEmbeds(decls []ast.Decl) {
	for _, d := range decls {
		if a, ok := d.(*ast.Attribute); ok && a.Name() == "embed" {
			e.notEmbedded(a, diag.BadFormat, "@embed stands on no field").Help = "write FIELD: string " + a.Text
		}
	}
}

func (e *evaluation) notEmbedded(a *ast.Attribute, code diag.Code, msg string) *diag.Diagnostic {
	d := e.out.Diagnostics.Errorf(code, nil, "%s", msg)
	d.Range = e.out.Sources.Node(a).Range()
	return d
}

// field unifies a field with the text that its attribute names. The value's position is the
// attribute.
func (m *embedder) field(field *ast.Field, a *ast.Attribute) {
	name, ok := m.path(a)
	if !ok {
		return
	}
	text, ok := m.text(a, name)
	if !ok {
		return
	}
	lit := ast.NewString(text)
	lit.ValuePos = a.Pos()
	field.Value = &ast.ParenExpr{
		Lparen: a.Pos(),
		X:      ast.NewBinExpr(token.AND, field.Value, lit),
		Rparen: a.End().Add(-1),
	}
}

// path parses an attribute's file name, which is relative to the directory of the attribute's
// file.
func (m *embedder) path(a *ast.Attribute) (name string, ok bool) {
	help := "write @embed(file=PATH,type=text)"
	holder := &ast.Field{Label: ast.NewIdent("x"), Value: ast.NewIdent("_"), Attrs: []*ast.Attribute{a}}
	attr := m.ctx.BuildFile(&ast.File{Decls: []ast.Decl{holder}}).LookupPath(cue.ParsePath("x")).Attribute("embed")
	args := map[string]string{}
	for i := range attr.NumArgs() {
		key, value := attr.Arg(i)
		if _, twice := args[key]; twice || key != "file" && key != "type" {
			m.notEmbedded(a, diag.BadFormat, fmt.Sprintf("@embed takes file and type once each, and not %s", attr.RawArg(i))).Help = help
			return "", false
		}
		args[key] = value
	}
	name = args["file"]
	switch {
	case name == "":
		m.notEmbedded(a, diag.BadFormat, "@embed names no file").Help = help
	case args["type"] != "text":
		m.notEmbedded(a, diag.BadFormat, fmt.Sprintf("@embed of %q has not type=text: files are embedded as text only", name)).Help = help
	case path.IsAbs(name) || filepath.IsAbs(name) || strings.Contains("/"+name+"/", "/../") || strings.Contains(name, `\`):
		m.notEmbedded(a, diag.BadFormat, fmt.Sprintf("@embed of %q, which is no path below the directory of this file", name)).Help =
			"name a file in this directory or below it"
	case path.Clean(name) != name:
		m.notEmbedded(a, diag.BadFormat, fmt.Sprintf("@embed of %q, which is no path in its shortest form", name)).Help = "write " + path.Clean(name)
	default:
		return name, true
	}
	return "", false
}

// text reads a file in the module of the attribute's file.
func (m *embedder) text(a *ast.Attribute, name string) (text string, ok bool) {
	dir := filepath.Dir(m.name)
	root := m.moduleOf(dir).root
	if root == "" {
		m.notEmbedded(a, diag.Unreadable, fmt.Sprintf("%q cannot be embedded: this file is in no CUE module", name)).Help =
			"a module is a directory that holds cue.mod/module.cue"
		return "", false
	}
	raw, err := m.readEmbedded(root, dir, name)
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	switch {
	case err != nil:
		m.notEmbedded(a, diag.Unreadable, fmt.Sprintf("%q cannot be embedded: %s", name, find.Reason(err)))
	case len(raw) > m.limits.Of(limit.FileBytes):
		m.limits.Report(&m.out.Diagnostics, limit.FileBytes, m.out.Sources.Node(a).Range(),
			fmt.Sprintf("%q has more than %d bytes", name, m.limits.Of(limit.FileBytes)))
	case !utf8.Valid(raw):
		at, b := notUTF8(raw)
		r := data.NewSource(name, raw).Range(at, at)
		m.notEmbedded(a, diag.Unreadable, fmt.Sprintf("%q is not UTF-8 text: byte 0x%02x at %d:%d", name, b, r.Line, r.Column))
	default:
		return string(raw), true
	}
	return "", false
}

func (m *embedder) readEmbedded(root, dir, name string) ([]byte, error) {
	for d := path.Dir(name); d != "."; d = path.Dir(d) {
		if _, err := m.Stat(filepath.Join(dir, filepath.FromSlash(d), "cue.mod")); !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is another CUE module", d)
		}
	}
	return m.ReadBelow(root, filepath.Join(dir, filepath.FromSlash(name)), m.limits)
}

// notUTF8 finds the first byte that is not valid UTF-8.
func notUTF8(text []byte) (offset int, b byte) {
	for offset < len(text) {
		r, size := utf8.DecodeRune(text[offset:])
		if r == utf8.RuneError && size == 1 {
			return offset, text[offset]
		}
		offset += size
	}
	return -1, 0
}
