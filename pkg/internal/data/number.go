package data

import (
	"fmt"
	"strconv"
	"strings"

	"cuelang.org/go/cue/literal"
	"github.com/cockroachdb/apd/v3"
)

// maxExponent limits the digits of a plain decimal, so that 1e999999999 is refused instead of
// written out.
const maxExponent = 400

// Number parses a number as CUE writes it (1_000, 0x1f, 1e3, 2Ki) into a node of Int or Float
// whose Text is its plain decimal form.
func Number(text string) (Node, error) {
	if kind, ok := plain(text); ok {
		return Node{Kind: kind, Text: text}, nil
	}
	return decimal(text)
}

func decimal(text string) (Node, error) {
	var info literal.NumInfo
	var d apd.Decimal
	if err := literal.ParseNum(text, &info); err != nil {
		return Node{}, err
	}
	if tooLong(text) {
		return Node{}, fmt.Errorf("number %s has more than %d digits", text, maxExponent)
	}
	if err := info.Decimal(&d); err != nil {
		return Node{}, err
	}
	kind := Float
	if info.IsInt() {
		kind = Int
	}
	return Node{Kind: kind, Text: d.Text('f')}, nil
}

// plain returns the kind of a number already in plain decimal form: digits without a leading
// zero, and perhaps a fraction.
func plain(text string) (kind Kind, ok bool) {
	whole, fraction, point := strings.Cut(text, ".")
	if !digits(whole) || len(whole) > 1 && whole[0] == '0' || point && !digits(fraction) {
		return Null, false
	}
	if point {
		return Float, true
	}
	return Int, true
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

// Negated returns the number with the opposite sign. Zero has no sign, as in CUE.
func (n Node) Negated() Node {
	if len(n.Text) > 0 && n.Text[0] == '-' {
		n.Text = n.Text[1:]
	} else if strings.Trim(n.Text, "0.") != "" {
		n.Text = "-" + n.Text
	}
	return n
}
