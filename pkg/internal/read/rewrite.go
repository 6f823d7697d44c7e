// Package read parses YAML, JSON and plain CUE into located data, without CUE's evaluator, and
// writes scalars in each of these languages.
//
//	docs, diags := read.YAML(src, limits, new(data.Nodes))
package read

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Languages are the languages that this package reads, by name.
var Languages = map[string]data.Language{
	"cue":  cueLanguage{},
	"json": jsonLanguage{},
	"yaml": yamlLanguage{},
}

// NewSource returns a source in the language of the file's extension.
func NewSource(name string, text []byte) *data.Source {
	src := data.NewSource(name, text)
	src.Lang = Languages[LanguageOf(name)]
	return src
}

// LanguageOf returns the language of a file's extension: cue, yaml, json or "".
func LanguageOf(path string) string {
	switch filepath.Ext(path) {
	case ".cue":
		return "cue"
	case ".yaml", ".yml":
		return "yaml"
	case ".json":
		return "json"
	}
	return ""
}

// oneLine returns the range of a text on one line. A text of several lines has a layout of the
// author's, which is kept.
func oneLine(text []byte) (start, end int, ok bool) {
	return 0, len(text), len(text) > 0 && bytes.IndexByte(text, '\n') < 0
}

// sameScalar reports whether a parsed value is the intended one.
func sameScalar(read *data.Node, s data.Scalar, meant *data.Node) bool {
	return read != nil && read.Text == meant.Text && (s.Key || read.Kind == meant.Kind)
}

type jsonLanguage struct{}

func (jsonLanguage) Rewrite(text []byte, s data.Scalar) (start, end int, now string, ok bool) {
	start, end, ok = oneLine(text)
	now = plainOrQuoted(s.Now)
	return start, end, now, ok && sameScalar(readValue(string(text)), s, s.Was) && sameScalar(readValue(now), s, s.Now)
}

func (jsonLanguage) Written(text []byte, n *data.Node) (characters string, ok bool) {
	_, _, ok = oneLine(text)
	return string(text), ok && sameScalar(readValue(string(text)), data.Scalar{}, n)
}

// readValue parses a JSON value; nil for anything else.
func readValue(text string) *data.Node {
	docs, diags := JSON(data.NewSource("", []byte(text)), nil, new(data.Nodes))
	if len(docs) != 1 || diags.HasErrors() {
		return nil
	}
	return docs[0]
}

// plainOrQuoted formats a scalar as JSON.
func plainOrQuoted(n *data.Node) string {
	if n.Kind != data.String {
		return n.Text
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(n.Text) // encoding a string does not fail
	return strings.TrimSuffix(b.String(), "\n")
}

type cueLanguage struct{}

func (cueLanguage) Rewrite(text []byte, s data.Scalar) (start, end int, now string, ok bool) {
	if start, end, ok = oneLine(text); !ok {
		return 0, 0, "", false
	}
	switch {
	case s.Now.Kind != data.String:
		now = s.Now.Text
	case s.Key && text[0] != '"' && !ast.StringLabelNeedsQuoting(s.Now.Text):
		now = s.Now.Text
	default:
		now = literal.String.Quote(s.Now.Text)
	}
	return start, end, now, sameScalar(readCUE(text, s.Key), s, s.Was) && sameScalar(readCUE([]byte(now), s.Key), s, s.Now)
}

func (cueLanguage) Written(text []byte, n *data.Node) (characters string, ok bool) {
	_, _, ok = oneLine(text)
	return string(text), ok && sameScalar(readCUE(text, false), data.Scalar{}, n)
}

// readCUE parses a scalar or a label; nil for any other expression.
func readCUE(text []byte, label bool) *data.Node {
	r := literalReader{}
	r.begin(data.NewSource("", text))
	n, ok := &data.Node{}, true
	if label && r.tok == token.IDENT {
		n.Kind, n.Text = data.String, r.lit
		r.next()
	} else {
		_, ok = r.value(n, false)
	}
	if !ok || !r.comma(token.EOF) || r.tok != token.EOF || n.Kind == data.Struct || n.Kind == data.List {
		return nil
	}
	return n
}

type yamlLanguage struct{}

// properties match the anchor and tag before a value.
var properties = lazyregexp.New(`^(?:[&!][^ \t\n]*[ \t]+)+`)

// plainYAML matches texts that need no quotes in any context, unless they parse as another
// kind.
var plainYAML = lazyregexp.New(`^[A-Za-z0-9/_.][A-Za-z0-9/_.+%-]*$`)

func (yamlLanguage) Rewrite(text []byte, s data.Scalar) (start, end int, now string, ok bool) {
	if start, end, ok = ownYAML(text, s); !ok {
		return 0, 0, "", false
	}
	own := text[start:end]
	switch plain := []byte(s.Now.Text); {
	case s.Now.Kind != data.String:
		now = s.Now.Text
	case own[0] == '\'':
		now = "'" + strings.ReplaceAll(s.Now.Text, "'", "''") + "'"
	case own[0] != '"' && plainYAML.MatchString(s.Now.Text) && sameScalar(readScalar(plain), data.Scalar{}, s.Now):
		now = s.Now.Text
	default:
		now = plainOrQuoted(s.Now)
	}
	return start, end, now, sameScalar(readScalar([]byte(now)), s, s.Now)
}

func (yamlLanguage) Written(text []byte, n *data.Node) (characters string, ok bool) {
	start, end, ok := ownYAML(text, data.Scalar{Was: n})
	return string(text[start:end]), ok
}

// ownYAML returns the bytes of a scalar in a text, after its anchor and tag.
func ownYAML(text []byte, s data.Scalar) (start, end int, ok bool) {
	start = len(properties.FindString(string(text)))
	if end = len(text); start > 0 { // the position extends to the end of the line
		end = start + scalarWidth(text[start:], s.Was.Text)
	}
	_, _, ok = oneLine(text[start:end])
	return start, end, ok && sameScalar(readScalar(text[start:end]), s, s.Was)
}

// scalarWidth returns the length of the quoted scalar, or of the plain scalar value, at the
// beginning of a text; 0 for neither.
func scalarWidth(text []byte, value string) int {
	switch {
	case len(text) > 0 && (text[0] == '"' || text[0] == '\''):
		return quotedWidth(text)
	case bytes.HasPrefix(text, []byte(value)):
		return len(value)
	}
	return 0
}

// readScalar parses a YAML scalar; nil for anything else.
func readScalar(text []byte) *data.Node {
	docs, diags := YAML(data.NewSource("", text), nil, new(data.Nodes))
	if len(docs) != 1 || diags.HasErrors() || docs[0].Kind == data.Struct || docs[0].Kind == data.List {
		return nil
	}
	return docs[0]
}
