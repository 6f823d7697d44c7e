// Package outline finds the fields of a spec's text: where their names and values are, also in a
// text that is being written and does not parse. It evaluates nothing: a template's fields are
// not those of the tenants that use it. It takes time in proportion to the text.
//
//	o := outline.Of("tenant.yaml", text)
//	n := o.At(offset)
//	fmt.Println(n.Path())
package outline

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Kind is the kind of a value, if the text shows it.
type Kind int

// The kinds.
const (
	None   Kind = iota // not written yet, or not a literal
	Scalar             // a number, a word, or a text
	Struct
	List
)

// Span is a part of a text: offsets in bytes, from Start up to but without End.
type Span struct{ Start, End int }

// Contains reports whether an offset is in the span or at its end.
func (s Span) Contains(offset int) bool { return s.Start <= offset && offset <= s.End }

// Node is a field, an element of a list, or a document.
type Node struct {
	Name     string // the key, without quotes; [0] for an element; "" for a document
	Key      Span   // with quotes; of an element, the beginning of its value
	Value    Span   // empty, at the end of the key, where nothing is written
	Kind     Kind
	Text     string // of a Scalar, without quotes
	Quoted   bool   // whether that has quotes
	Flow     bool   // whether the struct or list is in brackets
	Begins   int    // where the statement begins that the key is in: a: b: c: 1 is one
	Parent   *Node  // nil for a document
	Children []*Node

	depth int
}

// Outline is the fields of a text.
type Outline struct {
	Text      string
	Lang      string // cue, yaml or json
	Documents []*Node
}

// maxText is how many bytes of a text are looked at.
const maxText = 1 << 20

// Of returns the outline of a file's text. Its language is that of the file's name.
func Of(name, text string) *Outline {
	o := &Outline{Text: text, Lang: strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")}
	if len(text) > maxText {
		o.Documents = []*Node{{}}
		return o
	}
	switch o.Lang {
	case "yaml", "yml":
		o.Lang = "yaml"
		o.Documents = yamlDocuments(text)
	default:
		o.Documents = []*Node{cueDocument(text)}
	}
	return o
}

// Path returns the names that lead from the document to the node.
func (n *Node) Path() diag.Path {
	var path diag.Path
	for ; n != nil && n.Parent != nil; n = n.Parent {
		path = append(path, n.Name)
	}
	slices.Reverse(path)
	return path
}

// Child returns the field of that name, or nil; nil of nil.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Find returns the node at a path, or nil. A field that is written in several parts, as CUE
// allows, is its first part that leads on.
func (n *Node) Find(path diag.Path) *Node {
	if n == nil || len(path) == 0 {
		return n
	}
	for _, c := range n.Children {
		if c.Name == path[0] {
			if found := c.Find(path[1:]); found != nil {
				return found
			}
		}
	}
	return nil
}

// All returns the nodes at a path: of a field that is written in several parts, each.
func (n *Node) All(path ...string) []*Node {
	at := []*Node{n}
	for _, name := range path {
		var next []*Node
		for _, n := range at {
			for _, c := range n.Children {
				if c.Name == name || name == "*" {
					next = append(next, c)
				}
			}
		}
		at = next
	}
	return at
}

// Tenant returns the tenant that a node is in, which is a document or an entry of its field
// tenants, and the node's path from there.
func (n *Node) Tenant() (*Node, diag.Path) {
	path := n.Path()
	top := n
	for range path {
		top = top.Parent
	}
	if len(path) > 1 && path[0] == "tenants" && top.Child("id") == nil && top.Child("workloads") == nil {
		for n.Parent.Parent != top {
			n = n.Parent
		}
		return n, path[2:]
	}
	return top, path
}

// Document returns the document that an offset is in.
func (o *Outline) Document(offset int) *Node {
	found := o.Documents[0]
	for _, d := range o.Documents {
		if d.Key.Start <= offset {
			found = d
		}
	}
	return found
}

// At returns the deepest node whose key or value an offset is in; a document where there is none.
// onKey is whether it is the key.
func (o *Outline) At(offset int) (n *Node, onKey bool) {
	n = o.Document(offset)
	for {
		next := n.childAt(offset)
		if next == nil {
			return n, false
		}
		if n = next; n.Key.End > n.Key.Start && n.Key.Contains(offset) {
			return n, true
		}
	}
}

// childAt returns the child that an offset is in; the last of those that begin before it.
func (n *Node) childAt(offset int) *Node {
	for _, c := range slices.Backward(n.Children) {
		if c.Key.Start <= offset && offset <= max(c.Key.End, c.Value.End) {
			return c
		}
	}
	return nil
}

// maxDepth limits the depth of fields. Deeper ones count as fields of that depth.
const maxDepth = 100

// add adds a field or an element.
func (n *Node) add(name string, key Span, begins int) *Node {
	if n.depth >= maxDepth {
		n = n.Parent
	}
	c := &Node{depth: n.depth + 1, Name: name, Key: key, Value: Span{key.End, key.End}, Begins: begins, Parent: n}
	n.Children = append(n.Children, c)
	return c
}

// extend makes the values of a node and of what it is in reach to an offset.
func (n *Node) extend(end int) {
	for ; n != nil && n.Value.End < end; n = n.Parent {
		n.Value.End = end
	}
}
