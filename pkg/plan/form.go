package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// form is how values of a Go type are read from a spec, and written in one, as the type's
// declaration says. The fields of a struct have the tag
//
//	spec:"NAME,OPTION,…"
//
// NAME is the author's name if it differs from the one in the plan's JSON; a dot joins it to
// its parent's name (capabilities.add). A field named - is not read from a spec, and one named
// . is written in place of its struct. The options are a unit of [amounts], and default: the
// schema has a default, and providers may ask whether an author wrote the field: see
// [Workload.Wrote].
type form struct {
	read   func(v value, to reflect.Value)
	fields []field // of a struct, in the order of their declaration
	elem   *form   // of a map's entries or a list's elements

	// written is the index of the field Written, or -1; tracks is whether the type or one in it
	// has such a field.
	written int
	tracks  bool
}

type field struct {
	json, spec string
	path       []string // spec, split; empty for a field in place of its struct
	index      int
	isDefault  bool
	write      func(n int64) string // in its unit; nil if it has none
	form       *form
}

// planForm is computed once.
var planForm = sync.OnceValue(func() *form { return formOf(reflect.TypeFor[Plan](), amount{}) })

// reader is a type with a short form in a spec.
type reader interface {
	// readSpec reads the value; f is the form of its struct.
	readSpec(v value, f *form)
}

func formOf(t reflect.Type, unit amount) *form {
	f := &form{written: -1}
	switch {
	case unit.read != nil:
		f.read = func(v value, to reflect.Value) { to.SetInt(unit.read(v)) }
	case t.Kind() == reflect.Pointer:
		elem := formOf(t.Elem(), unit)
		*f = *elem
		f.read = func(v value, to reflect.Value) {
			to.Set(reflect.New(t.Elem()))
			elem.read(v, to.Elem())
		}
		return f
	case t.Kind() == reflect.Struct:
		f.declare(t)
		f.read = f.readFields
	case t.Kind() == reflect.Map, t.Kind() == reflect.Slice:
		f.elem = formOf(t.Elem(), unit)
		f.tracks = f.elem.tracks
		f.read = f.readEntries
		if t.Kind() == reflect.Slice {
			f.read = f.readElems
		}
	case t.Kind() == reflect.Bool:
		f.read = func(v value, to reflect.Value) { to.SetBool(v.bool()) }
	case t.Kind() == reflect.Int:
		f.read = func(v value, to reflect.Value) { to.SetInt(int64(v.int())) }
	case t.Kind() == reflect.String:
		f.read = func(v value, to reflect.Value) { to.SetString(v.text()) }
	}
	switch t {
	case reflect.TypeFor[map[string]string]():
		f.read = func(v value, to reflect.Value) { *to.Addr().Interface().(*map[string]string) = v.texts() }
	case reflect.TypeFor[[]string]():
		f.read = func(v value, to reflect.Value) { *to.Addr().Interface().(*[]string) = v.list() }
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[reader]()) {
		f.read = func(v value, to reflect.Value) { to.Addr().Interface().(reader).readSpec(v, f) }
	}
	if f.read == nil {
		panic(fmt.Sprintf("plan: values of type %s cannot be read from a spec: give it a method readSpec, or the field a unit", t))
	}
	return f
}

// declare parses the tags of a struct's fields.
func (f *form) declare(t reflect.Type) {
	for i := range t.NumField() {
		sf := t.Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if name == "" {
			continue // a type with its own JSON form
		}
		spec, options, _ := strings.Cut(sf.Tag.Get("spec"), ",")
		d := field{json: name, spec: spec, index: i}
		if name == "written" {
			f.written, f.tracks = i, true
		}
		var unit amount
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "":
			case "default":
				d.isDefault = true
			default:
				unit = amounts[option]
				if unit.read == nil {
					panic(fmt.Sprintf("plan: field %s of %s has an option that is not known: %s", sf.Name, t, option))
				}
				d.write = unit.write
			}
		}
		switch d.spec {
		case "-":
			d.path = []string{name}
			f.fields = append(f.fields, d)
			continue
		case ".":
		case "":
			d.spec = name
			fallthrough
		default:
			d.path = strings.Split(d.spec, ".")
		}
		d.form = formOf(sf.Type, unit)
		f.tracks = f.tracks || d.form.tracks
		f.fields = append(f.fields, d)
	}
}

// extension reports whether the field is the provider's part of extensions.
func (d *field) extension() bool { return d.spec == "extensions" }

// field returns the field of that name in the plan's JSON, or nil.
func (f *form) field(json string) *field {
	if i := slices.IndexFunc(f.fields, func(d field) bool { return d.json == json }); i >= 0 {
		return &f.fields[i]
	}
	return nil
}

// readFields reads a struct, field by field; missing fields stay unchanged.
func (f *form) readFields(v value, to reflect.Value) {
	for i := range f.fields {
		d := &f.fields[i]
		if d.form == nil || len(d.path) == 0 {
			continue
		}
		child := v
		for _, name := range d.path {
			child = child.get(name)
		}
		if !child.exists() {
			continue
		}
		if d.form.tracks {
			child.author = v.author.Get(d.path...)
		}
		d.form.read(child, to.Field(d.index))
	}
	if f.written >= 0 {
		*to.Field(f.written).Addr().Interface().(*[]string) = f.writtenIn(v)
	}
}

// readEntries reads a map; nil if it is empty.
func (f *form) readEntries(v value, to reflect.Value) {
	if len(v.n.Fields) == 0 {
		return
	}
	m := reflect.MakeMapWithSize(to.Type(), len(v.n.Fields))
	key := reflect.New(to.Type().Key()).Elem()
	elem := reflect.New(to.Type().Elem()).Elem()
	for _, e := range v.n.Fields {
		elem.SetZero()
		child := value{v.builder, e.Value, v.n, nil, e.Name}
		if f.tracks {
			child.author = v.author.Get(e.Name)
		}
		f.elem.read(child, elem)
		key.SetString(e.Name)
		m.SetMapIndex(key, elem)
	}
	to.Set(m)
}

// readElems reads a list; nil if it is empty.
func (f *form) readElems(v value, to reflect.Value) {
	if len(v.n.Elems) == 0 {
		return
	}
	list := reflect.MakeSlice(to.Type(), len(v.n.Elems), len(v.n.Elems))
	for i, e := range v.n.Elems {
		f.elem.read(value{builder: v.builder, n: e, in: v.n}, list.Index(i))
	}
	to.Set(list)
}
