package compile_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// edit returns a copy of a tenant with one random mistake, or change that is none: a
// value dropped, renamed, retyped, added, or taken from another tenant.
func edit(r *rand.Rand, tenant *data.Node, others []*data.Node) *data.Node {
	n := clone(tenant)
	structs := collect(n, func(n *data.Node) bool { return n.Kind == data.Struct && len(n.Fields) > 0 })
	s := structs[r.IntN(len(structs))]
	f := &s.Fields[r.IntN(len(s.Fields))]
	switch r.IntN(6) {
	case 0:
		s.Fields = slices.DeleteFunc(s.Fields, func(o data.Field) bool { return o.Name == f.Name })
	case 1:
		if name := misspell(r, f.Name); s.Field(name) == nil {
			f.Name = name
		}
	case 2:
		f.Value = anything(r)
	case 3:
		s.Set("extra", diag.Range{}, anything(r))
	case 4:
		scalars := collect(n, func(n *data.Node) bool { return n.Kind == data.String || n.Kind == data.Int })
		v := scalars[r.IntN(len(scalars))]
		if v.Kind == data.Int {
			v.Text = []string{"0", "-1", "65536", "99999999999"}[r.IntN(4)]
		} else {
			v.Text = mangle(r, v.Text)
		}
	case 5:
		from := collect(others[r.IntN(len(others))], func(n *data.Node) bool { return n.Kind == data.Struct && len(n.Fields) > 0 })
		g := from[r.IntN(len(from))]
		take := g.Fields[r.IntN(len(g.Fields))]
		s.Set(take.Name, diag.Range{}, clone(take.Value))
	}
	return n
}

func clone(n *data.Node) *data.Node {
	m := *n
	m.Fields, m.Elems = slices.Clone(n.Fields), slices.Clone(n.Elems)
	for i := range m.Fields {
		m.Fields[i].Value = clone(m.Fields[i].Value)
	}
	for i := range m.Elems {
		m.Elems[i] = clone(m.Elems[i])
	}
	return &m
}

func collect(n *data.Node, keep func(*data.Node) bool) []*data.Node {
	var all []*data.Node
	if keep(n) {
		all = append(all, n)
	}
	for _, f := range n.Fields {
		all = append(all, collect(f.Value, keep)...)
	}
	for _, e := range n.Elems {
		all = append(all, collect(e, keep)...)
	}
	return all
}

func misspell(r *rand.Rand, name string) string {
	b := []byte(name)
	switch i := r.IntN(len(b)); r.IntN(3) {
	case 0:
		return name[:i] + name[i+1:] + "x"
	case 1:
		return strings.ToUpper(name)
	default:
		b[i], b[0] = b[0], b[i]
		return string(b)
	}
}

func mangle(r *rand.Rand, text string) string {
	return []string{"", text + " ", strings.ToUpper(text), "-" + text, text + text, "512MB", "10", "a.b"}[r.IntN(8)]
}

func anything(r *rand.Rand) *data.Node {
	return []*data.Node{
		{Kind: data.Null},
		{Kind: data.Bool, Text: "true"},
		{Kind: data.Int, Text: "7"},
		{Kind: data.Float, Text: "1.5"},
		{Kind: data.String, Text: "text"},
		{Kind: data.List, Elems: []*data.Node{{Kind: data.String, Text: "text"}}},
		{Kind: data.Struct},
		{Kind: data.Struct, Fields: []data.Field{{Name: "port", Value: &data.Node{Kind: data.Int, Text: "80"}}}},
	}[r.IntN(8)]
}
