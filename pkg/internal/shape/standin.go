package shape

import (
	"slices"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
)

// StandIn returns a value that the schema admits at a path, as a replacement for a wrong one
// while the rest of a tenant is checked: its default, one of its constants, the example of its
// comment, or a struct of required fields. It is nil if there is none. optional is whether the
// field at the path may be left out.
func (s *Shape) StandIn(path diag.Path) (value *data.Node, optional bool) {
	ts, optional := s.Tenant, false
	for _, name := range path {
		ts, optional = ts.below(name)
	}
	if len(ts) == 0 {
		return nil, true
	}
	return ts.standIn(0), optional
}

// below returns the types of a field, an entry or an element, and whether it may be left out.
func (ts Types) below(name string) (types Types, optional bool) {
	optional = true
	for _, s := range ts.fields() {
		if s.Name == name {
			types = append(types, s.Types...)
			optional = optional && !s.required()
		}
	}
	if len(types) > 0 {
		return types, optional
	}
	return ts.entries(), true
}

// maxStandIn limits the depth of a stand-in.
const maxStandIn = 6

func (ts Types) standIn(depth int) *data.Node {
	for _, n := range ts.samples(depth) {
		if ts.Admits(n) {
			return n
		}
	}
	return nil
}

// samples returns values that types may admit, the most likely first.
func (ts Types) samples(depth int) []*data.Node {
	var all []*data.Node
	add := func(kind data.Kind, text string) { all = append(all, &data.Node{Kind: kind, Text: text}) }
	if d := ts.Default(); d != nil {
		all = append(all, d)
	}
	for _, t := range ts {
		all = append(all, t.Enum...)
		if t.Example != "" {
			if quoted, err := strconv.Unquote(t.Example); err == nil {
				add(data.String, quoted)
			}
			add(data.String, t.Example)
			if n, err := decimal.Parse(t.Example); err == nil {
				all = append(all, &n)
			}
		}
	}
	for _, t := range ts {
		for _, alt := range t.Union {
			if depth < maxStandIn {
				all = append(all, alt.samples(depth+1)...)
			}
		}
	}
	add(data.String, "a")
	add(data.Int, "1")
	add(data.Bool, "true")
	if depth < maxStandIn {
		all = append(all, ts.structSample(depth))
	}
	return append(all, &data.Node{Kind: data.List})
}

// structSample returns a struct of the required fields.
func (ts Types) structSample(depth int) *data.Node {
	n := &data.Node{Kind: data.Struct}
	for _, t := range ts {
		if t.Struct == nil {
			continue
		}
		for _, f := range t.Struct.Fields {
			if f.Presence != Required || n.Field(f.Name) != nil {
				continue
			}
			if v := f.Types.standIn(depth + 1); v != nil {
				n.Set(f.Name, data.Pos{}, v)
			}
		}
		if len(t.Struct.Patterns) == 0 || !slices.ContainsFunc(ts, func(t *Type) bool {
			return slices.ContainsFunc(t.Bounds, func(b Bound) bool { return b.Op == MinFields })
		}) {
			continue
		}
		p := t.Struct.Patterns[0]
		key, value := p.Key.standIn(depth+1), p.Value.standIn(depth+1)
		if key != nil && key.Kind == data.String && value != nil && len(n.Fields) == 0 {
			n.Set(key.Text, data.Pos{}, value)
		}
	}
	return n
}
