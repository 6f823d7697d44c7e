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
}

// NewSource prepares a text for looking up places.
func NewSource(name string, text []byte) *Source {
	s := &Source{Name: name, Text: text, lines: make([]int, 1, 1+bytes.Count(text, []byte{'\n'}))}
	for i, b := range text {
		if b == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// Range returns the place of the bytes from start up to but without end.
func (s *Source) Range(start, end int) diag.Range {
	r := diag.Range{File: s.Name}
	r.Line, r.Column = s.position(start)
	r.EndLine, r.EndColumn = s.position(max(start, end))
	return r
}

// Offset returns where a column of a line begins. Lines count from 1, columns from
// 1 in code points; beyond the line's end is its end.
func (s *Source) Offset(line, column int) int {
	if line < 1 || line > len(s.lines) {
		return len(s.Text)
	}
	at := s.lines[line-1]
	for ; column > 1 && at < len(s.Text) && s.Text[at] != '\n'; column-- {
		_, size := utf8.DecodeRune(s.Text[at:])
		at += size
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

func (s *Source) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(s.Text))
	line = sort.SearchInts(s.lines, offset+1)
	return line, 1 + utf8.RuneCount(s.Text[s.lines[line-1]:offset])
}
