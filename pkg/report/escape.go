package report

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// EscapeJSON returns a JSON text in which each character that is not seen, such as one that
// changes the direction of what follows or has no width, is an escape: the same values, which
// no reader is deceived about. What begins no code point is left.
func EscapeJSON(text []byte) []byte {
	if bytes.IndexFunc(text, hiddenRune) < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case !hiddenRune(r):
			out = append(out, text[:size]...)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}

// hiddenRune reports whether a character of a JSON text has to be an escape. Those of ASCII
// are escapes already where they stand in a string.
func hiddenRune(r rune) bool { return r >= utf8.RuneSelf && r != utf8.RuneError && unprintable(r) }
