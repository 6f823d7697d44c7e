package gate

import (
	"bytes"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Text checks the size of a file before it is parsed: its syntax tree is many times larger.
func Text(l limit.Limits, diags *diag.List, src *data.Source) bool {
	before := len(*diags)
	whole := diag.Range{File: src.Name}
	if len(src.Text) > l.Of(limit.FileBytes) {
		l.Report(diags, limit.FileBytes, whole, fmt.Sprintf("the file has more than %d bytes", l.Of(limit.FileBytes)))
	} else if n := separators(src.Text); n > l.Of(limit.Values) {
		l.Report(diags, limit.Values, whole, fmt.Sprintf("the file may hold %d values", n))
	}
	return len(*diags) == before
}

// CUE checks whether a file may be parsed as CUE. Its nesting determines the stack depth of the
// scanner, parser and evaluator.
func CUE(l limit.Limits, diags *diag.List, src *data.Source) bool {
	before := len(*diags)
	deepest := max(Small, l.Of(limit.Depth))
	switch {
	case len(src.Text) > deepest && brackets(src.Text) > deepest:
		l.Report(diags, limit.Depth, diag.Range{File: src.Name}, fmt.Sprintf("the file has more than %d brackets inside each other", deepest))
	case mayExceed(l, src.Text):
		Costs(l, diags, src)
	}
	return len(*diags) == before
}

// brackets returns the depth of nested brackets, including those in strings and attributes: the
// scanner recurses for those in an attribute.
func brackets(text []byte) int {
	depth, deepest := 0, 0
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ')', ']', '}':
			depth--
		}
	}
	return deepest
}

func separators(text []byte) int {
	n := 0
	for _, c := range []byte(",:\n[{") {
		n += bytes.Count(text, []byte{c})
	}
	return n
}

// Tenant checks that a tenant is small enough to compile: the cost of checking relations grows
// with the square of its size.
func Tenant(l limit.Limits, diags *diag.List, root *data.Node) bool {
	n := SizeOf(root)
	if n <= l.Of(limit.TenantValues) {
		return true
	}
	l.Report(diags, limit.TenantValues, root.At.Range(), fmt.Sprintf("this tenant has %d values", n))
	return false
}

func SizeOf(n *data.Node) int {
	size := 1
	for _, f := range n.Fields {
		size += SizeOf(f.Value)
	}
	for _, e := range n.Elems {
		size += SizeOf(e)
	}
	return size
}

// Tree checks the limits of parsed data, and counts its values.
func Tree(l limit.Limits, diags *diag.List, root *data.Node) (values int, ok bool) {
	c := treeCheck{
		limits: l, values: l.Of(limit.Values), bytes: l.Of(limit.FileBytes),
		depth: l.Of(limit.Depth), entries: l.Of(limit.Entries), key: l.Of(limit.KeyBytes), text: l.Of(limit.StringBytes), digits: l.Of(limit.Digits),
	}
	c.node(root, 1)
	*diags = append(*diags, c.diags...)
	return l.Of(limit.Values) - c.values, len(c.diags) == 0
}

type treeCheck struct {
	limits                            limit.Limits
	values, bytes                     int // remaining allowance
	depth, entries, key, text, digits int
	diags                             diag.List
}

// node stops at the first value over a limit.
func (c *treeCheck) node(n *data.Node, depth int) {
	if len(c.diags) > 0 {
		return
	}
	refuse := func(name limit.Name, at data.Pos, format string, args ...any) {
		c.limits.Report(&c.diags, name, at.Range(), fmt.Sprintf(format, args...))
	}
	c.values--
	c.bytes -= len(n.Text)
	switch {
	case c.values < 0:
		refuse(limit.Values, n.At, "this is one value more than a file may hold")
		return
	case c.bytes < 0:
		refuse(limit.FileBytes, n.At, "with this text it is more bytes than a file may hold")
		return
	case depth > c.depth:
		refuse(limit.Depth, n.At, "this is %d structs and lists deep", depth)
		return
	case len(n.Fields)+len(n.Elems) > c.entries:
		refuse(limit.Entries, n.At, "this has %d entries", len(n.Fields)+len(n.Elems))
		return
	case (n.Kind == data.Int || n.Kind == data.Float) && len(n.Text) > c.digits:
		refuse(limit.Digits, n.At, "this number has %d digits", len(n.Text))
		return
	case len(n.Text) > c.text:
		refuse(limit.StringBytes, n.At, "this text has %d bytes", len(n.Text))
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		if len(f.Name) > c.key {
			refuse(limit.KeyBytes, f.At, "this name has %d bytes", len(f.Name))
			return
		}
		c.node(f.Value, depth+1)
	}
	for _, e := range n.Elems {
		c.node(e, depth+1)
	}
}
