package load

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// What an evaluation in another process is asked, and what it answers: values of
// encoding/gob.

// request is a unit to be evaluated, with the texts of its own files.
type request struct {
	Loader  int64 // that asks: what is known of directories is good for its time
	Unit    find.Unit
	Sources []file
	Tags    []string
	Limits  limit.Limits
	Overlay []file // of what the unit may import or embed
}

// file is a file as it was read.
type file struct {
	Name string
	Text []byte
}

// response is what a unit came down to.
type response struct {
	Documents   []wireNode
	Broken      []bool // of each document
	Diagnostics diag.List
	Tenants     int
	Sources     []file   // those that were read beside the unit's own
	Tags        []string // those that were asked for
}

// wireNode is a tree in one piece, in the order in which a walk meets its parts. A struct for
// each node would cost 6 % of the processor time of 1,000 packages (measured 2026-11-29).
type wireNode struct {
	Numbers []int // kinds, counts and places
	Texts   []string
	Known   []diag.Range // places that are not in one of the sources
}

// A place is one of these numbers, or the index of a source counted from 1 and then the
// offsets of its first byte and of the one after its last.
const (
	noPlace    = 0
	knownPlace = -1
)

// packer turns trees into what is sent.
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

// unpacker turns what was sent into trees.
type unpacker struct {
	sources []*data.Source
	data.Nodes
}

// node returns a tree and takes it out of w.
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
