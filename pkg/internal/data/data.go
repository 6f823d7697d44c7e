// Package data is located data: what an author wrote in CUE, YAML or JSON, as plain values with
// their positions.
package data

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds, as CUE has them.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Bytes
	List
	Struct
	Unknown // a value that could not be evaluated, and whose mistake is already reported
)

// UnknownPart is the name of a field that represents a struct's unknown fields.
const UnknownPart = ""

var kindNames = [...]string{"null", "bool", "int", "number", "string", "bytes", "list", "struct", "unknown"}

// String returns the kind's name, as diagnostics print it.
func (k Kind) String() string { return kindNames[k] }

// Node is a value and its position.
type Node struct {
	Kind Kind

	// Text is a scalar's value: a string's text, a number's plain literal (as CUE
	// writes it, without underscores or multipliers), true or false.
	Text string

	Fields []Field // of a Struct, in the author's order, names unique
	Elems  []*Node // of a List

	At Pos

	// Via is the template's field through which an author's parameter reaches the tenant. Nil
	// for a value that the author writes directly.
	Via *Via
}

// Via is a field whose value is written elsewhere.
type Via struct {
	At   Pos    // the field's name
	Name string // the definition that the field is in, such as tpl.#Web; may be empty
}

// Field is one entry of a struct. At is the position of its key.
type Field struct {
	Name  string
	At    Pos
	Value *Node
}

// Field returns the entry of that name, or nil. It is nil on a nil node, so
// look-ups chain.
func (n *Node) Field(name string) *Field {
	if n == nil {
		return nil
	}
	for i := range n.Fields {
		if n.Fields[i].Name == name {
			return &n.Fields[i]
		}
	}
	return nil
}

// Names returns the names of a struct's fields, in their order.
func (n *Node) Names() []string {
	if n == nil {
		return nil
	}
	names := make([]string, len(n.Fields))
	for i, f := range n.Fields {
		names[i] = f.Name
	}
	return names
}

// Get returns the value at the keys, or nil where a key is missing.
func (n *Node) Get(keys ...string) *Node {
	for _, k := range keys {
		f := n.Field(k)
		if f == nil {
			return nil
		}
		n = f.Value
	}
	return n
}

// TextAt returns the text of the scalar at the keys, "" where there is none.
func (n *Node) TextAt(keys ...string) string {
	if v := n.Get(keys...); v != nil && len(v.Fields)+len(v.Elems) == 0 {
		return v.Text
	}
	return ""
}

// Find returns the value at a path, or nil where the path does not exist.
func (n *Node) Find(p diag.Path) *Node {
	for _, e := range p {
		switch {
		case n == nil:
			return nil
		case n.Kind == List:
			n = n.elem(e)
		case n.Field(e) != nil:
			n = n.Field(e).Value
		default:
			return nil
		}
	}
	return n
}

// Without returns the tree without the value at a path. Nodes along the path are copied, the
// rest is shared. It returns n itself where the path does not exist.
func (n *Node) Without(p diag.Path) *Node {
	if len(p) == 0 || n.Find(p) == nil {
		return n
	}
	m := *n
	m.Fields, m.Elems = slices.Clone(n.Fields), slices.Clone(n.Elems)
	if n.Kind == List {
		i := slices.Index(n.Elems, n.elem(p[0]))
		if len(p) == 1 {
			m.Elems = slices.Delete(m.Elems, i, i+1)
		} else {
			m.Elems[i] = n.Elems[i].Without(p[1:])
		}
		return &m
	}
	if len(p) == 1 {
		m.Fields = slices.DeleteFunc(m.Fields, func(f Field) bool { return f.Name == p[0] })
		return &m
	}
	f := m.Field(p[0])
	f.Value = f.Value.Without(p[1:])
	return &m
}

// With returns the tree with the value at a path set or replaced. Nodes along the path are
// copied, the rest is shared. It returns n itself where the path's parent does not exist.
func (n *Node) With(p diag.Path, value *Node) *Node {
	if len(p) == 0 {
		return value
	}
	m := *n
	switch n.Kind {
	case List:
		i := slices.Index(n.Elems, n.elem(p[0]))
		if i < 0 {
			return n
		}
		m.Elems = slices.Clone(n.Elems)
		m.Elems[i] = n.Elems[i].With(p[1:], value)
	case Struct:
		f := n.Field(p[0])
		if f == nil && len(p) > 1 {
			return n
		}
		m.Fields = slices.Clone(n.Fields)
		if f == nil {
			m.Fields = append(m.Fields, Field{Name: p[0], At: n.At, Value: value})
		} else {
			m.Field(p[0]).Value = f.Value.With(p[1:], value)
		}
	default:
		return n
	}
	return &m
}

// Set sets or replaces the value of a key.
func (n *Node) Set(name string, at Pos, v *Node) {
	if f := n.Field(name); f != nil {
		f.Value, f.At = v, at
		return
	}
	n.Fields = append(n.Fields, Field{Name: name, At: at, Value: v})
}

// Locate follows a path to the deepest node that exists.
func (n *Node) Locate(p diag.Path) diag.Place {
	key, value, found := n.follow(p)
	return diag.Place{Key: key.Range(), Value: value.Range(), Found: found}
}

// Walk calls yield with the path of each value below a path, until yield returns false.
func (n *Node) Walk(at diag.Path, yield func(diag.Path) bool) bool {
	if len(at) > 0 && !yield(at) {
		return false
	}
	for _, f := range n.Fields {
		if !f.Value.Walk(at.To(f.Name), yield) {
			return false
		}
	}
	for i, e := range n.Elems {
		if !e.Walk(at.To(i), yield) {
			return false
		}
	}
	return true
}

// Deepest returns the deepest existing node on a path, and the position of its key.
func (n *Node) Deepest(p diag.Path) (key Pos, deepest *Node) {
	key, _, _ = n.follow(p)
	for _, e := range p {
		next := n.Find(diag.Path{e})
		if next == nil {
			break
		}
		n = next
	}
	return key, n
}

// LocateKey returns the Key of [Node.Locate].
func (n *Node) LocateKey(p diag.Path) diag.Range {
	key, _, _ := n.follow(p)
	return key.Range()
}

func (n *Node) follow(p diag.Path) (key, value Pos, found bool) {
	key, value, found = n.At, n.At, true
	for _, e := range p {
		if f := n.Field(e); n.Kind == Struct && f != nil {
			n = f.Value
			key, value = f.At, n.At
		} else if elem := n.elem(e); n.Kind == List && elem != nil {
			n = elem
			key, value = n.At, n.At
		} else {
			found = false
			break
		}
	}
	return key, value, found
}

func (n *Node) elem(e string) *Node {
	s, _ := strings.CutPrefix(e, "[")
	s, _ = strings.CutSuffix(s, "]")
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 || i >= len(n.Elems) {
		return nil
	}
	return n.Elems[i]
}

// Locate copies positions, and the author's spelling of numbers, from the author's tree to the
// matching values of a tree.
func Locate(tree, author *Node) {
	var find Finder
	find.locate(tree, author)
}

func (x *Finder) locate(tree, author *Node) {
	tree.At, tree.Via = author.At, author.Via
	if tree.Kind == Float && author.Kind == Float {
		tree.Text = author.Text
	}
	for i := range tree.Fields {
		f := &tree.Fields[i]
		if from := x.Field(author, f.Name); from != nil {
			f.At = from.At
			x.locate(f.Value, from.Value)
		}
	}
	for i, e := range tree.Elems {
		if i < len(author.Elems) {
			x.locate(e, author.Elems[i])
		}
	}
}

// Negated returns the number with the opposite sign. Zero has no sign, as in CUE.
func (n Node) Negated() Node {
	if len(n.Text) > 0 && n.Text[0] == '-' {
		n.Text = n.Text[1:]
	} else if strings.Trim(n.Text, "0.") != "" {
		n.Text = "-" + n.Text
	}
	return n
}
