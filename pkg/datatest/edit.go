// Package datatest makes the data of tests that hold two judges to one verdict: random
// edits of real tenants, written in each language.
package datatest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Edit returns a copy of a tenant with one random mistake, or change that is none: a
// value dropped, renamed, retyped, mangled, added, or taken from another tenant.
func Edit(r *rand.Rand, tenant *data.Node, others []*data.Node) *data.Node {
	n := clone(tenant)
	structs := collect(n, hasFields)
	s := structs[r.IntN(len(structs))]
	f := &s.Fields[r.IntN(len(s.Fields))]
	switch r.IntN(7) {
	case 0:
		s.Fields = slices.DeleteFunc(s.Fields, func(o data.Field) bool { return o.Name == f.Name })
	case 1:
		if name := misspell(r, f.Name); s.Field(name) == nil {
			f.Name = name
		}
	case 2:
		f.Value = anything(r)
	case 3:
		s.Set([]string{"extra", "kind", "type", "operator", "é"}[r.IntN(5)], data.Pos{}, anything(r))
	case 4:
		if scalars := collect(n, isScalar); len(scalars) > 0 {
			mangle(r, scalars[r.IntN(len(scalars))])
		}
	case 5:
		from := collect(others[r.IntN(len(others))], hasFields)
		g := from[r.IntN(len(from))]
		take := g.Fields[r.IntN(len(g.Fields))]
		s.Set(take.Name, data.Pos{}, clone(take.Value))
	case 6:
		f.Value = &data.Node{Kind: data.String, Text: placeholder(r.IntN(1000))}
	}
	return n
}

func hasFields(n *data.Node) bool { return n.Kind == data.Struct && len(n.Fields) > 0 }

func isScalar(n *data.Node) bool {
	return n.Kind == data.String || n.Kind == data.Int || n.Kind == data.Float || n.Kind == data.Bool
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
	if name == "" {
		return "x"
	}
	b := []byte(name)
	switch i := r.IntN(len(b)); r.IntN(4) {
	case 0:
		return strings.ToValidUTF8(name[:i]+name[i+1:]+"x", "")
	case 1:
		return strings.ToUpper(name)
	case 2:
		return name + "ü"
	default:
		b[i], b[0] = b[0], b[i]
		return strings.ToValidUTF8(string(b), "")
	}
}

func mangle(r *rand.Rand, v *data.Node) {
	switch v.Kind {
	case data.Int:
		v.Text = []string{"0", "-1", "1", "65535", "65536", "2147483648", "99999999999999999999"}[r.IntN(7)]
	case data.Float:
		v.Text = []string{"0.0", "-1.5", "0.0001", "99999.5", "1.0"}[r.IntN(5)]
	case data.String:
		t := v.Text
		v.Text = []string{
			"", t + " ", strings.ToUpper(t), "-" + t, t + t, "512MB", "10", "a.b", "1h2m3s", "0s", "0.5", "25%", "101%",
			"/", "/a/..", "*.a.b", "line\nline", "é", "service", "always", "true",
		}[r.IntN(21)]
	}
}

func anything(r *rand.Rand) *data.Node {
	return []*data.Node{
		{Kind: data.Null},
		{Kind: data.Bool, Text: "true"},
		{Kind: data.Int, Text: "7"},
		{Kind: data.Float, Text: "1.5"},
		{Kind: data.String, Text: "text"},
		{Kind: data.List},
		{Kind: data.List, Elems: []*data.Node{{Kind: data.String, Text: "text"}, {Kind: data.Int, Text: "1"}}},
		{Kind: data.Struct},
		{Kind: data.Struct, Fields: []data.Field{{Name: "port", Value: &data.Node{Kind: data.Int, Text: "80"}}}},
		{Kind: data.Struct, Fields: []data.Field{{Name: "secret", Value: &data.Node{Kind: data.String, Text: "db"}}}},
	}[r.IntN(10)]
}

// placeholder stands for a hostile scalar, which [Write] puts in its place as it is.
func placeholder(i int) string { return fmt.Sprintf("@@%d@@", i) }
