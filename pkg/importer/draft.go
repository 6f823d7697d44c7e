package importer

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// Draft is a tenant in the making. A format sets its fields, each with the values of the
// input that it is made of; what it sets and claims nothing for is its own decision, and
// what it does not claim is lost.
type Draft struct {
	Docs        []*Document
	Options     Options
	Diagnostics diag.List

	format   Format
	root     *data.Node
	claims   map[*data.Node]claim
	keys     map[*data.Node]data.Pos // of the input's fields, by their values
	comments map[string]string       // by paths of the tenant
	taken    map[string]bool         // comments that are carried, by their places
	counted  []*Document             // that the account is about
	sources  map[string]*data.Source
	secrets  mask.Secrets
	origins  map[*data.Node]*data.Node

	keeps    []kept
	elements []element
	made     map[*data.Node]*data.Node // values of patches, to those of the input
	native   map[*data.Node]claim      // what was said of a value before a patch kept it
	refused  map[*data.Node]string     // values that no patch keeps, and why
}

func newDraft(o Options, format Format, docs []*Document) *Draft {
	d := &Draft{
		Docs: docs, Options: o, format: format,
		root:   &data.Node{Kind: data.Struct},
		claims: map[*data.Node]claim{}, keys: map[*data.Node]data.Pos{},
		comments: map[string]string{}, taken: map[string]bool{}, sources: map[string]*data.Source{}, origins: map[*data.Node]*data.Node{},
		native: map[*data.Node]claim{}, refused: map[*data.Node]string{},
	}
	for _, doc := range docs {
		d.Count(doc)
	}
	return d
}

// Count adds a document to those that the account is about.
func (d *Draft) Count(doc *Document) {
	d.counted = append(d.counted, doc)
	d.sources[doc.File] = doc.Text
	d.learn(doc.Root, nil)
}

// learn notes where the fields of a tree have their keys, and what looks like a secret.
func (d *Draft) learn(n *data.Node, path diag.Path) {
	if n.Kind == data.String {
		d.secrets.Look(path, n.Text)
	}
	for _, f := range n.Fields {
		d.keys[f.Value] = f.At
		d.learn(f.Value, path.To(f.Name))
	}
	for i, e := range n.Elems {
		d.learn(e, path.To(i))
	}
}

// Open reads a file that the input names, relative to another file; nil where it cannot be
// read, with the reason.
func (d *Draft) Open(beside, name string) (text []byte, path string, err error) {
	path = name
	if !filepath.IsAbs(name) && beside != "-" {
		path = filepath.Join(filepath.Dir(beside), name)
	}
	text, err = d.Options.read(path)
	return text, path, err
}

// Parse reads a file of documents that the input names; what is wrong with it is reported.
func (d *Draft) Parse(path string, text []byte) []*Document {
	docs, diags := parse(path, text, d.Options.Limits)
	d.Diagnostics = append(d.Diagnostics, diags...)
	for _, doc := range docs {
		d.Count(doc)
	}
	return docs
}

// Errorf reports a mistake of the input at one of its values.
func (d *Draft) Errorf(n *data.Node, code diag.Code, format string, args ...any) *diag.Diagnostic {
	e := d.Diagnostics.Errorf(code, nil, format, args...)
	at := n.At
	if key, ok := d.keys[n]; ok {
		at = key
	}
	e.Range = at.Range()
	return e
}

// Stands has a node that a format made stand for the value of the input that it is made of.
func (d *Draft) Stands(made, original *data.Node) {
	original = d.origin(original)
	d.origins[made] = original
	if key, ok := d.keys[original]; ok {
		d.keys[made] = key
	}
}

func (d *Draft) origin(n *data.Node) *data.Node {
	if o, ok := d.origins[n]; ok {
		return o
	}
	return n
}

// Set sets a field of the tenant to a text, a bool, a whole number, a list of texts or a
// node, of which values of the input say just this.
func (d *Draft) Set(path diag.Path, value any, from ...*data.Node) {
	d.put(path, value, from)
	d.carryFirst(path, from)
	d.say(claim{verdict: Exact, becomes: path.String()}, from)
	switch value.(type) {
	case string, bool, int, int64:
		for _, n := range from {
			if n != nil && n.Kind >= data.List {
				d.whole(claim{verdict: Lost, why: "it is of another kind than such a value"}, []*data.Node{n})
			}
		}
	}
}

// Near is Set of what says nearly what the input says, and why only nearly.
func (d *Draft) Near(path diag.Path, value any, why string, from ...*data.Node) {
	d.put(path, value, from)
	d.carryFirst(path, from)
	d.say(claim{verdict: Approximated, becomes: path.String(), why: why}, from)
}

// Put is Set, where nil is a struct that may have fields already,
// without a word on the values of the input, and without the comment before them.
func (d *Draft) Put(path diag.Path, value any, from ...*data.Node) { d.put(path, value, from) }

// Said notes that values of the input are said just so by a field that is set.
func (d *Draft) Said(path diag.Path, from ...*data.Node) {
	d.say(claim{verdict: Exact, becomes: path.String()}, from)
}

// Nearly notes that values, and all below them, are nearly said by a field.
func (d *Draft) Nearly(path diag.Path, why string, from ...*data.Node) {
	d.whole(claim{verdict: Approximated, becomes: path.String(), why: why}, from)
}

// Holds notes that values, and all below them, hold anyway.
func (d *Draft) Holds(why string, from ...*data.Node) {
	d.whole(claim{verdict: Default, why: why}, from)
}

// Lose notes why values, and all below them, are lost.
func (d *Draft) Lose(why string, from ...*data.Node) {
	d.whole(claim{verdict: Lost, why: why}, from)
}

func (d *Draft) whole(c claim, from []*data.Node) {
	c.whole = true
	for _, n := range from {
		if n != nil {
			d.claim(n, c)
		}
	}
}

// claim notes what is said of a value. One that says several things has the worst verdict.
func (d *Draft) claim(n *data.Node, c claim) {
	n = d.origin(n)
	if old, ok := d.claims[n]; ok && worse[old.verdict] > worse[c.verdict] {
		return
	}
	d.claims[n] = c
}

// say claims scalars, and lists of them; what is deeper is claimed by itself.
func (d *Draft) say(c claim, from []*data.Node) {
	for _, n := range from {
		if n == nil {
			continue
		}
		d.claim(n, c)
		for _, e := range n.Elems {
			if len(e.Fields)+len(e.Elems) == 0 {
				d.claim(e, c)
			}
		}
	}
}

// Get returns the value of a field that is set, or nil.
func (d *Draft) Get(path diag.Path) *data.Node { return d.root.Find(path) }

// Delete takes a field away.
func (d *Draft) Delete(path diag.Path) { d.root = d.root.Without(path) }

func (d *Draft) put(path diag.Path, value any, from []*data.Node) {
	at := data.Pos{}
	for _, n := range from {
		if n != nil {
			at = n.At
			break
		}
	}
	node := nodeOf(value, at)
	in := d.root
	for _, e := range path[:len(path)-1] {
		f := in.Field(e)
		if f == nil {
			in.Fields = append(in.Fields, data.Field{Name: e, At: at, Value: &data.Node{Kind: data.Struct, At: at}})
			f = in.Field(e)
		}
		in = f.Value
	}
	if value == nil && in.Field(path[len(path)-1]) != nil {
		return // a struct that has fields already
	}
	in.Set(path[len(path)-1], at, node)
}

// nodeOf makes a node of a value.
func nodeOf(value any, at data.Pos) *data.Node {
	switch v := value.(type) {
	case *data.Node:
		if v == nil {
			return &data.Node{At: at}
		}
		return v
	case string:
		return &data.Node{Kind: data.String, Text: v, At: at}
	case bool:
		return &data.Node{Kind: data.Bool, Text: strconv.FormatBool(v), At: at}
	case int:
		return &data.Node{Kind: data.Int, Text: strconv.Itoa(v), At: at}
	case int64:
		return &data.Node{Kind: data.Int, Text: strconv.FormatInt(v, 10), At: at}
	case []string:
		n := &data.Node{Kind: data.List, At: at}
		for _, s := range v {
			n.Elems = append(n.Elems, nodeOf(s, at))
		}
		return n
	case nil:
		return &data.Node{Kind: data.Struct, At: at}
	}
	panic(fmt.Sprintf("a value of type %T has no node", value))
}

// Append adds an element to a list of the tenant.
func (d *Draft) Append(path diag.Path, element *data.Node) (index int) {
	list := d.Get(path)
	if list == nil {
		list = &data.Node{Kind: data.List, At: element.At}
		d.put(path, list, []*data.Node{element})
	}
	list.Elems = append(list.Elems, element)
	return len(list.Elems) - 1
}

// PortField sets a field of a port, which has its long form then.
func (d *Draft) PortField(path diag.Path, field string, value any, from *data.Node) {
	if n := d.Get(path); n != nil && n.Kind != data.Struct {
		d.put(path, Struct(n.At, "port", n), []*data.Node{from})
	}
	d.put(path.To(field), value, []*data.Node{from})
}

// Struct makes a struct of names and values, in turn, without those that are nil.
func Struct(at data.Pos, fields ...any) *data.Node {
	n := &data.Node{Kind: data.Struct, At: at}
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] != nil {
			n.Fields = append(n.Fields, data.Field{Name: fields[i].(string), At: at, Value: nodeOf(fields[i+1], at)})
		}
	}
	return n
}

// Carry has the comment before a value of the input stand before a field of the tenant.
func (d *Draft) Carry(path diag.Path, from *data.Node) { d.carry(path, from) }

func (d *Draft) carryFirst(path diag.Path, from []*data.Node) {
	for _, n := range from {
		if n != nil {
			d.carry(path, n)
			return
		}
	}
}

func (d *Draft) carry(path diag.Path, from *data.Node) {
	at, ok := d.keys[from]
	if !ok {
		at = from.At
	}
	src := d.sources[at.File()]
	if src == nil {
		return
	}
	line := at.Range().Line
	before, _, _ := strings.Cut(src.Line(line), "#")
	if first := strings.TrimLeft(before, " \t-"); len(before)-len(first) < at.Range().Column-1 {
		return // something else stands before it
	}
	var lines []string
	for line--; line > 0; line-- {
		text, ok := strings.CutPrefix(strings.TrimSpace(src.Line(line)), "#")
		if !ok {
			break
		}
		lines = append([]string{text}, lines...)
	}
	key := fmt.Sprint(at.File(), ":", line)
	if len(lines) == 0 || d.taken[key] {
		return
	}
	d.taken[key] = true
	d.comments[path.String()] = d.secrets.Hide(strings.Join(lines, "\n"), mask.Short)
}

// Claimed reports whether something is said of a value.
func (d *Draft) Claimed(n *data.Node) bool {
	_, ok := d.claims[d.origin(n)]
	return ok
}

// quote gives diagnostics the lines that they are about, without secrets.
func (d *Draft) quote(diags diag.List) {
	for i := range diags {
		if src := d.sources[diags[i].File]; src != nil && diags[i].Line > 0 {
			diags[i].Source = d.secrets.Hide(src.Line(diags[i].Line), mask.Short)
		}
	}
}

// finish sets what every tenant has, in the order in which fields are read.
func (d *Draft) finish() {
	if d.Options.ID != "" {
		d.put(diag.At("id"), d.Options.ID, nil)
	}
	provider := d.Options.Provider
	if provider == "" {
		provider = d.format.Provider
	}
	d.put(diag.At("provider"), provider, nil)
	d.keep()
	d.withhold(d.root, nil)
	order(d.root, nil)
}
