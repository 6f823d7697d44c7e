package plan

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// appendJSON writes data as compact JSON, keys sorted.
func appendJSON(b []byte, n *data.Node) []byte {
	switch n.Kind {
	case data.Bool, data.Int, data.Float:
		return append(b, n.Text...)
	case data.String:
		return appendText(b, n.Text)
	case data.Bytes:
		return appendText(b, base64.StdEncoding.EncodeToString([]byte(n.Text)))
	case data.List:
		b = append(b, '[')
		for i, e := range n.Elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case data.Struct:
		fields := slices.Clone(n.Fields)
		slices.SortFunc(fields, func(x, y data.Field) int { return strings.Compare(x.Name, y.Name) })
		b = append(b, '{')
		for i, f := range fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, f.Name), ':')
			b = appendJSON(b, f.Value)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// appendText writes a JSON string.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, quoted(s)...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}

// quoted writes a JSON string that needs escapes.
func quoted(s string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // encoding a string does not fail
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
