package plan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// SpecPath converts a path of the plan's JSON to the author's path in the spec.
func (p *Plan) SpecPath(path diag.Path) diag.Path {
	spec := make(diag.Path, 0, len(path)+1)
	at := planForm()
	for i, e := range path {
		if at == nil || at.elem != nil { // not a field of the plan
			spec = append(spec, e)
			if at != nil {
				at = at.elem
			}
			continue
		}
		d := at.field(e)
		if d == nil {
			return append(spec, path[i:]...)
		}
		spec = append(spec, d.path...)
		if d.extension() {
			spec = append(spec, p.Provider)
		}
		at = d.form
	}
	return spec
}

// Spec converts the changes of two plans of a tenant to the author's terms.
type Spec struct {
	from, to any
	plan     *Plan
}

// NewSpec makes a Spec for two plans for one provider.
func NewSpec(from, to *Plan) (*Spec, error) {
	s := &Spec{plan: to}
	var secrets mask.Secrets
	for _, side := range []struct {
		plan *Plan
		into *any
	}{{from, &s.from}, {to, &s.to}} {
		t, err := tree(side.plan)
		if err != nil {
			return nil, err
		}
		lookForSecrets(&secrets, nil, t)
		*side.into = t
	}
	for _, side := range []*any{&s.from, &s.to} {
		*side = s.spec(planForm(), hidden(&secrets, nil, *side))
	}
	return s, nil
}

// Change returns a change with its path in the spec, and its values as an author would write
// them. If a value has another form afterwards, the change is of the whole value: several
// changes of the plan may be one of the spec.
func (s *Spec) Change(c Change) Change {
	path := s.plan.SpecPath(c.Path)
	at := path
	for i := range path {
		old, isOld := find(s.from, path[:i])
		now, isNow := find(s.to, path[:i])
		if isOld && isNow && kindOf(old) != kindOf(now) {
			at = path[:i]
			break
		}
	}
	old, isOld := find(s.from, at)
	now, isNow := find(s.to, at)
	spec := Change{Path: at, Kind: Changed, Old: plain(old), New: plain(now)}
	switch {
	case !isOld && isNow:
		spec.Kind = Added
	case isOld && !isNow:
		spec.Kind = Removed
	case !isOld:
		spec.Kind = c.Kind // an author writes nothing for it
	}
	return spec
}

func kindOf(v any) reflect.Kind { return reflect.ValueOf(v).Kind() }

// find returns the value at a path of the spec.
func find(v any, at diag.Path) (any, bool) {
	for _, e := range at {
		switch t := v.(type) {
		case map[string]any:
			next, ok := t[e]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i := indexOf(t, e)
			if i < 0 {
				return nil, false
			}
			v = t[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func indexOf(list []any, e string) int {
	for i := range list {
		if diag.Index(i) == e {
			return i
		}
	}
	return -1
}

// spec converts a value of the plan's JSON to the author's form.
func (s *Spec) spec(f *form, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if f.elem == nil {
			return s.fields(f, v)
		}
		m := make(map[string]any, len(v))
		for name, e := range v {
			m[name] = s.spec(f.elem, e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = s.spec(f.elem, e)
		}
		return l
	}
	return plain(v)
}

// fields converts a struct: its fields get the author's names and nesting.
func (s *Spec) fields(f *form, v map[string]any) any {
	m := map[string]any{}
	var alone []string // the value that replaces the struct
	for i := range f.fields {
		d := &f.fields[i]
		value, ok := v[d.json]
		switch {
		case !ok:
		case d.form == nil:
			put(m, plain(value), d.path...)
		case d.extension():
			put(m, numbers(value), append(slices.Clip(d.path), s.plan.Provider)...)
		case len(d.path) == 0:
			alone = append(alone, fmt.Sprint(value))
		case d.write != nil:
			put(m, d.text(value), d.path...)
		default:
			put(m, s.spec(d.form, value), d.path...)
		}
	}
	if alone != nil {
		return strings.Join(alone, ".")
	}
	return m
}

// put sets a value at a path in a map.
func put(in map[string]any, value any, path ...string) {
	for _, e := range path[:len(path)-1] {
		next, ok := in[e].(map[string]any)
		if !ok {
			next = map[string]any{}
			in[e] = next
		}
		in = next
	}
	in[path[len(path)-1]] = value
}

// text formats a number in the field's unit.
func (d *field) text(v any) any {
	if number, ok := v.(json.Number); ok {
		if n, err := number.Int64(); err == nil {
			return d.write(n)
		}
	}
	return plain(v)
}

// numbers converts the numbers of an extension to Go's types.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = numbers(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = numbers(e)
		}
		return l
	case json.Number:
		if f, err := v.Float64(); err == nil && plain(v) == any(v) {
			return f
		}
	}
	return plain(v)
}
