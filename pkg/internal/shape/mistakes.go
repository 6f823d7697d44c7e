package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// report adds a diagnostic at a position, and returns it for further details. A silent checker
// only records the failure.
func (c *checker) report(code diag.Code, place diag.Range, path diag.Path, format string, args ...any) *diag.Diagnostic {
	c.failed = true
	d := c.diags.Errorf(code, path, format, args...)
	d.Range = place
	return d
}

// fail records a failure, and reports whether the checker is silent.
func (c *checker) fail() bool {
	c.failed = true
	return c.silent
}

// name returns the name of a frame in a message.
func (f *frame) name() string {
	switch {
	case f == nil:
		return "the tenant"
	case f.key == "" && f.field == nil:
		return fmt.Sprintf("%s[%d]", f.up.name(), f.index)
	}
	return f.key
}

// place returns the position of a value; an empty one in YAML has that of its key.
func place(n *data.Node, at *frame) diag.Range {
	r := n.At.Range()
	if n.Kind == data.Null && at != nil && at.field != nil && r.Line == r.EndLine && r.Column == r.EndColumn {
		return at.field.At.Range()
	}
	return r
}

func (c *checker) wrongKind(n *data.Node, ts Types, at *frame) {
	if c.fail() {
		return
	}
	if n.Kind == data.Null {
		d := c.report(diag.WrongType, place(n, at), at.path(), "%s is empty, and takes %s", at.name(), describe(ts))
		d.Help = helpEmpty(n, ts)
		d.Related = rule(ts)
		return
	}
	d := c.report(diag.WrongType, n.At.Range(), at.path(), "%s is %s, not %s", at.name(), article(n.Kind.String()), describe(ts))
	if n.Kind == data.Bytes {
		d.Help = "a text is in double quotes: single quotes make bytes"
	} else if suggest(n, ts).addTo(n, d); d.Help == "" {
		d.Help = form(n, ts)
	}
	d.Related = rule(ts)
}

func (c *checker) notListed(n *data.Node, t *Type, ts Types, at *frame) {
	if c.fail() {
		return
	}
	var d *diag.Diagnostic
	if len(t.Enum) == 1 {
		d = c.report(diag.OutOfBounds, n.At.Range(), at.path(), "%s is %s, and must be %s", at.name(), show(n), show(t.Enum[0]))
	} else {
		d = c.report(diag.OutOfBounds, n.At.Range(), at.path(), "%s is %s, not one of %s", at.name(), show(n), listed(t.Enum))
		nearWord(n, t.Enum).addTo(n, d)
	}
	if d.Help == "" {
		suggest(n, ts).addTo(n, d)
	}
	d.Related = rule(Types{t})
}

func (c *checker) outOfBound(n *data.Node, t *Type, b *Bound, ts Types, at *frame) {
	if c.fail() {
		return
	}
	var d *diag.Diagnostic
	path := at.path()
	switch b.Op {
	case Matches, NotMatch:
		d = c.report(diag.BadFormat, n.At.Range(), path, "%s is %s, not %s", at.name(), show(n), b.words(t))
	case MinFields, MinItems:
		d = c.report(diag.OutOfBounds, key(n, at), path, "%s needs at least %s", at.name(), plural(b))
		if n.Kind == data.Struct && len(n.Fields) == 0 || n.Kind == data.List && len(n.Elems) == 0 {
			d.Message = fmt.Sprintf("%s is empty: at least one is needed", at.name())
		}
	case MaxFields, MaxItems:
		d = c.report(diag.OutOfBounds, key(n, at), path, "%s has more than %s", at.name(), plural(b))
	default:
		d = c.report(diag.OutOfBounds, n.At.Range(), path, "%s is %s, and must be %s", at.name(), show(n), b.words(t))
	}
	if d.Help == "" {
		suggest(n, ts).addTo(n, d)
	}
	if d.Help == "" && b.Op == MinFields {
		d.Help = form(n, ts)
	}
	if d.Help == "" && n.Text == "0" {
		d.Help = "leave it out where none is wanted"
	}
	if d.Help == "" && t.Example != "" {
		d.Help = "such as " + t.Example
	}
	d.Related = rule(Types{t})
}

// key returns the position of a container's key, for mistakes of the whole container.
func key(n *data.Node, at *frame) diag.Range {
	if at != nil && at.field != nil {
		return at.field.At.Range()
	}
	return n.At.Range()
}

func plural(b *Bound) string {
	if b.n == 1 {
		return "1 entry"
	}
	return b.Limit + " entries"
}

func (c *checker) wrongLength(n *data.Node, l *List, at *frame) {
	if c.fail() {
		return
	}
	if len(n.Elems) == 0 {
		c.report(diag.OutOfBounds, key(n, at), at.path(), "%s is empty: at least one is needed", at.name())
		return
	}
	c.report(diag.OutOfBounds, key(n, at), at.path(), "%s has %d elements, and takes %d", at.name(), len(n.Elems), len(l.First))
}

// unknownField reports a field that a struct does not have, or a map's key that does not have
// the required form. It returns the required field that was probably meant, or "".
func (c *checker) unknownField(f *data.Field, n *data.Node, vs []view, at *frame) string {
	if c.fail() {
		return ""
	}
	path := (&frame{up: at, key: f.Name, field: f}).path()
	if pattern := keysOf(vs); pattern != nil {
		c.wrongKey(f, pattern, path, at)
		return ""
	}
	if v, cond := forbidden(vs, f.Name); cond != nil {
		d := c.report(diag.UnknownField, f.At.Range(), path, "%s is only for %s", f.Name, conditionWords(v.Struct, f.Name))
		d.Help = fmt.Sprintf("leave it out, or set %s", cond.wants())
		return ""
	}
	d := c.report(diag.UnknownField, f.At.Range(), path, "unknown field %q", f.Name)
	var open, all []string
	for _, name := range known(vs) {
		all = append(all, name)
		if len(n.Fields) <= manyFields && n.Field(name) == nil {
			open = append(open, name)
		}
	}
	near, sure := diag.Nearest(f.Name, all), diag.Misspelt(f.Name, all)
	if word := c.otherWord(f.Name, all, at.path()); word != "" && !strings.EqualFold(f.Name, sure) {
		d.Help = word
	} else if place := c.elsewhere(f.Name, at.path()); place != "" && sure == "" {
		d.Help = fmt.Sprintf("%s belongs in %s", f.Name, place)
	} else if near != "" {
		d.Help = fmt.Sprintf("did you mean %q?", near)
		if slices.Contains(open, sure) {
			d.Fix = f.Rename(sure)
		}
	} else if len(n.Fields) > manyFields {
		return ""
	} else if missing := required(vs, n); missing != "" {
		d.Help = fmt.Sprintf("%q is required, and missing: was that meant?", missing)
		return missing
	} else if len(open) > 0 {
		d.Help = "allowed fields: " + strings.Join(open, ", ")
	}
	return ""
}

// manyFields is the number of mostly unknown fields from which suggestions are not searched for
// each.
const manyFields = 1000

// required returns the first required field that a struct lacks, or "".
func required(vs []view, n *data.Node) string {
	for i := range vs {
		for _, f := range vs[i].Fields {
			if f.Presence == Required && n.Field(f.Name) == nil {
				return f.Name
			}
		}
	}
	return ""
}

// forbidden returns the condition under which a field is allowed.
func forbidden(vs []view, name string) (*view, *If) {
	for i := range vs {
		for j := range vs[i].Ifs {
			if vs[i].Ifs[j].Then.Field(name) != nil {
				return &vs[i], &vs[i].Ifs[j]
			}
		}
	}
	return nil, nil
}

// conditionWords describes the values of a discriminator for which a field exists.
func conditionWords(s *Struct, name string) string {
	var values []string
	field := ""
	for i := range s.Ifs {
		if cond := &s.Ifs[i]; cond.Then.Field(name) != nil {
			field = cond.Field
			value := show(cond.Value)
			if !cond.Equal {
				value = "other than " + value
			}
			values = append(values, value)
		}
	}
	return field + " " + strings.Join(values, " or ")
}

func (i *If) wants() string {
	if i.Equal {
		return fmt.Sprintf("%s to %s", i.Field, show(i.Value))
	}
	return fmt.Sprintf("%s to another than %s", i.Field, show(i.Value))
}

// known returns the names of the views' fields, sorted.
func known(vs []view) []string {
	var names []string
	for i := range vs {
		v := &vs[i]
		for _, f := range v.Fields {
			names = append(names, f.Name)
		}
		for _, s := range v.ifs[:v.n] {
			for _, f := range s.Fields {
				names = append(names, f.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *checker) missingField(f *Field, n *data.Node, vs []view, at *frame) {
	if c.fail() {
		return
	}
	path := append(at.path(), f.Name)
	if slices.ContainsFunc(c.diags, func(d diag.Diagnostic) bool { return slices.Equal(d.Path, path) }) {
		return // already reported for another conjunct
	}
	d := c.report(diag.MissingField, key(n, at), path, "field %q is required", f.Name)
	for i := range vs {
		for _, cond := range vs[i].Ifs {
			if cond.Then.Field(f.Name) == f {
				d.Message = fmt.Sprintf("field %q is required for %s", f.Name, conditionWords(vs[i].Struct, f.Name))
			}
		}
	}
	if example := exampleOf(f.Doc); example != "" {
		d.Help = fmt.Sprintf("such as %s: %s", f.Name, example)
	}
	d.Related = []diag.Related{{Range: f.At, Message: "the rule"}}
}

// rule returns the position of the schema's rule.
func rule(ts Types) []diag.Related {
	if len(ts) == 0 || ts[0].At.Line == 0 {
		return nil
	}
	return []diag.Related{{Range: ts[0].At, Message: "the rule"}}
}
