package read

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// YAML reads every document of a file, and leaves out empty ones among others. Scalars resolve
// as in the cue command, so that both see the same values.
func YAML(src *data.Source, limits limit.Limits, nodes *data.Nodes) ([]*data.Node, diag.List) {
	r := yamlReader{src: src, limits: limits, Nodes: nodes}
	text, ok := r.directives()
	if !ok {
		return nil, r.diags
	}
	var docs []*data.Node
	d, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithV3Defaults(), yaml.WithPlugin(&r))
	if err != nil {
		r.syntax(err)
		return nil, r.diags
	}
	for {
		var n yaml.Node
		err := d.Load(&n)
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
		if len(docs) > limits.Of(limit.Documents) {
			limits.Report(&r.diags, limit.Documents, docs[len(docs)-1].At.Range(), "this is one document more than a file may have")
			break
		}
	}
	return docs, r.diags
}

type yamlReader struct {
	src        *data.Source
	limits     limit.Limits
	diags      diag.List
	expanding  []*yaml.Node // aliases being expanded
	aliasNodes int          // number of nodes from aliases
	find       data.Finder
	lines      []int // offsets of the lines by YAML's line breaks, if these differ
	*data.Nodes
}

// syntax reports a syntax error of the YAML library, with the beginning of the enclosing
// construct.
func (r *yamlReader) syntax(err error) {
	failed, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		r.error(diag.Range{File: r.src.Name}, diag.Syntax, "not YAML: "+err.Error())
		return
	}
	at := r.errorRange(failed.Mark)
	if failed.Message == errDepth.Error() {
		r.limits.Report(&r.diags, limit.Depth, at, fmt.Sprintf("this is more than %d structs and lists deep", deepest))
		return
	}
	message, help, at := explainSyntax(failed.Message, r.src, at)
	d := r.error(at, diag.Syntax, "not YAML: "+message)
	d.Help = help
	if begun := contexts[failed.ContextMsg]; begun != "" && message != tabIndent && failed.ContextMark.Line > 0 && failed.ContextMark.Line != failed.Mark.Line {
		d.Related = []diag.Related{{Range: r.errorRange(failed.ContextMark), Message: begun}}
	}
}

var errDepth = errors.New("too deep")

// CheckDepth makes the YAML library stop at a depth far beyond the limit, which is reported at
// the value itself. See yaml.LoaderLimitsPlugin.
func (r *yamlReader) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > max(deepest, r.limits.Of(limit.Depth)) {
		return errDepth
	}
	return nil
}

// CheckAlias is not called when nodes are read. See yaml.LoaderLimitsPlugin.
func (r *yamlReader) CheckAlias(_, _ int) error { return nil }

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

// alias expands an alias. Positions inside are the anchor's, because the author would fix it
// there.
func (r *yamlReader) alias(y *yaml.Node) *data.Node {
	for _, a := range r.expanding {
		if a == y.Alias {
			r.error(r.place(y).Range(), diag.Syntax, "anchor "+strconv.Quote(y.Value)+" contains itself")
			return &data.Node{}
		}
	}
	maximum := r.limits.Of(limit.AliasValues)
	if r.aliasNodes > maximum {
		return &data.Node{}
	}
	if r.aliasNodes += size(y.Alias); r.aliasNodes > maximum {
		r.limits.Report(&r.diags, limit.AliasValues, r.place(y).Range(), "aliases expand to more than "+strconv.Itoa(maximum)+" values")
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

// mapping reads a mapping into n. A merge key adds the keys that the mapping itself does not
// set, wherever it is; of several mappings in its list, the first with a key wins (YAML's merge
// key type, https://yaml.org/type/merge.html).
func (r *yamlReader) mapping(n *data.Node, y *yaml.Node) {
	var mergeKey, merged *yaml.Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Kind == yaml.ScalarNode && k.Value == "<<" && k.ShortTag() == "!!merge" {
			if mergeKey != nil {
				r.duplicate("<<", r.place(k), r.place(mergeKey)).Help = "merge several mappings as a list: <<: [*a, *b]"
				continue
			}
			mergeKey, merged = k, v
			continue
		}
		key, at := r.key(k)
		if first := r.find.Field(n, key); first != nil {
			r.duplicate(key, at, first.At)
			continue
		}
		n.Fields = append(n.Fields, data.Field{Name: key, At: at, Value: r.node(v)})
	}
	if merged != nil {
		r.merge(n, merged)
	}
}

// duplicate reports a key that occurs twice in its mapping.
func (r *yamlReader) duplicate(key string, at, first data.Pos) *diag.Diagnostic {
	d := r.error(at.Range(), diag.Duplicate, "key "+strconv.Quote(key)+" is already set in this mapping")
	d.Related = []diag.Related{{Range: first.Range(), Message: "first set here"}}
	return d
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
