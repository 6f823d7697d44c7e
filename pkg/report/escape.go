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
	return escaped(text, func(out []byte, r rune) []byte {
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		return fmt.Appendf(out, `\u%04x`, r)
	})
}

// EscapeYAML is as EscapeJSON for a YAML text, whose texts with such a character must be in
// double quotes: another may have no escape.
func EscapeYAML(text []byte) []byte {
	return escaped(text, func(out []byte, r rune) []byte {
		if r > 0xFFFF {
			return fmt.Appendf(out, `\U%08x`, r)
		}
		return fmt.Appendf(out, `\u%04x`, r)
	})
}

func escaped(text []byte, escape func(out []byte, r rune) []byte) []byte {
	if bytes.IndexFunc(text, hiddenRune) < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if hiddenRune(r) {
			out = escape(out, r)
		} else {
			out = append(out, text[:size]...)
		}
		text = text[size:]
	}
	return out
}

// hiddenRune reports whether a character of a text has to be an escape. Those of ASCII
// are escapes already where they stand in a string.
func hiddenRune(r rune) bool { return r >= utf8.RuneSelf && r != utf8.RuneError && unprintable(r) }
