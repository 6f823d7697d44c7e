package lsp

import (
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"
)

// document is a file that is open in the editor. It does not change: an edit makes another.
type document struct {
	uri     string // as the client writes it
	path    string
	version int
	text    string
}

// pathOf returns the path of a file's URI, "" for another URI.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return ""
	}
	path := u.Path
	if runtime.GOOS == "windows" && len(path) > 2 && path[2] == ':' {
		path = path[1:] // /C:/…
	}
	return filepath.Clean(filepath.FromSlash(path))
}

// uriOf returns the URI of a file.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// lines are the lines of a text, to convert places in it.
type lines struct {
	text   string
	starts []int // the offset of each line
}

func newLines(text string) *lines {
	l := &lines{text: text, starts: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// line returns a line by its number from 0, without its end.
func (l *lines) line(n int) string {
	if n < 0 || n >= len(l.starts) {
		return ""
	}
	end := len(l.text)
	if n+1 < len(l.starts) {
		end = l.starts[n+1] - 1
	}
	return strings.TrimSuffix(l.text[l.starts[n]:end], "\r")
}

// position returns the place of a line and a column that count from 1, in code points.
func (l *lines) position(line, column int) position {
	if line < 1 {
		return position{}
	}
	if line > len(l.starts) {
		return l.at(len(l.text))
	}
	p := position{Line: line - 1}
	for _, r := range l.line(line - 1) {
		if column--; column < 1 {
			break
		}
		p.Character += units(r)
	}
	return p
}

// at returns the place of an offset.
func (l *lines) at(offset int) position {
	offset = max(0, min(offset, len(l.text)))
	low, high := 0, len(l.starts)
	for high-low > 1 {
		if middle := (low + high) / 2; l.starts[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	p := position{Line: low}
	for _, r := range l.text[l.starts[low]:offset] {
		p.Character += units(r)
	}
	return p
}

// offset returns the offset of a place; the nearest one where there is none such.
func (l *lines) offset(p position) int {
	switch {
	case p.Line < 0:
		return 0
	case p.Line >= len(l.starts):
		return len(l.text)
	}
	line, at := l.line(p.Line), 0
	for left := p.Character; at < len(line); {
		r, size := utf8.DecodeRuneInString(line[at:])
		if left -= units(r); left < 0 {
			break
		}
		at += size
	}
	return l.starts[p.Line] + at
}

func (l *lines) span(start, end int) span { return span{l.at(start), l.at(end)} }

// units is how many UTF-16 code units a character takes.
func units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// edited returns the document with a change; without a range, of all of its text.
func (d *document) edited(version int, at *span, text string) *document {
	out := *d
	out.version = version
	if at == nil {
		out.text = text
		return &out
	}
	l := newLines(d.text)
	start, end := l.offset(at.Start), l.offset(at.End)
	end = max(start, end)
	out.text = d.text[:start] + text + d.text[end:]
	return &out
}
