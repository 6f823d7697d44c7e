package report

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// EscapeJSON escapes the invisible characters of a JSON text, such as those that change the
// direction of text or have no width: the values stay the same, and cannot deceive a reader.
// Invalid UTF-8 is kept.
func EscapeJSON(text []byte) []byte {
	return escaped(text, func(out []byte, r rune) []byte {
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		return fmt.Appendf(out, `\u%04x`, r)
	})
}

// EscapeYAML is EscapeJSON for a YAML text. Strings with such characters must be in double
// quotes, because others have no escapes.
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

// hiddenRune reports whether a character has to be escaped. Those of ASCII are already escaped
// in a string.
func hiddenRune(r rune) bool { return r >= utf8.RuneSelf && r != utf8.RuneError && unprintable(r) }
