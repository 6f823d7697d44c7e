package outline

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, a text, a number, or a character of CUE or JSON.
type token struct {
	Span
	kind byte // i: a word or number; s: a text; else the character itself; n: the end of a line
}

// scan takes CUE or JSON apart. What is no token is a character.
func scan(text string) []token {
	var all []token
	add := func(kind byte, start, end int) { all = append(all, token{Span{start, end}, kind}) }
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\n':
			add('n', i, i+1)
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case strings.HasPrefix(text[i:], "//"):
			i = lineEnd(text, i)
		case c == '"' || c == '\'':
			end := quotedEnd(text, i, 0)
			add('s', i, end)
			i = end
		case c == '#' && isRaw(text[i:]):
			hashes := len(text[i:]) - len(strings.TrimLeft(text[i:], "#"))
			end := quotedEnd(text, i+hashes, hashes)
			add('s', i, end)
			i = end
		default:
			end := wordEnd(text, i)
			if end > i {
				add('i', i, end)
				i = end
				continue
			}
			_, size := utf8.DecodeRuneInString(text[i:])
			add(c, i, i+size)
			i += size
		}
	}
	return all
}

func lineEnd(text string, i int) int {
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(text)
}

// isRaw reports whether a text with hashes before its quote begins.
func isRaw(text string) bool {
	rest := strings.TrimLeft(text, "#")
	return rest != "" && (rest[0] == '"' || rest[0] == '\'')
}

// wordEnd is the end of a word or number: letters, digits and what CUE and numbers have beside
// them. A hyphen is in a word, as in one that a path or a name is being written in.
func wordEnd(text string, i int) int {
	start := i
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		inside := i > start && (r == '.' || r == '-')
		if !inside && r != '_' && r != '#' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		i += size
	}
	return i
}

// quotedEnd is the end of a text whose quote is at i, after so many hashes. One that does not
// end is as long as its line, or the file where it may have several.
func quotedEnd(text string, i, hashes int) int {
	quote := text[i : i+1]
	long := strings.Repeat(quote, 3)
	multiline := strings.HasPrefix(text[i:], long)
	if multiline {
		quote = long
	}
	closing := quote + strings.Repeat("#", hashes)
	escape := `\` + strings.Repeat("#", hashes)
	for i += len(quote); i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], closing):
			return i + len(closing)
		case strings.HasPrefix(text[i:], escape):
			i += len(escape) + 1
		case text[i] == '\n' && !multiline:
			return i
		default:
			i++
		}
	}
	return len(text)
}

// unquoted is what a word or text stands for.
func unquoted(text string) (value string, quoted bool) {
	plain := strings.Trim(text, "#")
	for _, quote := range []string{`"""`, `'''`, `"`, `'`} {
		inner, ok := strings.CutPrefix(plain, quote)
		if !ok {
			continue
		}
		inner = strings.TrimSuffix(inner, quote)
		if s, err := strconv.Unquote(`"` + inner + `"`); err == nil {
			return s, true
		}
		return inner, true
	}
	return text, false
}
