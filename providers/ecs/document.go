package ecs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// naming returns the name of a field of the SDK's structs in a service's API, and in the AWS
// CLI.
type naming func(structName, field string) string

// camelCase is the naming of Amazon ECS, pascalCase of Application Auto Scaling.
func camelCase(_, field string) string  { return strings.ToLower(field[:1]) + field[1:] }
func pascalCase(_, field string) string { return field }

// schedulerCase is the naming of EventBridge Scheduler: pascalCase, except what its API adopted
// from ECS (botocore's service model of scheduler, 2021-06-30).
func schedulerCase(structName, field string) string {
	switch structName {
	case "NetworkConfiguration", "CapacityProviderStrategyItem", "PlacementConstraint", "PlacementStrategy":
		return camelCase(structName, field)
	}
	return field
}

// document writes an input as a file for the CLI's --cli-input-json.
func document(input any, name naming) ([]byte, error) {
	text, err := compact(input, name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// compact writes an input as JSON without white space. Members that are nil or empty
// are left out, and so is a zero that is not behind a pointer: the SDK has those only
// where 0 is the API's default. Bools are all written: without a pointer they are
// required. Members come in the order of their names, after what names the whole.
func compact(input any, name naming) ([]byte, error) {
	w := &writer{name: name}
	w.value(reflect.ValueOf(input))
	return w.Bytes(), w.err
}

type writer struct {
	bytes.Buffer
	name naming
	err  error
}

func (w *writer) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		w.value(v.Elem())
	case reflect.Struct:
		w.object(w.members(v))
	case reflect.Map:
		var members []member
		for _, key := range v.MapKeys() {
			members = append(members, member{key.String(), v.MapIndex(key)})
		}
		w.object(members)
	case reflect.Slice:
		w.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				w.WriteByte(',')
			}
			w.value(v.Index(i))
		}
		w.WriteByte(']')
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		w.scalar(v.Interface())
	default:
		w.err = fmt.Errorf("no JSON form for %s", v.Type())
	}
}

// scalar writes a text, number or bool without HTML escapes.
func (w *writer) scalar(v any) {
	enc := json.NewEncoder(&w.Buffer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		w.err = err
		return
	}
	w.Truncate(w.Len() - 1) // the newline
}

type member struct {
	name  string
	value reflect.Value
}

// members returns the members of a struct, including those of embedded structs.
func (w *writer) members(v reflect.Value) []member {
	var members []member
	for field, value := range v.Fields() {
		switch {
		case field.Anonymous && field.Name != "noSmithyDocumentSerde":
			members = append(members, w.members(value)...)
		case field.IsExported() && !left(value):
			members = append(members, member{w.name(v.Type().Name(), field.Name), value})
		}
	}
	return members
}

// left reports whether a member is left out.
func left(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Bool:
		return false
	}
	return v.IsZero()
}

func (w *writer) object(members []member) {
	slices.SortFunc(members, func(a, b member) int {
		if a.names() != b.names() {
			return map[bool]int{true: -1, false: 1}[a.names()]
		}
		return strings.Compare(a.name, b.name)
	})
	w.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			w.WriteByte(',')
		}
		w.scalar(m.name)
		w.WriteByte(':')
		w.value(m.value)
	}
	w.WriteByte('}')
}

// names reports whether the member is the name of its struct.
func (m member) names() bool {
	switch m.name {
	case "family", "name", "serviceName", "Name", "PolicyName":
		return true
	}
	return false
}
