package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Explanation describes a field. It has several forms if the field depends on others, such as
// readOnly of each kind of mount.
type Explanation struct {
	Path  diag.Path
	Forms []Form
}

// Form is a field in one of its cases.
type Form struct {
	Where    string // the case, such as `for kind "cron"`; "" if the form always applies
	Doc      string // the comment, without its default and example
	Type     string // in words, with bounds and enumeration
	Default  string // as written, or in words if it depends on another field; or ""
	Example  string // as an author writes it, or ""
	Required bool
	At       diag.Range // in the schema
	Fields   []Line     // the fields below it, one level deep

	types Types
}

// Explain describes the field at a path. Keys of maps and indices of lists may be left out:
// workloads.containers.image. If the field does not exist, it returns a *NoField.
func (s *Shape) Explain(path diag.Path) (*Explanation, error) {
	spots, lost := find(s.Tenant, path, 0)
	if lost != nil {
		return nil, lost
	}
	e := &Explanation{Path: path}
	for _, spot := range spots {
		e.Forms = append(e.Forms, spot.form(spots[0].Doc))
	}
	return e, nil
}

// find follows a path from its i-th name. A name that is not a field may be a map's key, if the
// rest of the path exists below it.
func find(ts Types, path diag.Path, i int) ([]spot, *NoField) {
	all := within(ts)
	spots := slices.DeleteFunc(slices.Clone(all), func(s spot) bool { return s.Name != path[i] })
	rest := i+1 < len(path)
	if len(spots) > 0 && !rest {
		return spots, nil
	}
	if len(spots) > 0 {
		var types Types
		for _, s := range spots {
			types = append(types, s.Types...)
		}
		return find(types, path, i+1)
	}
	lost := noField(path[:i+1], all)
	if entry := ts.entries(); rest && len(entry) > 0 {
		if spots, further := find(entry, path, i+1); further == nil || lost.near() == "" {
			return spots, further
		}
	}
	return nil, lost
}

// spot is a field with the case in which it exists. If choice is set, one of several fields is
// required, not this one.
type spot struct {
	*Field
	where  string
	choice bool
}

func (s spot) required() bool { return s.Presence == Required && !s.choice }

// within returns the fields of values or, if they have none, of their entries or elements.
func within(ts Types) []spot {
	for len(ts) > 0 {
		if spots := ts.fields(); len(spots) > 0 {
			return spots
		}
		ts = ts.entries()
	}
	return nil
}

// fields returns the fields of a struct, in the schema's order. A field that several
// alternatives share is listed once.
func (ts Types) fields() []spot {
	var spots []spot
	add := func(s spot) {
		if i := slices.IndexFunc(spots, func(have spot) bool { return have.Name == s.Name && have.At == s.At }); i >= 0 {
			spots[i].where = ""
			return
		}
		spots = append(spots, s)
	}
	for _, t := range ts {
		if t.Struct != nil {
			for _, f := range t.Struct.Fields {
				add(spot{Field: f})
			}
			for i := range t.Struct.Ifs {
				for _, f := range t.Struct.Ifs[i].Then.Fields {
					add(spot{Field: f, where: "for " + t.Struct.Ifs[i].words()})
				}
			}
		}
		var choice []string
		for _, alt := range t.Union {
			choice = append(choice, selectorNames(alt)...)
		}
		for _, alt := range t.Union {
			for _, s := range alt.fields() {
				if len(choice) > 1 && s.where == "" {
					if s.choice = slices.Contains(selectorNames(alt), s.Name); s.choice {
						s.where = "one of " + strings.Join(choice, ", ")
					} else {
						s.where = "beside " + selectorNames(alt)[0]
					}
				}
				add(s)
			}
		}
	}
	return spots
}

// words describes the case in which the fields exist.
func (i *If) words() string {
	if i.Equal {
		return i.Field + " " + show(i.Value)
	}
	return i.Field + " other than " + show(i.Value)
}

// entries returns the types of a map's entries and a list's elements.
func (ts Types) entries() Types {
	var all Types
	for _, t := range ts {
		if t.Struct != nil {
			for _, p := range t.Struct.Patterns {
				all = append(all, p.Value...)
			}
		}
		if t.List != nil {
			all = append(all, t.List.elements()...)
		}
		for _, alt := range t.Union {
			all = append(all, alt.entries()...)
		}
	}
	return all
}

func (l *List) elements() Types {
	if len(l.Rest) > 0 || len(l.First) == 0 {
		return l.Rest
	}
	return l.First[0]
}

// form describes a field; doc replaces a missing comment.
func (s spot) form(doc string) Form {
	if s.Doc != "" {
		doc = s.Doc
	}
	f := Form{
		Where: s.where, Type: s.Types.explained(), Required: s.required(), At: s.At, types: s.Types,
		Example: exampleOf(s.Doc),
	}
	f.Doc, f.Default = split(doc)
	if s.Presence == Defaulted {
		f.Default = show(s.Types.Default())
	}
	if f.Example != "" {
		f.Example = s.Name + ": " + f.Example
	}
	for _, inner := range within(s.Types) {
		f.Fields = append(f.Fields, inner.line(0))
	}
	return f
}

// split splits a comment into its text and the default in words, and drops the example.
func split(doc string) (rest, byDefault string) {
	rest, _, _ = strings.Cut(doc, "Example: `")
	rest, byDefault, _ = strings.Cut(rest, "Default: ")
	byDefault, more, _ := strings.Cut(byDefault+" ", ". ")
	return strings.TrimSpace(strings.TrimSpace(rest) + " " + more), strings.TrimSpace(byDefault)
}

// explained describes what types admit: the keys, entries and elements, and their number.
func (ts Types) explained() string {
	words := ""
	for _, t := range ts {
		switch {
		case words != "":
		case t.Struct != nil && len(t.Struct.Fields) == 0 && len(t.Struct.Patterns) > 0:
			p := t.Struct.Patterns[0]
			words = fmt.Sprintf("a map; a key is %s; an entry is %s", describe(p.Key), p.Value.explained())
		case t.List != nil:
			words = "a list; an element is " + t.List.elements().explained()
			if len(t.List.First) > 0 {
				words += "; at least " + entries(len(t.List.First))
			}
		}
	}
	if words == "" {
		words = describe(ts)
	}
	for _, t := range ts {
		for _, b := range t.Bounds {
			switch b.Op {
			case MinFields, MinItems:
				words += "; at least " + entries(int(b.n))
			case MaxFields, MaxItems:
				words += "; at most " + entries(int(b.n))
			}
		}
	}
	return words
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
