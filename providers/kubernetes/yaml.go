package kubernetes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// yamlOf writes an object of the API as YAML: fields in the order of their type, as in the
// API's reference, map keys sorted, and nothing that is empty, unless a pointer leads to
// it. sigs.k8s.io/yaml, which goes through JSON, takes more than ten times as long, puts a
// container's arguments before its name, and writes a status that nobody has.
func yamlOf(object any) []byte {
	w := &yamlWriter{}
	w.Grow(2048)
	w.mapping(reflect.ValueOf(object).Elem(), 0)
	return w.Bytes()
}

// yamlWriter writes block style, as kubectl does: two spaces a level, lists at the level
// of their key.
type yamlWriter struct {
	bytes.Buffer
	begun bool // the next line begins with a dash
}

const spaces = "                                                                "

func (w *yamlWriter) begin(indent int) {
	if !w.begun {
		w.WriteString(spaces[:indent])
	}
	w.begun = false
}

// after writes the value after a key or a dash.
func (w *yamlWriter) after(v reflect.Value, indent int) {
	v = reflect.Indirect(v)
	switch t := v.Type(); {
	case t.Kind() == reflect.Struct && infoOf(t).marshals:
		w.marshaled(v, indent)
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		if isEmpty(v) {
			w.WriteString(" {}\n")
			return
		}
		w.WriteByte('\n')
		w.mapping(v, indent+2)
	case t.Kind() == reflect.Slice:
		w.WriteByte('\n')
		w.list(v, indent)
	default:
		w.scalar(v, indent)
	}
}

func (w *yamlWriter) list(v reflect.Value, indent int) {
	for i := range v.Len() {
		w.begin(indent)
		w.WriteByte('-')
		item := reflect.Indirect(v.Index(i))
		if item.Kind() == reflect.Struct && !infoOf(item.Type()).marshals && !isEmpty(item) {
			w.WriteByte(' ')
			w.begun = true
			w.mapping(item, indent+2)
			continue
		}
		w.after(item, indent)
	}
}

func (w *yamlWriter) mapping(v reflect.Value, indent int) {
	if v.Kind() == reflect.Struct {
		for _, f := range infoOf(v.Type()).fields {
			if of := v.FieldByIndex(f.index); !f.omitted(of) {
				w.begin(indent)
				w.WriteString(f.name)
				w.WriteByte(':')
				w.after(of, indent)
			}
		}
		return
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		w.begin(indent)
		w.text(k.String())
		w.WriteByte(':')
		w.after(v.MapIndex(k), indent)
	}
}

// marshaled writes a type with its own JSON form: a quantity, a count or a percentage.
func (w *yamlWriter) marshaled(v reflect.Value, indent int) {
	b, err := v.Interface().(json.Marshaler).MarshalJSON()
	if err != nil {
		panic(fmt.Sprintf("%s: %v", v.Type(), err)) // these types always have one
	}
	if len(b) == 0 || b[0] != '"' {
		w.WriteByte(' ')
		w.Write(b)
		w.WriteByte('\n')
		return
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		panic(fmt.Sprintf("%s: %v", v.Type(), err))
	}
	w.scalar(reflect.ValueOf(s), indent)
}

func (w *yamlWriter) scalar(v reflect.Value, indent int) {
	w.WriteByte(' ')
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); isBlock(s) {
			w.block(s, indent+2)
			return
		}
		w.text(v.String())
	case reflect.Bool:
		w.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int32, reflect.Int64:
		w.WriteString(strconv.FormatInt(v.Int(), 10))
	default:
		panic("the objects of this provider have no field of type " + v.Type().String())
	}
	w.WriteByte('\n')
}

// typeInfo is what the encoder caches about a struct type.
type typeInfo struct {
	fields   []fieldInfo
	marshals bool
}

type fieldInfo struct {
	name      string
	index     []int
	omitEmpty bool
}

// omitted reports whether a field is left out. An empty list, map or struct has no meaning in
// the API, whatever its tag.
func (f fieldInfo) omitted(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil()
	case reflect.Slice, reflect.Map, reflect.Struct:
		return isEmpty(v)
	}
	return f.omitEmpty && v.IsZero()
}

func isEmpty(v reflect.Value) bool {
	if v.Kind() != reflect.Struct {
		return v.Len() == 0
	}
	info := infoOf(v.Type())
	if info.marshals || v.IsZero() {
		return v.IsZero()
	}
	return !slices.ContainsFunc(info.fields, func(f fieldInfo) bool { return !f.omitted(v.FieldByIndex(f.index)) })
}

var (
	infos     sync.Map // reflect.Type → *typeInfo
	marshaler = reflect.TypeFor[json.Marshaler]()
	typeMeta  = reflect.TypeFor[metav1.TypeMeta]()
)

func infoOf(t reflect.Type) *typeInfo {
	if info, ok := infos.Load(t); ok {
		return info.(*typeInfo)
	}
	info := &typeInfo{marshals: t.Implements(marshaler)}
	if !info.marshals {
		info.fields = fieldsIn(t)
	}
	infos.Store(t, info)
	return info
}

// fieldsIn lists the fields as encoding/json does, those of embedded structs in their
// place; apiVersion stands before kind, as everybody writes it.
func fieldsIn(t reflect.Type) []fieldInfo {
	var fields []fieldInfo
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for _, g := range fieldsIn(f.Type) {
				g.index = append(slices.Clone(f.Index), g.index...)
				fields = append(fields, g)
			}
		case f.IsExported() && name != "" && name != "-":
			fields = append(fields, fieldInfo{name, f.Index, strings.Contains(options, "omitempty")})
		}
	}
	if t == typeMeta {
		slices.Reverse(fields)
	}
	return fields
}
