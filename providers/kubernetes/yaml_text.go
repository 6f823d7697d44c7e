package kubernetes

import (
	"fmt"
	"strings"
	"unicode"
)

// text writes a string on one line, without quotes if it cannot be read as another kind.
func (w *yamlWriter) text(s string) {
	if isPlain(s) {
		w.WriteString(s)
		return
	}
	w.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.WriteByte('\\')
			w.WriteRune(r)
		case r == '\n':
			w.WriteString(`\n`)
		case r == '\r':
			w.WriteString(`\r`)
		case r == '\t':
			w.WriteString(`\t`)
		case unicode.IsPrint(r):
			w.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(w, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(w, `\u%04x`, r)
		default:
			fmt.Fprintf(w, `\U%08x`, r)
		}
	}
	w.WriteByte('"')
}

// words are what YAML 1.1 reads as another kind than a string.
var words = map[string]bool{
	"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true,
	"y": true, "n": true, "null": true, "nan": true, "inf": true,
}

// isPlain reports whether a string needs no quotes: a word or more that begins with a
// letter or a slash, an option such as --verbose, or an amount such as 512Mi.
func isPlain(s string) bool {
	if s == "" || isDigit(s[0]) {
		return isAmount(s)
	}
	rest := s
	for len(s)-len(rest) < 2 && strings.HasPrefix(rest, "-") {
		rest = rest[1:]
	}
	if rest == "" || !isLetter(rest[0]) && (rest[0] != '/' || rest != s) {
		return false
	}
	for i := range len(s) {
		if !isLetter(s[i]) && !isDigit(s[i]) && strings.IndexByte("/_.:@%+=,;()$- ", s[i]) < 0 {
			return false
		}
	}
	return !strings.Contains(s, ": ") && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ") &&
		(len(s) > len("false") || !words[strings.ToLower(s)])
}

// isAmount reports whether a string that begins with a digit is an amount.
func isAmount(s string) bool {
	for s != "" && isDigit(s[0]) {
		s = s[1:]
	}
	switch s {
	case "m", "Mi", "Gi", "Ti", "Pi", "Ei", "%":
		return true
	}
	return false
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return '0' <= b && b <= '9' }

// isBlock reports whether a text of several lines can stand as it is, in a literal
// block: one whose first line tells the indentation.
func isBlock(s string) bool {
	if !strings.Contains(s, "\n") || strings.ContainsRune(" \t\n", rune(s[0])) {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != "" && strings.Trim(line, " \t") == "" {
			return false // readers disagree on lines of nothing but spaces
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) })
}

// block writes a literal block, with the number of newlines after its last line.
func (w *yamlWriter) block(s string, indent int) {
	switch {
	case !strings.HasSuffix(s, "\n"):
		w.WriteString("|-\n")
	case strings.HasSuffix(s, "\n\n"):
		w.WriteString("|+\n")
	default:
		w.WriteString("|\n")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		if line != "" {
			w.WriteString(spaces[:indent])
			w.WriteString(line)
		}
		w.WriteByte('\n')
	}
}
