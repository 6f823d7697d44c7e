package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// noAlternative reports a value that no alternative of a union admits, in terms of the
// alternative that the author probably meant.
func (c *checker) noAlternative(n *data.Node, t *Type, ts Types, at *frame) {
	if c.fail() {
		return
	}
	if n.Kind != data.Struct {
		c.noScalar(n, t, ts, at)
		return
	}
	var meant []Types
	var selectors, all []string
	for _, alt := range t.Union {
		name := selectorOf(alt, n)
		all = append(all, selectorNames(alt)...)
		if name != "" {
			meant, selectors = append(meant, alt), append(selectors, name)
		}
	}
	switch len(meant) {
	case 1:
		c.value(n, meant[0], at)
		return
	case 0:
		c.noForm(n, t.Union, all, at)
		return
	}
	second := n.Field(selectors[1])
	path := append(at.path(), selectors[1])
	d := c.report(diag.Conflict, second.At.Range(), path, "%s exclude each other", strings.Join(selectors, " and "))
	d.Help = "keep one of them"
	d.Related = []diag.Related{{Range: n.Field(selectors[0]).At.Range(), Message: selectors[0] + " is set here"}}
}

// noForm reports a struct that has none of the fields which distinguish its forms.
func (c *checker) noForm(n *data.Node, union []Types, selectors []string, at *frame) {
	for i := range n.Fields {
		f := &n.Fields[i]
		if word := c.otherWord(f.Name, selectors, at.path()); word != "" {
			d := c.report(diag.UnknownField, f.At.Range(), append(at.path(), f.Name), "unknown field %q", f.Name)
			d.Help = word
			return
		}
		if near := diag.Nearest(f.Name, selectors); near != "" {
			path := append(at.path(), f.Name)
			d := c.report(diag.UnknownField, f.At.Range(), path, "unknown field %q", f.Name)
			d.Help = fmt.Sprintf("did you mean %q?", near)
			if sure := diag.Misspelt(f.Name, selectors); sure != "" {
				d.Fix = f.Rename(sure)
			}
			return
		}
	}
	var meant []Types
	for _, alt := range union {
		if slices.ContainsFunc(n.Fields, func(f data.Field) bool { return knows(alt, f.Name) }) {
			meant = append(meant, alt)
		}
	}
	if len(meant) == 1 {
		c.value(n, meant[0], at)
		return
	}
	if len(meant) == 0 && len(n.Fields) > 0 {
		f := &n.Fields[0]
		d := c.report(diag.UnknownField, f.At.Range(), append(at.path(), f.Name), "unknown field %q", f.Name)
		d.Help = "allowed fields: " + strings.Join(selectors, ", ")
		return
	}
	d := c.report(diag.MissingField, key(n, at), at.path(), "%s needs one of %s", at.name(), strings.Join(selectors, ", "))
	d.Help = "set one of them"
}

// knows reports whether an alternative has a field of that name.
func knows(alt Types, name string) bool {
	return slices.ContainsFunc(alt, func(t *Type) bool { return t.Struct != nil && t.Struct.Field(name) != nil })
}

// selectorOf returns the required field of an alternative that a struct has, or "".
func selectorOf(alt Types, n *data.Node) string {
	for _, name := range selectorNames(alt) {
		if n.Field(name) != nil {
			return name
		}
	}
	return ""
}

// selectorNames returns the first required field of each struct of an alternative, which
// distinguishes it from the others.
func selectorNames(alt Types) []string {
	var names []string
	for _, t := range alt {
		if t.Struct == nil {
			continue
		}
		for _, f := range t.Struct.Fields {
			if f.Presence == Required {
				names = append(names, f.Name)
				break
			}
		}
	}
	return names
}

// noScalar reports a scalar or list that no alternative of a union admits. If only one
// alternative is of its kind, the report is that alternative's.
func (c *checker) noScalar(n *data.Node, t *Type, ts Types, at *frame) {
	var same []Types
	for _, alt := range t.Union {
		if !slices.ContainsFunc(alt, func(t *Type) bool { return !t.Kinds.Has(n.Kind) }) {
			same = append(same, alt)
		}
	}
	if len(same) == 1 {
		before := len(c.diags)
		c.value(n, same[0], at)
		if s := suggest(n, ts); len(c.diags) > before && s.help != "" { // from all alternatives
			s.addTo(n, &c.diags[before])
		}
		return
	}
	var words []*data.Node
	code := diag.OutOfBounds
	for _, alt := range same {
		switch {
		case len(alt[0].Enum) == 0 && n.Kind == data.String:
			code = diag.BadFormat
		case len(alt) == 1 && len(alt[0].Enum) == 1 && coveredBy(t, alt[0].Enum[0]): // a default that is not one of the listed words
		default:
			words = append(words, alt[0].Enum...)
		}
	}
	d := c.report(code, n.At.Range(), at.path(), "%s is %s, not %s", at.name(), show(n), describe(Types{t}))
	if nearWord(n, words).addTo(n, d); d.Help == "" {
		suggest(n, ts).addTo(n, d)
	}
	d.Related = rule(Types{t})
}

// nearWord suggests the word that was misspelt. The first letter has to be the same: external
// is not internal.
func nearWord(n *data.Node, enum []*data.Node) suggestion {
	if n.Kind != data.String || n.Text == "" {
		return suggestion{}
	}
	var words []string
	for _, e := range enum {
		if e.Kind == data.String && e.Text != "" && strings.EqualFold(e.Text[:1], n.Text[:1]) {
			words = append(words, e.Text)
		}
	}
	if ours := otherValues[strings.ToLower(n.Text)]; slices.ContainsFunc(enum, func(e *data.Node) bool { return e.Text == ours }) {
		return suggestion{help: fmt.Sprintf("%q is %q here", n.Text, ours)}
	}
	near := diag.Nearest(n.Text, words)
	if near == "" {
		return suggestion{}
	}
	s := suggestion{help: fmt.Sprintf("did you mean %q?", near)}
	if sure := diag.Misspelt(n.Text, words); sure != "" {
		s.now = &data.Node{Kind: data.String, Text: sure}
	}
	return s
}
