package providertest

import (
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// mostNames is how many entries of a map are tried.
const mostNames = 3

// paths are the places of a leaf in a tenant: for each map below it, the entries that the
// tenant has, or new ones. Where there is true, only those where it is set.
func (l leaf) paths(tenant map[string]any, names [][]string, there bool) []diag.Path {
	var all []diag.Path
	var follow func(v any, i int, path diag.Path)
	follow = func(v any, i int, path diag.Path) {
		if there && v == nil {
			return
		}
		if i == len(l.steps) {
			if n := node(v); v == nil || n.Kind != data.Struct && n.Kind != data.List {
				all = append(all, path)
			}
			return
		}
		s := l.steps[i]
		m, _ := v.(map[string]any)
		switch {
		case s.name != "":
			follow(m[s.name], i+1, path.To(s.name))
		case s.key == nil:
			var first any
			if list, _ := v.([]any); len(list) > 0 {
				first = list[0]
			}
			follow(first, i+1, path.To(0))
		default:
			keys := slices.Sorted(maps.Keys(m))
			if len(path) == 1 && path[0] == "workloads" && !there {
				keys = []string{"web"}
			}
			if len(keys) == 0 {
				keys = keysOf(s.key, s.sample, names)
			}
			for _, key := range keys[:min(len(keys), mostNames)] {
				follow(m[key], i+1, path.To(key))
			}
		}
	}
	follow(tenant, 0, nil)
	return all
}

// valueAt is what stands at a path below a value, or nil.
func valueAt(v any, path diag.Path) any {
	for _, name := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			if v = nil; len(in) > 0 {
				v = in[0]
			}
		default:
			return nil
		}
	}
	return v
}

// set returns a tenant with a leaf set at a path, and all that has to stand beside it;
// nil takes the leaf away.
func (l leaf) set(tenant map[string]any, path diag.Path, value any, names [][]string) map[string]any {
	var put func(v any, i int) any
	put = func(v any, i int) any {
		if i == len(l.steps) {
			return value
		}
		s := l.steps[i]
		if s.name == "" && s.key == nil {
			list, _ := v.([]any)
			list = slices.Clone(list)
			if len(list) == 0 {
				list = []any{nil}
			}
			if list[0] = put(list[0], i+1); list[0] == nil {
				list = list[1:]
			}
			return list
		}
		m, _ := v.(map[string]any)
		if m = maps.Clone(m); m == nil {
			m = map[string]any{}
		}
		key, _ := entriesOf(s.in)
		fields := fieldsOf(s.in)
		if s.needs != nil {
			m[s.needs.Field] = met(s.needs, fields)
		}
		maps.DeleteFunc(m, func(name string, _ any) bool { // what belongs to another alternative
			return len(key) == 0 && !slices.ContainsFunc(fields, func(f field) bool { return f.Name == name && holds(f.needs, m, fields) })
		})
		name := path[i]
		inner := put(m[name], i+1)
		if m[name] = inner; inner == nil {
			delete(m, name)
		}
		fillIn(m, s.in, s.sample, names)
		return m
	}
	return put(tenant, 0).(map[string]any)
}

// holds reports whether a condition holds in a struct; nil holds always.
func holds(needs *shape.If, m map[string]any, fields []field) bool {
	if needs == nil {
		return true
	}
	value := m[needs.Field]
	for _, f := range fields {
		if d := f.Types.Default(); value == nil && f.Name == needs.Field && d != nil {
			value = scalar(d)
		}
	}
	return (value == scalar(needs.Value)) == needs.Equal
}

// met is a value of a condition's field for which it holds.
func met(needs *shape.If, fields []field) any {
	if needs.Equal {
		return scalar(needs.Value)
	}
	for _, f := range fields {
		if f.Name != needs.Field {
			continue
		}
		for _, alt := range alternatives(f.Types) {
			for _, t := range alt {
				for _, e := range t.Enum {
					if e.Text != needs.Value.Text {
						return scalar(e)
					}
				}
			}
		}
	}
	return nil
}

// merged is a tenant with an addition.
func merged(tenant, addition map[string]any) map[string]any {
	m := maps.Clone(tenant)
	for name, v := range addition {
		old, isMap := m[name].(map[string]any)
		more, addsMap := v.(map[string]any)
		if isMap && addsMap {
			v = merged(old, more)
		}
		m[name] = v
	}
	return m
}
