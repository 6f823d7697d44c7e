package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// NoField is the error for a path that does not exist.
type NoField struct {
	Path diag.Path // up to the first unknown name
	Have []string  // the existing fields, sorted
}

func noField(path diag.Path, have []spot) *NoField {
	e := &NoField{Path: path}
	for _, s := range have {
		e.Have = append(e.Have, s.Name)
	}
	slices.Sort(e.Have)
	e.Have = slices.Compact(e.Have)
	return e
}

// Error names the unknown field, with a suggestion or the existing fields.
func (e *NoField) Error() string {
	last := len(e.Path) - 1
	place := "the tenant"
	if last > 0 {
		place = e.Path[:last].String()
	}
	message := fmt.Sprintf("%s has no field %q", place, e.Path[last])
	if near := e.near(); near != "" {
		return fmt.Sprintf("%s: did you mean %q?", message, near)
	}
	if len(e.Have) > 0 {
		return message + ": it has " + strings.Join(e.Have, ", ")
	}
	return message
}

func (e *NoField) near() string { return diag.Nearest(e.Path[len(e.Path)-1], e.Have) }

// With combines the errors of two shapes: it returns the one whose path is longer, or one with
// the fields of both.
func (e *NoField) With(other *NoField) *NoField {
	if e == nil || len(other.Path) > len(e.Path) {
		return other
	}
	if len(other.Path) == len(e.Path) {
		have := slices.Concat(e.Have, other.Have)
		slices.Sort(have)
		e = &NoField{Path: e.Path, Have: slices.Compact(have)}
	}
	return e
}
