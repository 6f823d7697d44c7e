// Package jsonschema converts the shapes of the providers' schemas to JSON Schema, draft
// 2020-12, so that editors complete and check specs.
//
// A schema admits what the shape admits, and 1.0 where the shape wants an int: an integer of
// JSON Schema is any number without a fraction. A rule that JSON Schema cannot express is an
// error. Fields that exist for some values of another field are conditions with
// unevaluatedProperties, which yaml-language-server supports since 1.20.
package jsonschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"

	"cuelang.org/go/cue/cuecontext"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// object is a schema, or another JSON object in it. Its keys are written in sorted order.
type object = map[string]any

// title identifies these schemas.
const title = "cuecompute tenant spec"

// Made reports whether a text is a schema made by Of, of this version or another.
func Made(text []byte) bool {
	var file struct{ Title string }
	return json.Unmarshal(text, &file) == nil && file.Title == title
}

// Of returns the schema of a file for any of the providers, given their shapes by name: a
// tenant, or a map `tenants` whose keys supply the ids. It needs at least one provider.
func Of(shapes map[string]*shape.Shape) ([]byte, error) {
	if len(shapes) == 0 {
		return nil, errors.New("there is no provider to make a schema for")
	}
	g := &generator{defs: object{}, cue: cuecontext.New()}
	names := slices.Sorted(maps.Keys(shapes))
	entry, id := g.tenant(names, shapes)
	g.defs["Entry"] = entry
	entryRef := object{"$ref": "#/$defs/Entry"}
	file := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   title,
		"type":    "object",
		"if":      object{"required": []string{"tenants"}},
		"then": object{
			"properties": object{"tenants": object{
				"description":          "tenants holds several tenants, whose keys supply the ids.",
				"type":                 "object",
				"minProperties":        1,
				"propertyNames":        id,
				"additionalProperties": entryRef,
			}},
			"additionalProperties": false,
		},
		"else":  object{"allOf": []object{entryRef}, "required": []string{"id"}},
		"$defs": g.defs,
	}
	if g.err != nil {
		return nil, g.err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(file)
	return b.Bytes(), err
}

// tenant returns the schema of a tenant for any of the providers, with an optional id, and the
// schema of the id. What all providers have in common is written once.
func (g *generator) tenant(names []string, shapes map[string]*shape.Shape) (tenant, id object) {
	parts := map[string][]object{}
	for _, name := range names {
		types := withoutID(shapes[name].Tenant)
		parts[name] = g.parts(types)
		id = g.schema(idOf(types))
	}
	common := slices.DeleteFunc(slices.Clone(parts[names[0]]), func(part object) bool {
		return slices.ContainsFunc(names, func(name string) bool { return !holds(parts[name], part) })
	})
	all := slices.Clone(common)
	for _, name := range names {
		own := slices.DeleteFunc(parts[name], func(part object) bool { return holds(common, part) })
		if len(own) > 0 {
			all = append(all, object{"if": is("provider", name, true), "then": conjunction(own)})
		}
	}
	return object{
		"properties": object{"provider": object{"enum": names}},
		"allOf":      all,
	}, id
}

func holds(parts []object, part object) bool {
	return slices.ContainsFunc(parts, func(p object) bool { return reflect.DeepEqual(p, part) })
}

// withoutID returns a tenant's types with an optional id.
func withoutID(ts shape.Types) shape.Types {
	out := slices.Clone(ts)
	for i, t := range ts {
		if t.Struct == nil || t.Struct.Field("id") == nil {
			continue
		}
		u, s := *t, *t.Struct
		u.Struct, s.Fields = &s, slices.Clone(s.Fields)
		for j, f := range s.Fields {
			if f.Name == "id" {
				optional := *f
				optional.Presence = shape.Optional
				s.Fields[j] = &optional
			}
		}
		out[i] = &u
	}
	return out
}

func idOf(ts shape.Types) shape.Types {
	var types shape.Types
	for _, t := range ts {
		if t.Struct != nil && t.Struct.Field("id") != nil {
			types = append(types, t.Struct.Field("id").Types...)
		}
	}
	return types
}

// is returns the schema of a struct whose field has a value. Unless required, a missing field
// matches too.
func is(field string, value any, required bool) object {
	s := object{"properties": object{field: object{"const": value}}}
	if required {
		s["required"] = []string{field}
	}
	return s
}

// conjunction returns a schema that satisfies all of the parts.
func conjunction(parts []object) object {
	switch len(parts) {
	case 0:
		return object{}
	case 1:
		return parts[0]
	}
	return object{"allOf": parts}
}

// value returns plain data as JSON values.
func value(n *data.Node) any {
	switch n.Kind {
	case data.Null:
		return nil
	case data.Bool:
		return n.Text == "true"
	case data.Int, data.Float:
		return json.Number(n.Text)
	}
	return n.Text
}

// OfFile returns the schema of a file that configures the tool. Names are the keys allowed in
// its maps, by the maps' fields: the definition leaves them to Go.
func OfFile(title string, s *shape.Shape, names map[string][]string) ([]byte, error) {
	g := &generator{defs: object{}, cue: cuecontext.New()}
	file := g.schema(s.Tenant)
	for _, def := range g.defs {
		properties, _ := def.(object)["properties"].(object)
		for field, known := range names {
			if p, ok := properties[field].(object); ok {
				p["propertyNames"] = object{"enum": known}
			}
		}
	}
	file["$schema"], file["title"], file["$defs"] = "https://json-schema.org/draft/2020-12/schema", title, g.defs
	if g.err != nil {
		return nil, g.err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(file)
	return b.Bytes(), err
}
