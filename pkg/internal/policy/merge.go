package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// merge puts together what policies supply: a value takes precedence over another policy's
// default. It returns the conflicts of values, and of defaults, that differ.
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

// conflict is two policies that supply different values.
type conflict struct{ first, second supply }

// sameSupplies reports whether two rounds supply the same, in any order.
func sameSupplies(a, b []supply) bool {
	return slices.EqualFunc(a, b, sameSupply) ||
		len(a) == len(b) && !slices.ContainsFunc(a, func(s supply) bool { return !containsSupply(b, s) })
}

func sameSupply(a, b supply) bool {
	return slices.Equal(a.path, b.path) && (a.value.Kind == data.Struct && b.value.Kind == data.Struct || same(a.value, b.value))
}

// builder puts values into a tree, of which it copies what it changes.
type builder struct{ copied map[*data.Node]bool }

// apply returns the tree with what is supplied. An error is of what cannot be; or it means
// that the tree would not be a superset of the author's, a mistake of this program.
func apply(author *data.Node, supplied []supply) (*data.Node, error) {
	if len(supplied) == 0 {
		return author, nil
	}
	b := builder{map[*data.Node]bool{}}
	root := b.copy(author)
	for _, s := range supplied {
		if !b.put(root, s) {
			return nil, fmt.Errorf("%s cannot be supplied to what is in its short form", s.path)
		}
	}
	if lost := uncovered(root, author, nil); lost != nil {
		return nil, fmt.Errorf("supplying loses %s", lost)
	}
	return root, nil
}

func (b *builder) copy(n *data.Node) *data.Node {
	if b.copied[n] {
		return n
	}
	c := *n
	c.Fields = append(make([]data.Field, 0, len(n.Fields)+4), n.Fields...)
	c.Elems = slices.Clone(n.Elems)
	b.copied[&c] = true
	return &c
}

// put sets a value, unless there is one. It returns false where there is no place for it.
func (b *builder) put(n *data.Node, s supply) bool {
	for i, e := range s.path {
		last := i == len(s.path)-1
		if n.Kind == data.List {
			at := slices.Index(n.Elems, n.Find(diag.Path{e}))
			if at < 0 || last {
				return false
			}
			n.Elems[at] = b.copy(n.Elems[at])
			n = n.Elems[at]
			continue
		}
		if n.Kind != data.Struct {
			return false
		}
		field := n.Field(e)
		switch {
		case field == nil && last:
			value := s.value
			if value.Kind == data.Struct {
				value = b.copy(value)
			}
			n.Fields = append(n.Fields, data.Field{Name: e, At: s.at, Value: value})
			return true
		case field == nil:
			made := b.copy(&data.Node{Kind: data.Struct, At: s.at})
			n.Fields = append(n.Fields, data.Field{Name: e, At: s.at, Value: made})
			n = made
		default:
			field.Value = b.copy(field.Value)
			n = field.Value
		}
	}
	return true
}

// uncovered returns the path of a value of the author's that a tree does not have, or nil.
func uncovered(tree, author *data.Node, at diag.Path) diag.Path {
	if tree == author {
		return nil
	}
	if tree == nil || tree.Kind != author.Kind || len(tree.Elems) != len(author.Elems) || tree.Text != author.Text {
		return append(diag.Path{"the tenant"}, at...)
	}
	for i, f := range author.Fields {
		// What is supplied comes after the author's own.
		if i >= len(tree.Fields) || tree.Fields[i].Name != f.Name {
			return at.To(f.Name)
		}
		if lost := uncovered(tree.Fields[i].Value, f.Value, append(at, f.Name)); lost != nil {
			return lost
		}
	}
	for i, e := range author.Elems {
		if lost := uncovered(tree.Elems[i], e, append(at, diag.Index(i))); lost != nil {
			return lost
		}
	}
	return nil
}
