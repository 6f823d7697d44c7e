package shape

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// equal compares scalars as CUE unifies them.
func equal(a, b *data.Node) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Text == b.Text {
		return true
	}
	return number.Has(a.Kind) && compare(a.Text, b.Text) == 0
}

// compare compares numbers in plain decimal form exactly, with a fast path for small numbers of
// few decimals.
func compare(a, b string) int {
	if i, ok := millionths(a); ok {
		if j, ok := millionths(b); ok {
			return cmp.Compare(i, j)
		}
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return 1
	}
	return x.Cmp(y)
}

// millionths parses a number of at most six decimals.
func millionths(text string) (n int64, ok bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > 6 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+fraction+"000000"[len(fraction):], 10, 64)
	return n, err == nil
}

// holds reports whether a value of the bound's kind is within it.
func (b *Bound) holds(n *data.Node) bool {
	switch b.Op {
	case Matches:
		return b.match.MatchString(n.Text)
	case NotMatch:
		return !b.match.MatchString(n.Text)
	case MinFields:
		return int64(len(n.Fields)) >= b.n
	case MaxFields:
		return int64(len(n.Fields)) <= b.n
	case MinItems:
		return int64(len(n.Elems)) >= b.n
	case MaxItems:
		return int64(len(n.Elems)) <= b.n
	case MinRunes:
		return int64(utf8.RuneCountInString(n.Text)) >= b.n
	case MaxRunes:
		return int64(utf8.RuneCountInString(n.Text)) <= b.n
	}
	sign := b.compared(n)
	switch b.Op {
	case AtLeast:
		return sign >= 0
	case AtMost:
		return sign <= 0
	case MoreThan:
		return sign > 0
	default:
		return sign < 0
	}
}

// compared compares a number with the limit, as compare does.
func (b *Bound) compared(n *data.Node) int {
	if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil && b.small {
		return cmp.Compare(i, b.n)
	}
	return compare(n.Text, b.Limit)
}
