package importer

import (
	"fmt"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Flatten gives the facts of a tree, each by the path of its value below key. KeyOf names a
// field, or an element of a list by what it holds; "" leaves it out. A list of single values is
// one fact.
func Flatten(key string, n *data.Node, keyOf func(path, name string, value *data.Node) string, add func(Fact)) {
	switch {
	case n == nil || n.Kind == data.Null:
	case n.Kind == data.Struct:
		for _, f := range n.Fields {
			if name := keyOf(key, f.Name, f.Value); name != "" {
				Flatten(key+"/"+name, f.Value, keyOf, add)
			}
		}
	case n.Kind == data.List:
		if value, ok := listOf(n); ok {
			add(Fact{key, value, n})
			for _, e := range n.Elems {
				add(Fact{key, value, e})
			}
			return
		}
		for i, e := range n.Elems {
			if name := keyOf(key, strconv.Itoa(i), e); name != "" {
				Flatten(key+"/"+name, e, keyOf, add)
			}
		}
	default:
		add(Fact{key, n.Text, n})
	}
}

// listOf is a list of single values in one text.
func listOf(n *data.Node) (string, bool) {
	var list []string
	for _, e := range n.Elems {
		if len(e.Fields)+len(e.Elems) > 0 || e.Kind == data.Struct {
			return "", false
		}
		list = append(list, e.Text)
	}
	return fmt.Sprintf("%q", list), len(list) > 0
}

// Leaves returns the values below a node that hold no others, or the node itself.
func Leaves(n *data.Node) (all []*data.Node) {
	if len(n.Fields)+len(n.Elems) == 0 {
		return []*data.Node{n}
	}
	for _, f := range n.Fields {
		all = append(all, Leaves(f.Value)...)
	}
	for _, e := range n.Elems {
		all = append(all, Leaves(e)...)
	}
	return all
}
