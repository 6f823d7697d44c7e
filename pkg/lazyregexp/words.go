package lazyregexp

import (
	"regexp/syntax"
	"strconv"
)

// Words describes the texts that an expression matches: does follows "a text that", and not
// follows "which". Authors cannot be expected to read the expression itself; one that is not a
// plain prefix, suffix or part is "the form that the rule asks for".
func Words(expr string) (does, not string) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return otherForm, noOtherForm
	}
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	begins, ends := parts[0].Op == syntax.OpBeginText, parts[len(parts)-1].Op == syntax.OpEndText
	if begins {
		parts = parts[1:]
	}
	if ends {
		parts = parts[:len(parts)-1]
	}
	if n := len(parts); begins && n > 0 && parts[n-1].Op == syntax.OpStar && parts[n-1].Sub[0].Op == syntax.OpAnyCharNotNL {
		parts, ends = parts[:n-1], false
	}
	text, ok := plain(parts)
	if !ok {
		return otherForm, noOtherForm
	}
	quoted := strconv.Quote(text)
	switch {
	case begins && ends:
		return "is " + quoted, "is not " + quoted
	case begins:
		return "begins with " + quoted, "does not begin with " + quoted
	case ends:
		return "ends with " + quoted, "does not end with " + quoted
	}
	return "contains " + quoted, "does not contain " + quoted
}

const (
	otherForm   = "has the form that the rule asks for"
	noOtherForm = "does not have the form that the rule asks for"
)

// plain returns the text that parts of an expression match literally; a dot counts as a dot,
// because people write hosts that way.
func plain(parts []*syntax.Regexp) (text string, ok bool) {
	for _, p := range parts {
		switch {
		case p.Op == syntax.OpLiteral && p.Flags&syntax.FoldCase == 0:
			text += string(p.Rune)
		case p.Op == syntax.OpAnyCharNotNL:
			text += "."
		default:
			return "", false
		}
	}
	return text, text != ""
}
