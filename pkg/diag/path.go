package diag

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Path is a path from a tenant to a value in it. An element of a list is written [0].
type Path []string

// At makes a path of keys (of a string type) and list indices (int).
func At(elems ...any) Path { return Path(nil).To(elems...) }

// To returns the path p extended with keys and list indices.
func (p Path) To(elems ...any) Path {
	if len(elems) == 0 {
		return slices.Clip(p)
	}
	q := make(Path, len(p), len(p)+len(elems))
	copy(q, p)
	for _, e := range elems {
		switch e := e.(type) {
		case int:
			q = append(q, Index(e))
		case string:
			q = append(q, e)
		default:
			q = append(q, reflect.ValueOf(e).String())
		}
	}
	return q
}

// Within reports whether the path begins with a pattern: keys joined by dots, where `*` matches
// any element. The empty pattern matches every path.
func (p Path) Within(pattern string) bool {
	for pattern != "" {
		var elem string
		elem, pattern, _ = strings.Cut(pattern, ".")
		if len(p) == 0 || elem != "*" && elem != p[0] {
			return false
		}
		p = p[1:]
	}
	return true
}

// Index returns the path element of a list's i-th element, counted from 0.
func Index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// String formats the path as an author would: keys joined by dots, list elements in brackets,
// and other keys quoted if they are not plain words.
func (p Path) String() string {
	var b strings.Builder
	for i, e := range p {
		switch {
		case isIndex(e):
			b.WriteString(e)
			continue
		case i > 0:
			b.WriteByte('.')
		}
		if isWord(e) {
			b.WriteString(e)
		} else {
			b.WriteString(strconv.Quote(e))
		}
	}
	return b.String()
}

// element matches the first element of a formatted path.
var element = lazyregexp.New(`^(?:(\[[0-9]+\])|\.([A-Za-z0-9_-]+)|\.("(?:[^"\\]|\\.)*"))`)

// ParsePath parses a path in the format of String.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := "." + text; rest != ""; {
		m := element.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("%q is no path such as workloads.web.ingress[0].host", text)
		}
		elem := m[1] + m[2]
		if m[3] != "" {
			var err error
			if elem, err = strconv.Unquote(m[3]); err != nil {
				return nil, fmt.Errorf("%q is no path: %s: %w", text, m[3], err)
			}
		}
		p, rest = append(p, elem), rest[len(m[0]):]
	}
	return p, nil
}

// MarshalJSON formats the path as String does.
func (p Path) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// UnmarshalJSON parses what MarshalJSON writes.
func (p *Path) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if s == "" {
		*p = nil
		return nil
	}
	read, err := ParsePath(s)
	if err == nil {
		*p = read
	}
	return err
}

func isIndex(e string) bool {
	n, ok := strings.CutPrefix(e, "[")
	if !ok {
		return false
	}
	n, ok = strings.CutSuffix(n, "]")
	_, err := strconv.ParseUint(n, 10, 63)
	return ok && err == nil
}

func isWord(e string) bool {
	for _, r := range e {
		if !(r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return false
		}
	}
	return e != ""
}
