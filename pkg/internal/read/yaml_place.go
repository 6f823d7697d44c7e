package read

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// place returns the position of a node's own text. YAML gives its beginning; the end of a
// scalar is found in the source.
func (r *yamlReader) place(y *yaml.Node) data.Pos {
	start := r.offset(y.Line, y.Column)
	return r.src.Pos(start, start+r.width(y, start))
}

// width reads only the node's own text from the source, because a line may be the whole file.
func (r *yamlReader) width(y *yaml.Node, start int) int {
	text := r.src.Text[start:]
	switch {
	case len(text) == 0:
		return 0
	case y.Kind == yaml.AliasNode:
		return 1 + len(y.Value)
	case y.Kind != yaml.ScalarNode:
		_, size := utf8.DecodeRune(text)
		return size
	}
	before := propertiesWidth(text)
	text = text[before:]
	switch {
	case len(text) > 0 && (text[0] == '"' || text[0] == '\''):
		return before + quotedWidth(text)
	case bytes.HasPrefix(text, []byte(y.Value)):
		return before + len(y.Value)
	}
	// Of a scalar of several lines, only the first counts.
	text = text[:min(len(text), max(len(y.Value), longestHeader)+1)]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return before + len(bytes.TrimRight(text, " \t\r"))
}

// longestHeader is the most bytes of a block scalar's first line, |- and a comment, in its
// position.
const longestHeader = 100

// propertiesWidth returns the length of the tag and anchor at the beginning of a text, and of
// the blanks after them.
func propertiesWidth(text []byte) int {
	i := 0
	for i < len(text) && (text[i] == '!' || text[i] == '&') {
		end := " \t\r\n,[]{}"
		if bytes.HasPrefix(text[i:], []byte("!<")) {
			end = ">"
		}
		n := bytes.IndexAny(text[i:], end)
		if n < 0 {
			return len(text)
		}
		i += n
		if text[i] == '>' {
			i++
		}
		for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n') {
			i++
		}
	}
	return i
}

// quotedWidth returns the length of the quoted scalar at the beginning of a text.
func quotedWidth(text []byte) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

// errorRange returns the range of a syntax error: the rest of its line or, if that is empty,
// the text before it.
func (r *yamlReader) errorRange(mark yaml.Mark) diag.Range {
	text := r.src.Text
	start := r.offset(mark.Line, mark.Column)
	end := start
	if i := bytes.IndexAny(text[start:], "\r\n"); i >= 0 {
		end += i
	} else {
		end = len(text)
	}
	if len(bytes.TrimSpace(text[start:end])) > 0 {
		return r.src.Range(start, end)
	}
	end = len(bytes.TrimRight(text[:start], " \t\r\n"))
	start = 1 + bytes.LastIndexAny(text[:end], "\r\n")
	start += len(text[start:end]) - len(bytes.TrimLeft(text[start:end], " \t"))
	return r.src.Range(start, end)
}

// otherBreaks are YAML's line breaks that do not end a line in a diagnostic.
var otherBreaks = []string{"\r", "\u0085", "\u2028", "\u2029"}

// offset converts a line and column of the YAML library to an offset. It counts more line
// breaks than a diagnostic does.
func (r *yamlReader) offset(line, column int) int {
	if r.lines == nil {
		r.lines = []int{}
		for _, b := range otherBreaks {
			if bytes.Contains(r.src.Text, []byte(b)) {
				r.lines = yamlLines(r.src.Text)
				break
			}
		}
	}
	if len(r.lines) == 0 {
		return r.src.Offset(line, column)
	}
	if line < 1 || line > len(r.lines) {
		return len(r.src.Text)
	}
	at := r.src.Range(r.lines[line-1], r.lines[line-1])
	return r.src.Offset(at.Line, at.Column+max(column, 1)-1)
}

// yamlLines returns the offsets of a text's lines, by YAML's line breaks.
func yamlLines(text []byte) []int {
	lines := []int{0}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		i += size
		switch {
		case c == '\r' && i < len(text) && text[i] == '\n':
		case c == '\n', c == '\r', c == '\u0085', c == '\u2028', c == '\u2029':
			lines = append(lines, i)
		}
	}
	return lines
}
