// Package decimal reads numbers as CUE writes them. It is apart from package data, so that what
// only holds data, such as plan, links no CUE.
package decimal

import (
	"fmt"
	"strconv"
	"strings"

	"cuelang.org/go/cue/literal"
	"github.com/cockroachdb/apd/v3"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// maxExponent limits the digits of a plain decimal, so that 1e999999999 is refused instead of
// written out.
const maxExponent = 400

// Parse parses a number as CUE writes it (1_000, 0x1f, 1e3, 2Ki) into a node of Int or Float
// whose Text is its plain decimal form.
func Parse(text string) (data.Node, error) {
	if kind, ok := plain(text); ok {
		return data.Node{Kind: kind, Text: text}, nil
	}
	return literalOf(text)
}

func literalOf(text string) (data.Node, error) {
	var info literal.NumInfo
	var d apd.Decimal
	if err := literal.ParseNum(text, &info); err != nil {
		return data.Node{}, err
	}
	if tooLong(text) {
		return data.Node{}, fmt.Errorf("number %s has more than %d digits", text, maxExponent)
	}
	if err := info.Decimal(&d); err != nil {
		return data.Node{}, err
	}
	kind := data.Float
	if info.IsInt() {
		kind = data.Int
	}
	return data.Node{Kind: kind, Text: d.Text('f')}, nil
}

// plain returns the kind of a number already in plain decimal form: digits without a leading
// zero, and perhaps a fraction.
func plain(text string) (kind data.Kind, ok bool) {
	whole, fraction, point := strings.Cut(text, ".")
	if !digits(whole) || len(whole) > 1 && whole[0] == '0' || point && !digits(fraction) {
		return data.Null, false
	}
	if point {
		return data.Float, true
	}
	return data.Int, true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// tooLong reads the exponent from the text, because apd does not represent exponents beyond its
// range.
func tooLong(text string) bool {
	i := strings.LastIndexAny(text, "eE")
	if i < 0 || strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X") {
		return false
	}
	e, err := strconv.Atoi(text[i+1:])
	return err != nil || e > maxExponent || e < -maxExponent
}
