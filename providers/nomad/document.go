package nomad

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// jobFile is the input of `nomad job run -json` (command/helpers.go).
type jobFile struct{ Job *api.Job }

// document formats a value of Nomad's own types as readable JSON, without unset fields, which
// encoding/json would write. A missing member is decoded to the same value.
func document(name string, v any) provider.File {
	var b bytes.Buffer
	// Indent does not fail on valid JSON
	_ = json.Indent(&b, appendSet(nil, reflect.ValueOf(v), true), "", "  ")
	b.WriteByte('\n')
	return provider.File{Name: name, Data: b.Bytes()}
}

// appendSet appends the fields of a value that are set as JSON, nothing if there are none. A
// zero counts as set if a pointer, a list or a map contains it.
func appendSet(b []byte, v reflect.Value, led bool) []byte {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return b
		}
		return appendSet(b, v.Elem(), true)
	case reflect.Struct:
		start := len(b)
		b = append(b, '{')
		for i, name := range fieldNames(v.Type()) {
			b = appendMember(b, name, v.Field(i), false)
		}
		return closed(b, start, '}', led)
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		start := len(b)
		b = append(b, '{')
		for _, key := range keys {
			b = appendMember(b, key.String(), v.MapIndex(key), true)
		}
		return closed(b, start, '}', led)
	case reflect.Slice:
		start := len(b)
		b = append(b, '[')
		for i := range v.Len() {
			b = append(appendSet(b, v.Index(i), true), ',')
		}
		return closed(b, start, ']', led)
	}
	if v.IsZero() && !led {
		return b
	}
	return append(b, scalar(v.Interface())...)
}

// appendMember appends a member and a comma, if its value is set.
func appendMember(b []byte, name string, v reflect.Value, led bool) []byte {
	start := len(b)
	b = append(append(b, scalar(name)...), ':')
	value := len(b)
	if b = appendSet(b, v, led); len(b) == value {
		return b[:start]
	}
	return append(b, ',')
}

// closed appends the closing bracket of what began at start, or removes it if it is empty.
func closed(b []byte, start int, end byte, empty bool) []byte {
	switch {
	case len(b) > start+1:
		b[len(b)-1] = end // replaces the last comma
		return b
	case empty:
		return append(b, end)
	}
	return b[:start]
}

// fieldNames returns the names of a type's fields in JSON, in order.
func fieldNames(t reflect.Type) []string {
	if names, ok := namesByType.Load(t); ok {
		return names.([]string)
	}
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" {
			name = t.Field(i).Name
		}
		names = append(names, name)
	}
	namesByType.Store(t, names)
	return names
}

var namesByType sync.Map // of []string by reflect.Type

// scalar formats a text, number or bool as JSON, without escaping <, > and &.
func scalar(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	// encoding scalars does not fail
	_ = e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
