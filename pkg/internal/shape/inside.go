package shape

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Inside is what may be written at a position of a spec.
type Inside struct {
	Fields []NamedForm // that may be added
	Key    string      // what a key of a map is, in words; "" where it is none
	Type   string      // what the value may be, in words
	Values []string    // the constants that it may be, as an author writes them in CUE and JSON
}

// NamedForm is a field by its name.
type NamedForm struct {
	Name string
	Form
}

// Inside returns what may be written at a path whose keys and indices are all there, or nil where
// the path leads to nothing. The fields of the struct there are those beside the ones that it
// has; written holds those, with the text of scalars.
func (s *Shape) Inside(path diag.Path, written map[string]string) *Inside {
	ts := s.Tenant
	for _, e := range path {
		if ts = ts.step(e); len(ts) == 0 {
			return nil
		}
	}
	in := &Inside{Type: ts.explained(), Values: ts.constants()}
	for _, t := range ts {
		if t.Struct != nil && len(t.Struct.Patterns) > 0 && in.Key == "" {
			in.Key = describe(t.Struct.Patterns[0].Key)
		}
	}
	for _, f := range ts.allowed(written) {
		_, has := written[f.Name]
		if has || slices.ContainsFunc(in.Fields, func(have NamedForm) bool { return have.Name == f.Name }) {
			continue
		}
		in.Fields = append(in.Fields, NamedForm{f.Name, f.form("")})
	}
	return in
}

// step returns what the field or element of a name is.
func (ts Types) step(name string) Types {
	var all Types
	for _, t := range ts {
		if s := t.Struct; s != nil {
			found := false
			for _, f := range s.all() {
				if f.Name == name {
					all, found = append(all, f.Types...), true
				}
			}
			for _, p := range s.Patterns {
				if !found {
					all = append(all, p.Value...)
				}
			}
		}
		if t.List != nil && len(name) > 0 && name[0] == '[' {
			all = append(all, t.List.elements()...)
		}
		for _, alt := range t.Union {
			all = append(all, alt.step(name)...)
		}
	}
	return all
}

// all are the fields of a struct, those included that depend on others.
func (s *Struct) all() []*Field {
	all := slices.Clip(s.Fields)
	for i := range s.Ifs {
		all = append(all, s.Ifs[i].Then.all()...)
	}
	return all
}

// allowed returns the fields of a struct in which some are written: of forms that exclude each
// other, those of the one that is meant, if that can be told.
func (ts Types) allowed(written map[string]string) []spot {
	var all []spot
	for _, t := range ts {
		if s := t.Struct; s != nil {
			for _, f := range s.Fields {
				all = append(all, spot{Field: f})
			}
			for i := range s.Ifs {
				if s.Ifs[i].holds(s, written) {
					all = append(all, Types{{Struct: s.Ifs[i].Then}}.allowed(written)...)
				}
			}
		}
		var meant []Types
		for _, alt := range t.Union {
			if slices.ContainsFunc(selectorNames(alt), func(name string) bool { _, has := written[name]; return has }) {
				meant = append(meant, alt)
			}
		}
		if len(meant) == 0 {
			meant = t.Union
		}
		for _, alt := range meant {
			all = append(all, alt.allowed(written)...)
		}
	}
	return all
}

// holds reports whether the fields of an If are there.
func (i *If) holds(s *Struct, written map[string]string) bool {
	text := written[i.Field]
	if f := s.Field(i.Field); text == "" && f != nil {
		if value := f.Types.Default(); value != nil {
			text = value.Text
		}
	}
	return (text == i.Value.Text) == i.Equal
}

// constants returns the constants that a value may be.
func (ts Types) constants() []string {
	var all []string
	add := func(text string) {
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	for _, t := range ts {
		for _, e := range t.Enum {
			add(show(e))
		}
		if len(t.Enum) == 0 && t.Kinds == kind(data.Bool) {
			add("true")
			add("false")
		}
		for _, alt := range t.Union {
			for _, text := range alt.constants() {
				add(text)
			}
		}
	}
	return all
}
