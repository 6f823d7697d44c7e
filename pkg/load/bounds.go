package load

import (
	"bytes"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// text reports whether a file may be parsed: what a parser makes of it is many times
// larger.
func (l Limits) text(diags *diag.List, src *data.Source) bool {
	before := len(*diags)
	whole := diag.Range{File: src.Name}
	if len(src.Text) > l.Of(FileBytes) {
		l.report(diags, FileBytes, whole, fmt.Sprintf("the file has more than %d bytes", l.Of(FileBytes)))
	} else if n := separators(src.Text); n > l.Of(Values) {
		l.report(diags, Values, whole, fmt.Sprintf("the file may hold %d values", n))
	}
	return len(*diags) == before
}

// cue reports whether a file may be parsed as CUE: nesting is what the stacks of its
// scanner, parser and evaluator have to bear.
func (l Limits) cue(diags *diag.List, src *data.Source) bool {
	before := len(*diags)
	most := max(small, l.Of(Depth))
	switch {
	case len(src.Text) > most && brackets(src.Text) > most:
		l.report(diags, Depth, diag.Range{File: src.Name}, fmt.Sprintf("the file has more than %d brackets inside each other", most))
	case l.mayCost(src.Text):
		l.costs(diags, src)
	}
	return len(*diags) == before
}

// brackets is how deep they may be inside each other, those in texts included: in an
// attribute, the scanner itself goes deeper for each.
func brackets(text []byte) int {
	depth, most := 0, 0
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
			most = max(most, depth)
		case ')', ']', '}':
			depth--
		}
	}
	return most
}

func separators(text []byte) int {
	n := 0
	for _, c := range []byte(",:\n[{") {
		n += bytes.Count(text, []byte{c})
	}
	return n
}

// tenant checks that one tenant is not larger than can be judged: the time that relations
// between its parts take grows with the square of them.
func (l Limits) tenant(diags *diag.List, root *data.Node) bool {
	n := sizeOf(root)
	if n <= l.Of(TenantValues) {
		return true
	}
	l.report(diags, TenantValues, root.At.Range(), fmt.Sprintf("this tenant has %d values", n))
	return false
}

func sizeOf(n *data.Node) int {
	size := 1
	for _, f := range n.Fields {
		size += sizeOf(f.Value)
	}
	for _, e := range n.Elems {
		size += sizeOf(e)
	}
	return size
}

// tree checks what was read, and counts its values.
func (l Limits) tree(diags *diag.List, root *data.Node) (values int, ok bool) {
	c := treeCheck{
		limits: l, values: l.Of(Values), bytes: l.Of(FileBytes),
		depth: l.Of(Depth), entries: l.Of(Entries), key: l.Of(KeyBytes), text: l.Of(StringBytes), digits: l.Of(Digits),
	}
	c.node(root, 1)
	*diags = append(*diags, c.diags...)
	return l.Of(Values) - c.values, len(c.diags) == 0
}

type treeCheck struct {
	limits                            Limits
	values, bytes                     int // that may still come
	depth, entries, key, text, digits int
	diags                             diag.List
}

// node stops at the first that is too much.
func (c *treeCheck) node(n *data.Node, depth int) {
	if len(c.diags) > 0 {
		return
	}
	refuse := func(limit Limit, at data.Pos, format string, args ...any) {
		c.limits.report(&c.diags, limit, at.Range(), fmt.Sprintf(format, args...))
	}
	c.values--
	c.bytes -= len(n.Text)
	switch {
	case c.values < 0:
		refuse(Values, n.At, "this is one value more than a file may hold")
		return
	case c.bytes < 0:
		refuse(FileBytes, n.At, "with this text it is more bytes than a file may hold")
		return
	case depth > c.depth:
		refuse(Depth, n.At, "this is %d structs and lists deep", depth)
		return
	case len(n.Fields)+len(n.Elems) > c.entries:
		refuse(Entries, n.At, "this has %d entries", len(n.Fields)+len(n.Elems))
		return
	case (n.Kind == data.Int || n.Kind == data.Float) && len(n.Text) > c.digits:
		refuse(Digits, n.At, "this number has %d digits", len(n.Text))
		return
	case len(n.Text) > c.text:
		refuse(StringBytes, n.At, "this text has %d bytes", len(n.Text))
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		if len(f.Name) > c.key {
			refuse(KeyBytes, f.At, "this name has %d bytes", len(f.Name))
			return
		}
		c.node(f.Value, depth+1)
	}
	for _, e := range n.Elems {
		c.node(e, depth+1)
	}
}
