package load

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// readYAML reads every document of a file; empty ones beside others are left out.
// Scalars are resolved as the cue command resolves them, so that both judge the same
// values.
func readYAML(src *data.Source, limits Limits, nodes *data.Nodes) ([]*data.Node, diag.List) {
	r := yamlReader{src: src, limits: limits, Nodes: nodes}
	var docs []*data.Node
	d := yaml.NewDecoder(bytes.NewReader(src.Text))
	for {
		var n yaml.Node
		err := d.Decode(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.syntax(err)
			break
		}
		if doc := r.node(n.Content[0]); doc.Kind != data.Null {
			docs = append(docs, doc)
		}
		if len(docs) > limits.Of(Documents) {
			limits.report(&r.diags, Documents, docs[len(docs)-1].At.Range(), "this is one document more than a file may have")
			break
		}
	}
	return docs, r.diags
}

type yamlReader struct {
	src        *data.Source
	limits     Limits
	diags      diag.List
	expanding  []*yaml.Node // aliases on the way to here
	aliasNodes int          // that aliases stand for
	find       data.Finder
	*data.Nodes
}

// parserError is what yaml.v3 says in its parser, whose lines it counts from 0; those of
// its scanner it counts from 1 (parser.fail in its decode.go).
var parserError = lazyregexp.New(`^did not find expected (node content|'-' indicator|key|',' or|<)`)

var unknownAnchor = lazyregexp.New(`^unknown anchor '(.+)' referenced$`)

var yamlLine = lazyregexp.New(`^yaml: (?:line (\d+): )?(?s:(.*))$`)

func (r *yamlReader) syntax(err error) {
	at, msg := diag.Range{File: r.src.Name}, err.Error()
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		msg = m[2]
		if line, err := strconv.Atoi(m[1]); err == nil {
			if parserError.MatchString(msg) {
				line++
			}
			start := r.src.Offset(line, 1)
			indent := len(r.src.Line(line)) - len(strings.TrimLeft(r.src.Line(line), " \t"))
			at = r.src.Range(start+indent, start+len(r.src.Line(line)))
		}
	}
	if m := unknownAnchor.FindStringSubmatch(msg); m != nil {
		if i := bytes.Index(r.src.Text, []byte("*"+m[1])); i >= 0 {
			at = r.src.Range(i, i+1+len(m[1]))
		}
	}
	r.error(at, diag.Syntax, "not YAML: "+msg)
}

func (r *yamlReader) error(at diag.Range, code diag.Code, msg string) *diag.Diagnostic {
	d := r.diags.Errorf(code, nil, "%s", msg)
	d.Range = at
	return d
}

func (r *yamlReader) node(y *yaml.Node) *data.Node {
	if y.Kind == yaml.AliasNode {
		n := r.alias(y)
		n.At = r.place(y)
		return n
	}
	n := r.New()
	n.At = r.place(y)
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind, n.Fields = data.Struct, r.Room(len(y.Content)/2)
		r.mapping(n, y)
	case yaml.SequenceNode:
		n.Kind, n.Elems = data.List, make([]*data.Node, len(y.Content))
		for i, c := range y.Content {
			n.Elems[i] = r.node(c)
		}
	default:
		n.Kind, n.Text = r.scalar(y, n.At)
	}
	return n
}

// alias expands what an anchor names. Its places inside are the anchor's, where an
// author would mend it.
func (r *yamlReader) alias(y *yaml.Node) *data.Node {
	for _, a := range r.expanding {
		if a == y.Alias {
			r.error(r.place(y).Range(), diag.Syntax, "anchor "+strconv.Quote(y.Value)+" contains itself")
			return &data.Node{}
		}
	}
	most := r.limits.Of(AliasValues)
	if r.aliasNodes > most {
		return &data.Node{}
	}
	if r.aliasNodes += size(y.Alias); r.aliasNodes > most {
		r.limits.report(&r.diags, AliasValues, r.place(y).Range(), "aliases expand to more than "+strconv.Itoa(most)+" values")
		return &data.Node{}
	}
	r.expanding = append(r.expanding, y.Alias)
	n := r.node(y.Alias)
	r.expanding = r.expanding[:len(r.expanding)-1]
	return n
}

func size(y *yaml.Node) int {
	n := 1
	for _, c := range y.Content {
		n += size(c)
	}
	return n
}

// mapping fills n. A merge key gives what the mapping itself does not set, wherever
// it stands; of several, the first to set a key wins (YAML's merge key type).
func (r *yamlReader) mapping(n *data.Node, y *yaml.Node) {
	var merges []*yaml.Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Kind == yaml.ScalarNode && k.Value == "<<" && (k.Tag == "" || k.Tag == "!" || k.ShortTag() == "!!merge") {
			merges = append(merges, v)
			continue
		}
		key, at := r.key(k)
		if first := r.find.Field(n, key); first != nil {
			d := r.error(at.Range(), diag.Duplicate, "key "+strconv.Quote(key)+" is already set in this mapping")
			d.Related = []diag.Related{{Range: first.At.Range(), Message: "first set here"}}
			continue
		}
		n.Fields = append(n.Fields, data.Field{Name: key, At: at, Value: r.node(v)})
	}
	for _, m := range merges {
		r.merge(n, m)
	}
}

func (r *yamlReader) merge(n *data.Node, y *yaml.Node) {
	if y.Kind == yaml.SequenceNode {
		for _, c := range y.Content {
			r.merge(n, c)
		}
		return
	}
	from := r.node(y)
	if from.Kind != data.Struct {
		if len(r.diags) == 0 {
			r.error(r.place(y).Range(), diag.Syntax, "a merge key takes a mapping or a list of mappings")
		}
		return
	}
	for _, f := range from.Fields {
		if r.find.Field(n, f.Name) == nil {
			n.Fields = append(n.Fields, f)
		}
	}
}

func (r *yamlReader) key(y *yaml.Node) (string, data.Pos) {
	at := r.place(y)
	if y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	if y.Kind != yaml.ScalarNode {
		r.error(at.Range(), diag.Syntax, "a key must be a text")
		return "", at
	}
	kind, text := r.scalar(y, at)
	if kind == data.Null {
		return "null", at
	}
	return text, at
}

func (r *yamlReader) scalar(y *yaml.Node, at data.Pos) (data.Kind, string) {
	tag := y.ShortTag()
	if tag == "!!float" && y.Style&yaml.TaggedStyle == 0 && octalLike(y.Value) {
		tag = "!!str"
	}
	switch tag {
	case "!!str", "!!timestamp":
		return data.String, y.Value
	case "!!null":
		return data.Null, ""
	case "!!bool":
		return data.Bool, strings.ToLower(y.Value)
	case "!!int", "!!float":
		return r.number(y, at)
	case "!!binary":
		b, err := base64.StdEncoding.DecodeString(y.Value)
		if err != nil {
			r.error(at.Range(), diag.BadFormat, "!!binary is not base64")
		}
		return data.Bytes, string(b)
	}
	r.error(at.Range(), diag.Syntax, "tag "+strings.ToValidUTF8(tag, "\uFFFD")+" has no meaning here") // which may be of escaped bytes
	return data.Null, ""
}

// octalLike reports whether a number is one that YAML 1.1 would call octal but for an 8
// or a 9.
func octalLike(text string) bool {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	return len(text) > 1 && text[0] == '0' && strings.Trim(text, "0123456789_") == ""
}

func (r *yamlReader) number(y *yaml.Node, at data.Pos) (data.Kind, string) {
	text := y.Value
	octal := len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9'
	if octal {
		text = "0o" + text[1:]
	}
	digits, negative := strings.CutPrefix(text, "-")
	n, err := data.Number(digits)
	// A whole number of YAML's kind float is one beyond 64 bits, or tagged so: the cue
	// command reads neither.
	whole := y.ShortTag() == "!!float" && !strings.ContainsAny(text, ".eE")
	if err != nil || whole {
		d := r.error(at.Range(), diag.BadFormat, strconv.Quote(y.Value)+" is not a number that a spec can hold")
		d.Help = "quote it where a text is meant"
		return data.Null, ""
	}
	if negative {
		n = n.Negated()
	}
	if octal {
		d := r.diags.Warnf(diag.BadFormat, nil, "%s begins with 0: to YAML it is an octal number, %s", y.Value, n.Text)
		d.Range = at.Range()
		d.Help = fmt.Sprintf("write %q for a text of these digits, or %s for the number", y.Value, n.Text)
	}
	return n.Kind, n.Text
}

// place is where a node's own text stands. YAML tells where it begins; where a
// quoted or plain scalar ends is read from the source.
func (r *yamlReader) place(y *yaml.Node) data.Pos {
	start := r.src.Offset(y.Line, y.Column)
	return r.src.Pos(start, start+r.width(y, start))
}

func (r *yamlReader) width(y *yaml.Node, start int) int {
	text := r.src.Text[start:]
	switch {
	case len(text) == 0:
		return 0
	case y.Kind == yaml.AliasNode:
		return 1 + len(y.Value)
	case y.Kind != yaml.ScalarNode:
		_, size := utf8.DecodeRune(text)
		return size
	case text[0] == '"' || text[0] == '\'':
		return quotedWidth(text)
	case len(text) >= len(y.Value) && string(text[:len(y.Value)]) == y.Value:
		return len(y.Value)
	}
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return len(bytes.TrimRight(text, " \t\r"))
}

// quotedWidth is the length of the quoted scalar that text begins with.
func quotedWidth(text []byte) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}
