package load

import (
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// What an evaluation in another process is asked, and what it answers: values of
// encoding/gob.

// request is a unit to be evaluated, with the texts of its own files.
type request struct {
	Loader  int64 // that asks: what is known of directories is good for its time
	Unit    Unit
	Sources []file
	Tags    []string
	Limits  Limits
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

type wireNode struct {
	Kind   data.Kind
	Text   string
	Fields []wireField
	Elems  []wireNode
	At     wirePos
	Via    *wireVia
}

// wireVia is a [data.Via].
type wireVia struct {
	At   wirePos
	Name string
}

type wireField struct {
	Name  string
	At    wirePos
	Value wireNode
}

// wirePos is a place: bytes of a source, by its index counted from 1, or one that is
// known already. The zero wirePos is no place.
type wirePos struct {
	Source     int
	Start, End int
	Known      *diag.Range
}

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

func (p packer) pos(at data.Pos) wirePos {
	start, end, ok := at.Bytes()
	if i := p.index[at.File()]; ok && i > 0 {
		return wirePos{Source: i, Start: start, End: end}
	}
	if at.IsZero() {
		return wirePos{}
	}
	r := at.Range()
	return wirePos{Known: &r}
}

func (p packer) node(n *data.Node) wireNode {
	w := wireNode{Kind: n.Kind, Text: n.Text, At: p.pos(n.At)}
	if n.Via != nil {
		w.Via = &wireVia{p.pos(n.Via.At), n.Via.Name}
	}
	for _, f := range n.Fields {
		w.Fields = append(w.Fields, wireField{f.Name, p.pos(f.At), p.node(f.Value)})
	}
	for _, e := range n.Elems {
		w.Elems = append(w.Elems, p.node(e))
	}
	return w
}

// unpacker turns what was sent into trees.
type unpacker struct {
	sources []*data.Source
	data.Nodes
}

func (u *unpacker) pos(w wirePos) data.Pos {
	switch {
	case w.Known != nil:
		return data.PosOf(*w.Known)
	case w.Source > 0 && w.Source <= len(u.sources):
		return u.sources[w.Source-1].Pos(w.Start, w.End)
	}
	return data.Pos{}
}

func (u *unpacker) node(w *wireNode) *data.Node {
	n := u.New()
	n.Kind, n.Text, n.At = w.Kind, w.Text, u.pos(w.At)
	if w.Via != nil {
		n.Via = &data.Via{At: u.pos(w.Via.At), Name: w.Via.Name}
	}
	if len(w.Fields) > 0 {
		n.Fields = make([]data.Field, len(w.Fields))
		for i := range w.Fields {
			f := &w.Fields[i]
			n.Fields[i] = data.Field{Name: f.Name, At: u.pos(f.At), Value: u.node(&f.Value)}
		}
	}
	if len(w.Elems) > 0 {
		n.Elems = make([]*data.Node, len(w.Elems))
		for i := range w.Elems {
			n.Elems[i] = u.node(&w.Elems[i])
		}
	}
	return n
}
