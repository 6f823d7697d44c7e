package difference

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// short limits the length of a value on one line.
const short = 60

// lines returns the line-by-line difference between two texts of several lines, or two lists of
// several values. It is empty for other values, and for values that are equal once secrets are
// masked.
func lines(old, now any) string {
	a, isLong := text(old)
	b, isLongNow := text(now)
	if old == nil || now == nil || !isLong && !isLongNow {
		return ""
	}
	unified := string(diff.Diff("old", withEnd(a), "new", withEnd(b)))
	_, hunks, _ := strings.Cut(unified, "\n+++ new\n")
	return hunks
}

// text returns a value as lines, and whether there are several.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, strings.Contains(strings.TrimSuffix(v, "\n"), "\n")
	case []any:
		var b strings.Builder
		for _, e := range v {
			b.WriteString(inline(e) + "\n")
		}
		return b.String(), len(v) > 1 && len(inline(v)) > short
	}
	return inline(v), false
}

// withEnd adds a newline to the last line, so that it is equal with and without one.
func withEnd(s string) []byte {
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return []byte(s)
}

// inline returns a value on one line, as JSON.
func inline(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "?" // not a value of a plan
	}
	return strings.TrimSuffix(b.String(), "\n")
}
