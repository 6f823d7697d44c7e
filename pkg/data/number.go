package data

import (
	"fmt"

	"cuelang.org/go/cue/literal"
	"github.com/cockroachdb/apd/v3"
)

// maxExponent bounds the digits that a plain decimal may need, so that 1e999999999
// is refused and not written out.
const maxExponent = 400

// Number reads a number as CUE writes it (1_000, 0x1f, 1e3, 2Ki) into a node of Int
// or Float whose Text is its plain decimal form.
func Number(text string) (*Node, error) {
	var info literal.NumInfo
	var d apd.Decimal
	if err := literal.ParseNum(text, &info); err != nil {
		return nil, err
	}
	if err := info.Decimal(&d); err != nil {
		return nil, err
	}
	if d.Exponent > maxExponent || d.Exponent < -maxExponent {
		return nil, fmt.Errorf("number %s has more than %d digits", text, maxExponent)
	}
	kind := Float
	if info.IsInt() {
		kind = Int
	}
	return &Node{Kind: kind, Text: d.Text('f')}, nil
}

// Negated returns the number with its sign turned.
func (n *Node) Negated() *Node {
	m := *n
	if len(m.Text) > 0 && m.Text[0] == '-' {
		m.Text = m.Text[1:]
	} else if m.Text != "0" {
		m.Text = "-" + m.Text
	}
	return &m
}
