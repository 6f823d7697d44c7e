package providertest

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// leaf is a scalar that an author may write, of one kind, and the way to it.
type leaf struct {
	steps    []stride
	types    shape.Types   // all that constrain it
	options  []shape.Types // of that kind: the alternatives of its union, or types alone
	examples []any
	verdict  string // what is wrong with it
}

// stride leads from a value to a field, an entry or an element of it.
type stride struct {
	name   string      // of a field, or ""
	key    shape.Types // of an entry: what its name may be; nil of a field or element
	in     shape.Types // the struct or list that it is in, without alternatives
	needs  *shape.If   // what has to hold for the field to be there, or nil
	sample []any       // examples of what it leads from
}

// leavesOf are the leaves of a tenant. Extensions of other providers are left out, and
// what says who the tenant is and for whom.
func leavesOf(tenant shape.Types, provider string) []leaf {
	var all []leaf
	var walk func(types shape.Types, steps []stride, examples []any)
	walk = func(types shape.Types, steps []stride, examples []any) {
		scalars := map[data.Kind]*leaf{}
		for _, alt := range alternatives(types) {
			if kind, ok := scalarKind(alt); ok {
				l := scalars[kind]
				if l == nil {
					l = &leaf{steps: steps, types: types, examples: examples}
					scalars[kind] = l
				}
				l.options = append(l.options, alt)
				continue
			}
			for _, f := range fieldsOf(alt) {
				if len(steps) == 0 && slices.Contains([]string{"id", "provider"}, f.Name) {
					continue
				}
				walk(f.Types, append(slices.Clip(steps), stride{name: f.Name, in: alt, needs: f.needs, sample: examples}), examplesOf(f.Field, examples))
			}
			for _, t := range alt {
				if t.List != nil {
					walk(elements(alt), append(slices.Clip(steps), stride{in: alt, sample: examples}), below(examples))
					break
				}
			}
			key, value := entriesOf(alt)
			if len(key) == 0 {
				continue
			}
			if n := len(steps); n > 0 && steps[n-1].name == "extensions" {
				continue
			}
			walk(value, append(slices.Clip(steps), stride{key: key, in: alt, sample: examples}), below(examples))
		}
		for _, kind := range []data.Kind{data.String, data.Int, data.Bool} {
			if l := scalars[kind]; l != nil {
				all = append(all, *l)
			}
		}
	}
	walk(tenant, nil, nil)
	return slices.DeleteFunc(all, func(l leaf) bool {
		for i, s := range l.steps {
			if i > 0 && l.steps[i-1].name == "extensions" && s.name != provider {
				return true
			}
		}
		return false
	})
}

// alternatives takes unions apart: every result is without any.
func alternatives(types shape.Types) []shape.Types {
	for i, t := range types {
		if len(t.Union) == 0 {
			continue
		}
		var all []shape.Types
		for _, alt := range t.Union {
			all = append(all, alternatives(slices.Concat(types[:i:i], alt, types[i+1:]))...)
		}
		return all
	}
	return []shape.Types{types}
}

// scalarKind is the kind of scalar that types admit, Int for any number.
func scalarKind(types shape.Types) (data.Kind, bool) {
	kinds := shape.AnyKind
	for _, t := range types {
		kinds &= t.Kinds
		if len(t.Enum) > 0 {
			var listed shape.Kinds
			for _, e := range t.Enum {
				listed |= 1 << e.Kind
			}
			kinds &= listed
		}
	}
	switch {
	case kinds.Has(data.Struct), kinds.Has(data.List):
		return 0, false
	case kinds.Has(data.String):
		return data.String, true
	case kinds.Has(data.Int), kinds.Has(data.Float):
		return data.Int, true
	case kinds.Has(data.Bool):
		return data.Bool, true
	}
	return 0, false
}

// field is a field with all that constrains it, and what has to hold for it to be there.
type field struct {
	*shape.Field
	Types shape.Types
	needs *shape.If
}

// fieldsOf are the fields of a struct, in order.
func fieldsOf(types shape.Types) []field {
	var all []field
	add := func(f *shape.Field, needs *shape.If) {
		for i := range all {
			if all[i].Name != f.Name || all[i].needs != nil && needs != nil {
				continue
			}
			all[i].Types = append(slices.Clip(all[i].Types), f.Types...)
			if f.Presence == shape.Required || all[i].Doc == "" && f.Doc != "" {
				merged := *all[i].Field
				merged.Presence = max(merged.Presence, f.Presence)
				if merged.Doc == "" {
					merged.Doc = f.Doc
				}
				all[i].Field = &merged
			}
			return
		}
		all = append(all, field{f, f.Types, needs})
	}
	for _, t := range types {
		if t.Struct == nil {
			continue
		}
		for _, f := range t.Struct.Fields {
			add(f, nil)
		}
		for i := range t.Struct.Ifs {
			for _, f := range t.Struct.Ifs[i].Then.Fields {
				add(f, &t.Struct.Ifs[i])
			}
		}
	}
	return all
}

// entriesOf are what the names and the values of a map's entries are; nil where it is none.
func entriesOf(types shape.Types) (key, value shape.Types) {
	for _, t := range types {
		if t.Struct == nil {
			continue
		}
		for _, p := range t.Struct.Patterns {
			key, value = append(key, p.Key...), append(value, p.Value...)
		}
	}
	return key, value
}

// elements are what a list's elements are: the first, where that is another than the rest.
func elements(types shape.Types) shape.Types {
	var all shape.Types
	for _, t := range types {
		switch {
		case t.List == nil:
		case len(t.List.First) > 0:
			all = append(all, t.List.First[0]...)
		default:
			all = append(all, t.List.Rest...)
		}
	}
	return all
}
