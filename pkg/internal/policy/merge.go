package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// merge merges the values of several policies: a value takes precedence over another policy's
// default. It returns the conflicts between different values, and between different defaults.
func merge(all []supply) (merged []supply, conflicts []conflict) {
	index := make(map[string]int, len(all))
	for _, s := range all {
		key := strings.Join(s.path, "\x00")
		i, ok := index[key]
		if !ok {
			index[key] = len(merged)
			merged = append(merged, s)
			continue
		}
		have := &merged[i]
		switch {
		case have.value.Kind == data.Struct && s.value.Kind == data.Struct:
		case same(have.value, s.value):
			have.byDefault = have.byDefault && s.byDefault
		case have.byDefault && !s.byDefault:
			*have = s
		case !have.byDefault && s.byDefault:
		default:
			conflicts = append(conflicts, conflict{*have, s})
		}
	}
	return merged, slices.DeleteFunc(conflicts, func(c conflict) bool {
		final := merged[index[strings.Join(c.first.path, "\x00")]]
		return c.first.byDefault && !final.byDefault
	})
}

// conflict is a pair of different values for one path.
type conflict struct{ first, second supply }

// sameSupplies reports whether two rounds supply the same values, in any order.
func sameSupplies(a, b []supply) bool {
	return slices.EqualFunc(a, b, sameSupply) ||
		len(a) == len(b) && !slices.ContainsFunc(a, func(s supply) bool { return !containsSupply(b, s) })
}

func sameSupply(a, b supply) bool {
	return slices.Equal(a.path, b.path) && (a.value.Kind == data.Struct && b.value.Kind == data.Struct || same(a.value, b.value))
}

// builder sets values in a tree, and copies the nodes that it changes. Values for one struct
// are consecutive, so a node is rarely copied twice.
type builder struct {
	path diag.Path    // path of the previous value
	way  []*data.Node // the copied nodes along it, from the root
	room []data.Node  // spare nodes for copies
}

// apply returns the tree with the supplied values. It returns an error for a value that cannot
// be set, or if the tree is no superset of the author's, which is a mistake of this program.
func apply(author *data.Node, supplied []supply) (*data.Node, error) {
	if len(supplied) == 0 {
		return author, nil
	}
	var b builder
	b.way = append(make([]*data.Node, 0, 8), b.copy(author))
	for _, s := range supplied {
		if !b.put(s) {
			return nil, fmt.Errorf("%s cannot be supplied to what is in its short form", s.path)
		}
	}
	if lost := uncovered(b.way[0], author); lost != nil {
		return nil, fmt.Errorf("supplying loses %s", lost)
	}
	return b.way[0], nil
}

func (b *builder) copy(n *data.Node) *data.Node {
	if len(b.room) == 0 {
		b.room = make([]data.Node, 8)
	}
	c := &b.room[0]
	b.room = b.room[1:]
	*c = *n
	c.Fields = append(make([]data.Field, 0, len(n.Fields)+4), n.Fields...)
	c.Elems = slices.Clone(n.Elems)
	return c
}

// put sets a value if the path has none. It returns false if the path's parent does not exist.
func (b *builder) put(s supply) bool {
	same := 0
	for same < len(b.way)-1 && same < len(s.path)-1 && s.path[same] == b.path[same] {
		same++
	}
	b.path, b.way = s.path, b.way[:same+1]
	for i := same; i < len(s.path); i++ {
		n, e, last := b.way[i], s.path[i], i == len(s.path)-1
		if n.Kind == data.List {
			at := slices.Index(n.Elems, n.Find(diag.Path{e}))
			if at < 0 || last {
				return false
			}
			n.Elems[at] = b.copy(n.Elems[at])
			b.way = append(b.way, n.Elems[at])
			continue
		}
		if n.Kind != data.Struct {
			return false
		}
		field := n.Field(e)
		switch {
		case field != nil && last:
		case field != nil:
			field.Value = b.copy(field.Value)
			b.way = append(b.way, field.Value)
		default:
			value := s.value
			if !last {
				value = nothing
			}
			if value.Kind == data.Struct {
				value = b.copy(value)
				if value.At.IsZero() {
					value.At = s.at
				}
				b.way = append(b.way, value)
			}
			n.Fields = append(n.Fields, data.Field{Name: e, At: s.at, Value: value})
		}
	}
	return true
}

// uncovered returns the path of an author's value that a tree lacks, or nil.
func uncovered(tree, author *data.Node) diag.Path {
	if tree == author {
		return nil
	}
	if tree == nil || tree.Kind != author.Kind || len(tree.Elems) != len(author.Elems) || tree.Text != author.Text {
		return diag.Path{"the tenant"}
	}
	for i, f := range author.Fields {
		// Supplied fields follow the author's own.
		if i >= len(tree.Fields) || tree.Fields[i].Name != f.Name {
			return diag.Path{"the tenant", f.Name}
		}
		if lost := uncovered(tree.Fields[i].Value, f.Value); lost != nil {
			return slices.Insert(lost, 1, f.Name)
		}
	}
	for i, e := range author.Elems {
		if lost := uncovered(tree.Elems[i], e); lost != nil {
			return slices.Insert(lost, 1, diag.Index(i))
		}
	}
	return nil
}
