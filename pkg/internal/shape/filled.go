package shape

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// copies copies structs and lists so that defaults can be filled in.
type copies struct{ data.Nodes }

// withFields returns a copy whose fields can be replaced, with capacity for more.
func (c *copies) withFields(n *data.Node, more int) *data.Node {
	out := c.New()
	*out = *n
	out.Fields = append(c.Room(len(n.Fields)+more), n.Fields...)
	return out
}

// withElems returns a copy whose elements can be replaced.
func (c *copies) withElems(n *data.Node) *data.Node {
	out := c.New()
	*out = *n
	out.Elems = slices.Clone(n.Elems)
	return out
}
