package data

import (
	"bytes"
	"encoding/binary"
	"math"
	"sort"
	"sync"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Source is the text of a file and an index of its lines. The index is built on demand, because
// most valid files never need it.
type Source struct {
	Name string // as diagnostics print it
	Text []byte
	Lang Language // nil: no edit can be made

	once  sync.Once
	lines []int // offsets of the lines' first bytes

	// runes[i] is the number of code points that begin before byte i*stride, so that a column
	// is found without reading a long line from its start. Nil for ASCII text.
	runes []int

	known *diag.Range // of a source that has one known range and no text
}

// stride is the number of bytes between two counts of code points.
const stride = 256

// NewSource returns a source for a file's text.
func NewSource(name string, text []byte) *Source { return &Source{Name: name, Text: text} }

// index finds the beginnings of the lines.
func (s *Source) index() {
	s.lines = make([]int, 1, 1+bytes.Count(s.Text, newline))
	for at := 0; ; {
		i := bytes.IndexByte(s.Text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		s.lines = append(s.lines, at)
	}
	if !ascii(s.Text) {
		s.countRunes()
	}
}

// near is the distance from the file's start below which a scan is cheaper than the index.
const near = 4 << 10

func ascii(text []byte) bool {
	const high = 0x8080808080808080
	for ; len(text) >= 8; text = text[8:] {
		if binary.LittleEndian.Uint64(text)&high != 0 {
			return false
		}
	}
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
	s.runes = append(s.runes, n) // the end of the text, if a stride begins there
}

// runesBefore returns the number of code points that begin before an offset.
func (s *Source) runesBefore(offset int) int {
	block := offset / stride
	return s.runes[block] + runeStarts(s.Text[block*stride:offset])
}

func runeStarts(text []byte) int {
	n := 0
	for _, b := range text {
		if utf8.RuneStart(b) {
			n++
		}
	}
	return n
}

// Pos returns the position of the bytes of the half-open range from start to end, below 2 GiB.
func (s *Source) Pos(start, end int) Pos {
	return Pos{s, int32(min(start, math.MaxInt32)), int32(min(end, math.MaxInt32))}
}

// Range returns the lines and columns of the half-open range from start to end.
func (s *Source) Range(start, end int) diag.Range {
	start = min(max(start, 0), len(s.Text))
	end = min(max(end, start), len(s.Text))
	r := diag.Range{File: s.Name}
	if end <= near {
		line := 1 + bytes.Count(s.Text[:start], newline)
		r.Line, r.Column = line, columnNear(s.Text[:start])
		r.EndLine, r.EndColumn = line+bytes.Count(s.Text[start:end], newline), columnNear(s.Text[:end])
		return r
	}
	s.once.Do(s.index)
	r.Line = s.line(start)
	r.Column = s.column(r.Line, start)
	r.EndLine = s.line(end)
	r.EndColumn = s.column(r.EndLine, end)
	return r
}

var newline = []byte{'\n'}

// columnNear returns the column after a text, which may have several lines.
func columnNear(text []byte) int { return 1 + runeStarts(text[1+bytes.LastIndexByte(text, '\n'):]) }

// line returns the line, counted from 1, that contains an offset.
func (s *Source) line(offset int) int { return sort.SearchInts(s.lines, offset+1) }

func (s *Source) column(line, offset int) int {
	start := s.lines[line-1]
	switch {
	case s.runes == nil:
		return 1 + offset - start
	case offset-start <= stride:
		return 1 + runeStarts(s.Text[start:offset])
	}
	return 1 + s.runesBefore(offset) - s.runesBefore(start)
}

// Offset returns the offset of a line and column, counted from 1, columns in code points.
// Beyond the end of the file it is the end.
func (s *Source) Offset(line, column int) int {
	s.once.Do(s.index)
	if line < 1 || line > len(s.lines) {
		return len(s.Text)
	}
	at, before := s.lines[line-1], max(column, 1)-1
	if s.runes == nil {
		return min(at+before, len(s.Text))
	}
	if before > stride {
		before += s.runesBefore(at)
		block := sort.SearchInts(s.runes, before+1) - 1
		at, before = min(block*stride, len(s.Text)), before-s.runes[block]
	}
	for ; at < len(s.Text); at++ {
		if utf8.RuneStart(s.Text[at]) {
			if before == 0 {
				break
			}
			before--
		}
	}
	return at
}

// Line returns the text of a line, counted from 1, without its newline; "" beyond the file.
func (s *Source) Line(line int) string { return string(s.LineBytes(line)) }

// LineBytes is Line without a copy: it returns a part of the source's text.
func (s *Source) LineBytes(line int) []byte {
	s.once.Do(s.index)
	if line < 1 || line > len(s.lines) {
		return nil
	}
	end := len(s.Text)
	if line < len(s.lines) {
		end = s.lines[line] - 1
	}
	return bytes.TrimSuffix(s.Text[s.lines[line-1]:end], []byte("\r"))
}
