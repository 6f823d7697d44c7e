package shape

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/data"
)

// copies are the copies of structs and lists that defaults are filled into.
type copies struct {
	nodes  pages[data.Node]
	fields pages[data.Field]
}

// again gives up all copies: their memory serves the next.
func (c *copies) again() { c.nodes.used, c.fields.used = 0, 0 }

// withFields returns a copy whose fields can be replaced, with room for more.
func (c *copies) withFields(n *data.Node, more int) *data.Node {
	out := &c.nodes.take(1)[0]
	*out = *n
	out.Fields = append(c.fields.take(len(n.Fields) + more)[:0], n.Fields...)
	return out
}

// withElems returns a copy whose elements can be replaced.
func (c *copies) withElems(n *data.Node) *data.Node {
	out := &c.nodes.take(1)[0]
	*out = *n
	out.Elems = slices.Clone(n.Elems)
	return out
}

// pages allocate many values at once. The last page is kept, and each is larger than the
// one before, so that one is enough soon.
type pages[T any] struct {
	last []T
	used int
}

// The sizes of pages: enough for a tenant, and no more than may well be kept.
const (
	firstPage = 32
	maxPage   = 8 << 10
)

// take returns values whose contents are left over from what had them before.
func (p *pages[T]) take(n int) []T {
	if p.used+n > len(p.last) {
		p.last, p.used = make([]T, max(n, min(2*len(p.last), maxPage), firstPage)), 0
	}
	p.used += n
	return p.last[p.used-n : p.used : p.used]
}
