package read

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

func (r *yamlReader) scalar(y *yaml.Node, at data.Pos) (data.Kind, string) {
	switch tag := scalarTag(y); tag {
	case "!!str", "!!timestamp":
		return data.String, y.Value
	case "!!null":
		return data.Null, ""
	case "!!bool":
		if text := strings.ToLower(y.Value); text == "true" || text == "false" {
			return data.Bool, text
		}
		r.error(at.Range(), diag.BadFormat, strconv.Quote(y.Value)+" is neither true nor false, as its tag !!bool says")
		return data.Null, ""
	case "!!int", "!!float":
		return r.number(y, tag, at)
	case "!!binary":
		b, err := base64.StdEncoding.DecodeString(y.Value)
		if err != nil {
			r.error(at.Range(), diag.BadFormat, "!!binary is not base64")
		}
		return data.Bytes, string(b)
	default:
		r.error(at.Range(), diag.Syntax, "tag "+strings.ToValidUTF8(tag, "\uFFFD")+" has no meaning here") // the tag may have escaped bytes
		return data.Null, ""
	}
}

// largeInteger matches integers above 64 bits, which the YAML library reads as floats or
// strings. YAML itself has no limit (https://yaml.org/spec/1.2.2/#10213-integer).
var largeInteger = lazyregexp.New(`^[-+]?(?:0x[0-9a-fA-F]{16,}|0o[0-7]{21,}|0b[01]{64,}|[1-9][0-9_]{18,})$`)

// scalarTag returns the tag of a scalar, explicit or resolved from its text.
func scalarTag(y *yaml.Node) string {
	tag := y.ShortTag()
	plain := y.Style&(yaml.TaggedStyle|yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && y.Tag != "!"
	switch {
	case plain && (tag == "!!float" || tag == "!!str") && largeInteger.MatchString(y.Value):
		return "!!int"
	case plain && tag == "!!float" && octalLike(y.Value):
		return "!!str"
	}
	return tag
}

// octalLike reports whether a number would be octal in YAML 1.1 if it had no 8 or 9.
func octalLike(text string) bool {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	return len(text) > 1 && text[0] == '0' && strings.Trim(text, "0123456789_") == ""
}

// number returns a number in plain decimal form. A number tagged !!float becomes a float:
// !!float 3 is 3.0.
func (r *yamlReader) number(y *yaml.Node, tag string, at data.Pos) (data.Kind, string) {
	digits, negative := strings.CutPrefix(y.Value, "-")
	if !negative {
		digits = strings.TrimPrefix(digits, "+")
	}
	octal := len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9'
	if octal {
		digits = "0o" + digits[1:]
	}
	n, err := decimal.Parse(digits)
	if err != nil {
		d := r.error(at.Range(), diag.BadFormat, strconv.Quote(y.Value)+" is not a number that a spec can hold")
		d.Help = "quote it where a text is meant"
		return data.Null, ""
	}
	if tag == "!!int" && n.Kind != data.Int {
		r.error(at.Range(), diag.BadFormat, strconv.Quote(y.Value)+" is not a whole number, as its tag !!int says")
		return data.Null, ""
	}
	if tag == "!!float" && n.Kind == data.Int {
		n.Kind, n.Text = data.Float, n.Text+".0"
	}
	if negative {
		n = n.Negated()
	}
	if octal {
		d := r.diags.Warnf(diag.BadFormat, nil, "%s begins with 0: to YAML it is an octal number, %s", y.Value, n.Text)
		d.Range = at.Range()
		d.Help = fmt.Sprintf("write %q for a text of these digits, or %s for the number", y.Value, n.Text)
	}
	return n.Kind, n.Text
}
