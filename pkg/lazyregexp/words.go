package lazyregexp

import (
	"regexp/syntax"
	"strconv"
)

// Words says in words which texts an expression matches: it is put behind "a text that"
// or, as not, behind "which". Nobody but its author reads an expression; what is no plain
// beginning, end or part is the form that the rule asks for.
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

// plain is the text that parts of an expression spell; a dot is read as one, which is how
// people write hosts.
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
