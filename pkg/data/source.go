package data

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Source is the text of a file, and where its lines begin.
type Source struct {
	Name  string // as people know it
	Text  []byte
	lines []int // offsets of the lines' first bytes

	// runes[i] is how many code points begin before byte i*stride, so that a column is
	// found without reading a line, which may be a whole file, from its start. Nil
	// where every byte is a code point.
	runes []int
}

// stride is how many bytes lie between two counts of code points.
const stride = 256

// NewSource prepares a text for looking up places.
func NewSource(name string, text []byte) *Source {
	s := &Source{Name: name, Text: text, lines: make([]int, 1, 1+bytes.Count(text, []byte{'\n'}))}
	ascii := true
	for i, b := range text {
		if b == '\n' {
			s.lines = append(s.lines, i+1)
		}
		ascii = ascii && b < utf8.RuneSelf
	}
	if !ascii {
		s.countRunes()
	}
	return s
}

func (s *Source) countRunes() {
	n := 0
	for i, b := range s.Text {
		if i%stride == 0 {
			s.runes = append(s.runes, n)
		}
		if utf8.RuneStart(b) {
			n++
		}
	}
	s.runes = append(s.runes, n) // of the end, if that is where a stride begins
}

// runesBefore returns how many code points begin before an offset.
func (s *Source) runesBefore(offset int) int {
	if s.runes == nil {
		return offset
	}
	block := offset / stride
	n := s.runes[block]
	for _, b := range s.Text[block*stride : offset] {
		if utf8.RuneStart(b) {
			n++
		}
	}
	return n
}

// Range returns the place of the bytes from start up to but without end.
func (s *Source) Range(start, end int) diag.Range {
	r := diag.Range{File: s.Name}
	r.Line, r.Column = s.position(start)
	r.EndLine, r.EndColumn = s.position(max(start, end))
	return r
}

func (s *Source) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(s.Text))
	line = sort.SearchInts(s.lines, offset+1)
	return line, 1 + s.runesBefore(offset) - s.runesBefore(s.lines[line-1])
}

// Offset returns where a column of a line begins. Lines count from 1, columns from 1
// in code points; beyond the file's end is its end.
func (s *Source) Offset(line, column int) int {
	if line < 1 || line > len(s.lines) {
		return len(s.Text)
	}
	want := s.runesBefore(s.lines[line-1]) + max(column, 1) - 1
	if s.runes == nil {
		return min(want, len(s.Text))
	}
	block := max(sort.SearchInts(s.runes, want+1)-1, 0)
	at, n := min(block*stride, len(s.Text)), s.runes[block]
	for ; at < len(s.Text); at++ {
		if utf8.RuneStart(s.Text[at]) {
			if n == want {
				break
			}
			n++
		}
	}
	return at
}

// Line returns the text of a line, counted from 1, without its end; "" beyond the file.
func (s *Source) Line(line int) string {
	if line < 1 || line > len(s.lines) {
		return ""
	}
	text := s.Text[s.lines[line-1]:]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return strings.TrimSuffix(string(text), "\r")
}
