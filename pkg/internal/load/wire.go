package load

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// The request to and response of an evaluation in a child process, encoded with encoding/gob.

// request is a unit to be evaluated, with the texts of its own files.
type request struct {
	Loader  int64 // the requesting loader, for which cached directories are valid
	Unit    find.Unit
	Sources []file
	Tags    []string
	Limits  limit.Limits
	Overlay []file // files that the unit may import or embed
}

// file is a file as it was read.
type file struct {
	Name string
	Text []byte
}

// response is the result of an evaluation.
type response struct {
	Documents   []wireNode
	Broken      []bool // for each document
	Diagnostics diag.List
	Tenants     int
	Sources     []file   // files that were read in addition to the unit's own
	Tags        []string // tags that were used
}

// wireNode is a tree in depth-first order. A struct for each node would cost 6 % of the
// processor time of 1,000 packages (measured 2026-11-29).
type wireNode struct {
	Numbers []int // kinds, counts and positions
	Texts   []string
	Known   []diag.Range // positions outside the sources
}

// A position is one of these numbers, or a source's index, counted from 1, followed by the
// offsets of its first byte and of the one after its last.
const (
	noPlace    = 0
	knownPlace = -1
)

// packer encodes trees.
type packer struct {
	index map[string]int // of the sources, counted from 1
}

func newPacker(sources []file) packer {
	p := packer{map[string]int{}}
	for i, s := range sources {
		p.index[s.Name] = i + 1
	}
	return p
}

func (p packer) node(n *data.Node) wireNode {
	var w wireNode
	p.add(&w, n)
	return w
}

func (p packer) add(w *wireNode, n *data.Node) {
	w.Numbers = append(w.Numbers, int(n.Kind))
	w.Texts = append(w.Texts, n.Text)
	p.pos(w, n.At)
	if n.Via == nil {
		w.Numbers = append(w.Numbers, 0)
	} else {
		w.Numbers = append(w.Numbers, 1)
		w.Texts = append(w.Texts, n.Via.Name)
		p.pos(w, n.Via.At)
	}
	w.Numbers = append(w.Numbers, len(n.Fields), len(n.Elems))
	for _, f := range n.Fields {
		w.Texts = append(w.Texts, f.Name)
		p.pos(w, f.At)
		p.add(w, f.Value)
	}
	for _, e := range n.Elems {
		p.add(w, e)
	}
}

func (p packer) pos(w *wireNode, at data.Pos) {
	start, end, ok := at.Bytes()
	switch i := p.index[at.File()]; {
	case ok && i > 0:
		w.Numbers = append(w.Numbers, i, start, end)
	case at.IsZero():
		w.Numbers = append(w.Numbers, noPlace)
	default:
		w.Numbers = append(w.Numbers, knownPlace)
		w.Known = append(w.Known, at.Range())
	}
}

// unpacker decodes trees.
type unpacker struct {
	sources []*data.Source
	data.Nodes
}

// node decodes the next tree of w, and removes it.
func (u *unpacker) node(w *wireNode) *data.Node {
	n := u.New()
	n.Kind, n.Text, n.At = data.Kind(w.number()), w.text(), u.pos(w)
	if w.number() == 1 {
		n.Via = &data.Via{Name: w.text(), At: u.pos(w)}
	}
	fields, elems := w.number(), w.number()
	if fields > 0 {
		n.Fields = make([]data.Field, fields)
		for i := range n.Fields {
			n.Fields[i] = data.Field{Name: w.text(), At: u.pos(w), Value: u.node(w)}
		}
	}
	if elems > 0 {
		n.Elems = make([]*data.Node, elems)
		for i := range n.Elems {
			n.Elems[i] = u.node(w)
		}
	}
	return n
}

func (u *unpacker) pos(w *wireNode) data.Pos {
	switch source := w.number(); source {
	case noPlace:
		return data.Pos{}
	case knownPlace:
		at := w.Known[0]
		w.Known = w.Known[1:]
		return data.PosOf(at)
	default:
		return u.sources[source-1].Pos(w.number(), w.number())
	}
}

func (w *wireNode) number() int {
	n := w.Numbers[0]
	w.Numbers = w.Numbers[1:]
	return n
}

func (w *wireNode) text() string {
	text := w.Texts[0]
	w.Texts = w.Texts[1:]
	return text
}
