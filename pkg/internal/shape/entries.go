package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// keysOf returns the pattern of a map's entries, nil if the struct is not a map.
func keysOf(vs []view) *Pattern {
	for i := range vs {
		v := &vs[i]
		if v.Closed && len(v.Fields) == 0 && len(v.Patterns) > 0 {
			return &v.Patterns[0]
		}
	}
	return nil
}

// wrongKey reports a map's key that does not have the required form. The value is still checked
// as an entry.
func (c *checker) wrongKey(f *data.Field, pattern *Pattern, path diag.Path, at *frame) {
	d := c.report(diag.BadFormat, f.At.Range(), path, "%q is not %s", f.Name, describe(pattern.Key))
	d.Help = suggest(textNode(f.Name), pattern.Key).help // no edit, because other fields may refer to the name
	d.Related = rule(pattern.Key)
	if resembles(f.Value, pattern.Value) {
		c.value(f.Value, pattern.Value, c.into(frame{up: at, key: f.Name, field: f}))
		c.out()
	}
}

// resembles reports whether a struct has a field of the types.
func resembles(n *data.Node, ts Types) bool {
	return slices.ContainsFunc(n.Fields, func(f data.Field) bool { return knows(ts, f.Name) })
}

// isMisplaced reports whether a field among the entries of a map belongs into an entry.
func isMisplaced(f *data.Field, vs []view) bool {
	pattern := keysOf(vs)
	if pattern == nil || resembles(f.Value, pattern.Value) {
		return false
	}
	return slices.ContainsFunc(pattern.Value, func(t *Type) bool {
		if t.Struct == nil {
			return false
		}
		field := t.Struct.Field(f.Name)
		return field != nil && admits(f.Value, field.Types)
	})
}

// misplaced reports fields of an entry that are among the entries of a map. If an entry is
// empty, they probably belong to it, and the diagnostic for the empty entry is removed from
// those after reported.
func (c *checker) misplaced(names []string, n *data.Node, at *frame, reported int) {
	entry := "NAME"
	if meant := ownerOf(names, n); meant != nil {
		entry = meant.Name
		empty := place(meant.Value, &frame{field: meant})
		if meant.Value.Kind == data.Null {
			later := slices.DeleteFunc(c.diags[reported:], func(d diag.Diagnostic) bool { return d.Range == empty })
			c.diags = c.diags[:reported+len(later)]
		}
	}
	first, last := n.Field(names[0]), len(names)-1
	path := (&frame{up: at, key: first.Name, field: first}).path()
	msg := fmt.Sprintf("%s stands among the entries of %s, and is a field of one", first.Name, at.name())
	if last > 0 {
		msg = fmt.Sprintf("%s and %s stand among the entries of %s, and are fields of one", strings.Join(names[:last], ", "), names[last], at.name())
	}
	d := c.report(diag.UnknownField, first.At.Range(), path, "%s", msg)
	d.Help = fmt.Sprintf("write %s: %s: {%s: …}", at.name(), entry, strings.Join(names, ": …, "))
}

// ownerOf returns the entry to which misplaced fields probably belong: an empty one, or the
// first struct.
func ownerOf(misplaced []string, n *data.Node) (entry *data.Field) {
	for i := range n.Fields {
		f := &n.Fields[i]
		switch {
		case slices.Contains(misplaced, f.Name):
		case f.Value.Kind == data.Null:
			return f
		case entry == nil && f.Value.Kind == data.Struct:
			entry = f
		}
	}
	return entry
}
