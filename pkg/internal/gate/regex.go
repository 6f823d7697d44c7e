package gate

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue/token"
)

// pattern follows the tokens of CUE to a regular expression: after =~ and !~, and as the first
// argument of a call of package regexp.
type pattern struct {
	atPattern bool
	call      int // number of tokens of regexp.NAME( read
}

func (p *pattern) follow(tok token.Token, lit string) {
	switch {
	case tok == token.IDENT && lit == "regexp":
		p.call = 1
	case p.call == 1 && tok == token.PERIOD, p.call == 2 && tok == token.IDENT, p.call == 3 && tok == token.LPAREN:
		p.call++
	default:
		p.call = 0
	}
	p.atPattern = tok == token.MAT || tok == token.NMAT || p.call == 4
}

// manyParts is more than any limit allows.
const manyParts = 1 << 30

// parts returns the number of characters, classes and similar parts of a regular expression,
// with its repeats expanded. Nested repeats multiply.
func parts(text string) int {
	type group struct{ all, last int64 } // an open group: its parts, and those of the last operand of a repeat
	open := []group{{}}
	add := func(n int64) {
		g := &open[len(open)-1]
		g.all, g.last = min(g.all+n, manyParts), n
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
			add(1)
		case '[':
			i += class(text[i:]) - 1
			add(1)
		case '(':
			open = append(open, group{})
		case ')':
			if len(open) > 1 {
				inner := open[len(open)-1]
				open = open[:len(open)-1]
				add(inner.all)
			}
		case '{':
			end := strings.IndexByte(text[i:], '}')
			if n := repeats(text[i+1 : i+max(end, 1)]); n > 0 {
				g := &open[len(open)-1]
				g.all, g.last = min(g.all+g.last*(n-1), manyParts), min(g.last*n, manyParts)
				i += end
			} else {
				add(1)
			}
		default:
			add(1)
		}
	}
	all := int64(0)
	for _, g := range open {
		all = min(all+g.all, manyParts)
	}
	return int(all)
}

// class returns the length of the character class at the beginning of a text.
func class(text string) int {
	i := 1
	if strings.HasPrefix(text[i:], "^") {
		i++
	}
	for first := true; i < len(text); i, first = i+1, false {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], "[:") && strings.Contains(text[i:], ":]"):
			i += strings.Index(text[i:], ":]") + 1
		case text[i] == ']' && !first:
			return i + 1
		}
	}
	return len(text)
}

// repeats parses the braces of a repeat, n, n, or n,m, and returns the larger number, 0 if it
// is not a repeat.
func repeats(text string) int64 {
	least, most, _ := strings.Cut(text, ",")
	n, err := strconv.ParseUint(least, 10, 16)
	if err != nil {
		return 0
	}
	m, err := strconv.ParseUint(most, 10, 16)
	if err != nil && most != "" {
		return 0
	}
	return int64(max(n, m, 1))
}
