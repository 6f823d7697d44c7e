package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Patch is a partial native document, as an author writes it under an extension's patch: what a
// platform knows and the vocabulary does not. Null removes a value, objects are merged, and all
// else replaces (RFC 7396); see [Native.Key] for lists.
type Patch map[string]any

// UnmarshalJSON keeps numbers as they are written.
func (p *Patch) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode((*map[string]any)(p))
}

// Native is what a platform's own types say of a kind of document that patches may change: a
// struct of the platform's SDK. It is read by reflection, where there is a patch.
type Native struct {
	// Name is the document's, in messages: Deployment.
	Name string

	// Field returns what documents call a field of a struct, or "" for none; inline means that
	// its own fields stand in its place.
	Field func(reflect.StructField) (name string, inline bool)

	// Key returns the member by which the elements of a list are told apart, for one that is
	// merged element by element; "" where the list is replaced. Nil replaces every list.
	Key func(reflect.StructField) string

	// Words returns the texts that a type has, or nil where it has any. Nil knows none.
	Words func(reflect.Type) []string

	// Kept are the fields that no patch may touch, and what to do instead: names, selectors, ids,
	// references to secrets, and what has a field of the vocabulary that policies read. A
	// pattern is a path without indexes, and `**.` is any way to the rest. A path of a list and
	// `+` keeps elements from being added.
	Kept map[string]string

	// Docs is a page about the document.
	Docs string
}

// Check reports what of a patch the document's type has no place for, at the author's own values,
// and what it may not touch. doc points to the document as it is rendered; at is the patch's path.
func (n *Native) Check(l *diag.List, at diag.Path, p Patch, doc any) {
	n.check(l, at, nil, reflect.ValueOf(doc), reflect.TypeOf(doc), nil, map[string]any(p))
}

// Apply merges a patch, which Check passed, into the document that doc points to. What the
// document shares with others is copied first. Values that its type has no place for are left
// out.
func (n *Native) Apply(doc any, p Patch) {
	n.merge(reflect.ValueOf(doc).Elem(), nil, map[string]any(p))
}

// fields are those of a struct by what documents call them, with the way to each.
func (n *Native) fields(t reflect.Type, index []int, into map[string]reflect.StructField) {
	for f := range t.Fields() {
		f.Index = append(slices.Clip(index), f.Index...)
		name, inline := n.Field(f)
		switch {
		case inline:
			n.fields(f.Type, f.Index, into)
		case name != "":
			into[name] = f
		}
	}
}

func (n *Native) key(of *reflect.StructField) string {
	if of == nil || n.Key == nil {
		return ""
	}
	return n.Key(*of)
}

// find returns the index of the element of a list whose member has that value, or -1.
func (n *Native) find(list reflect.Value, key, id string) int {
	if !list.IsValid() || list.Kind() != reflect.Slice {
		return -1
	}
	for i := range list.Len() {
		e := indirect(list.Index(i))
		names := map[string]reflect.StructField{}
		n.fields(e.Type(), nil, names)
		f, ok := names[key]
		if v := field(e, f.Index); ok && v.IsValid() && fmt.Sprint(v) == id {
			return i
		}
	}
	return -1
}

// merge sets a value as a patch says.
func (n *Native) merge(to reflect.Value, of *reflect.StructField, v any) {
	t := to.Type()
	switch {
	case v == nil:
		to.SetZero()
	case t.Kind() == reflect.Pointer:
		made := reflect.New(t.Elem())
		if !to.IsNil() {
			made.Elem().Set(to.Elem())
		}
		n.merge(made.Elem(), of, v)
		to.Set(made)
	case decodes(t):
		decode(v, to)
	case t.Kind() == reflect.Struct:
		n.mergeStruct(to, v)
	case t.Kind() == reflect.Map:
		n.mergeMap(to, v)
	case t.Kind() == reflect.Slice:
		n.mergeList(to, n.key(of), v)
	case t.Kind() == reflect.Interface:
		to.Set(reflect.ValueOf(mergedPlain(to.Interface(), v)))
	case t == durationType:
		if s, ok := v.(string); ok {
			if d, err := time.ParseDuration(s); err == nil {
				to.SetInt(int64(d))
			}
			return
		}
		decode(v, to)
	default:
		decode(v, to)
	}
}

func (n *Native) mergeStruct(to reflect.Value, v any) {
	names := map[string]reflect.StructField{}
	n.fields(to.Type(), nil, names)
	fields, _ := v.(map[string]any)
	for _, name := range sortedKeys(fields) {
		if f, ok := names[name]; ok {
			n.merge(to.FieldByIndex(f.Index), &f, fields[name])
		}
	}
}

func (n *Native) mergeMap(to reflect.Value, v any) {
	made := reflect.MakeMap(to.Type())
	for _, key := range to.MapKeys() {
		made.SetMapIndex(key, to.MapIndex(key))
	}
	fields, _ := v.(map[string]any)
	for _, name := range sortedKeys(fields) {
		key := reflect.ValueOf(name).Convert(to.Type().Key())
		if fields[name] == nil {
			made.SetMapIndex(key, reflect.Value{})
			continue
		}
		elem := reflect.New(to.Type().Elem()).Elem()
		if had := made.MapIndex(key); had.IsValid() {
			elem.Set(had)
		}
		n.merge(elem, nil, fields[name])
		made.SetMapIndex(key, elem)
	}
	to.Set(made)
}

func (n *Native) mergeList(to reflect.Value, key string, v any) {
	list, _ := v.([]any)
	made := reflect.MakeSlice(to.Type(), 0, len(list))
	if key != "" {
		made = reflect.AppendSlice(made, to)
	}
	for _, e := range list {
		at := -1
		if id, ok := keyOf(e, key); ok {
			at = n.find(made, key, id)
		}
		if at < 0 {
			at = made.Len()
			made = reflect.Append(made, reflect.New(to.Type().Elem()).Elem())
		}
		n.merge(made.Index(at), nil, e)
	}
	to.Set(made)
}

var durationType = reflect.TypeFor[time.Duration]()

// decodes reports whether a type reads JSON itself.
func decodes(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) && t.Kind() != reflect.Map
}

// decode sets a value from JSON; to what it was where it does not fit.
func decode(v any, to reflect.Value) {
	read := reflect.New(to.Type())
	if b, err := json.Marshal(v); err == nil && json.Unmarshal(b, read.Interface()) == nil {
		to.Set(read.Elem())
	}
}

// field is the value of a struct's field; none where the struct is none, or a pointer on the way.
func field(in reflect.Value, index []int) reflect.Value {
	if in = indirect(in); !in.IsValid() || in.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	v, err := in.FieldByIndexErr(index)
	if err != nil {
		return reflect.Value{}
	}
	return indirect(v)
}

// indirect follows pointers; none where one is nil.
func indirect(v reflect.Value) reflect.Value {
	for v.IsValid() && v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return v
}

func entry(in reflect.Value, name string) reflect.Value {
	if !in.IsValid() || in.Kind() != reflect.Map || in.IsNil() {
		return reflect.Value{}
	}
	return indirect(in.MapIndex(reflect.ValueOf(name).Convert(in.Type().Key())))
}

// keyOf is an element's member that tells it from others.
func keyOf(e any, key string) (string, bool) {
	m, _ := e.(map[string]any)
	v, ok := m[key]
	return fmt.Sprint(v), ok && v != nil
}

// mergedPlain is RFC 7396 of plain values; numbers become what encoding/json makes of them.
func mergedPlain(was, v any) any {
	switch v := v.(type) {
	case map[string]any:
		before, _ := was.(map[string]any)
		made := map[string]any{}
		for name, e := range before {
			made[name] = e
		}
		for name, e := range v {
			if e == nil {
				delete(made, name)
			} else {
				made[name] = mergedPlain(made[name], e)
			}
		}
		return made
	case []any:
		made := make([]any, len(v))
		for i, e := range v {
			made[i] = mergedPlain(nil, e)
		}
		return made
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		return f
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
