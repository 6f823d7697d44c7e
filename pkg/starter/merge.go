package starter

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// merge applies a patch to a mapping as in RFC 7396: mappings are merged, null removes a field,
// any other value replaces the old one. A comment of the patch replaces the old one. A new
// field is inserted before the field that follows it in the patch, or else appended.
func merge(into, patch *yaml.Node) {
	before := len(into.Content)
	for i := len(patch.Content) - 2; i >= 0; i -= 2 {
		key, value := patch.Content[i], patch.Content[i+1]
		at, old := field(into, key.Value)
		switch {
		case value.Tag == "!!null":
			if old != nil {
				into.Content = slices.Delete(into.Content, at, at+2)
				before = at
			}
			continue
		case old == nil:
			at = before
			into.Content = slices.Insert(into.Content, at, copied(key), copied(value))
		case old.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			merge(old, value)
		default:
			into.Content[at+1] = copied(value)
		}
		if key.HeadComment != "" {
			into.Content[at].HeadComment = key.HeadComment
		}
		before = at
	}
}

// field returns the index of a mapping's field, and its value, nil if it is missing.
func field(n *yaml.Node, name string) (int, *yaml.Node) {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return i, n.Content[i+1]
		}
	}
	return 0, nil
}

// copied returns a copy of a tree, for later patches to change.
func copied(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, inner := range n.Content {
		c.Content[i] = copied(inner)
	}
	return &c
}
