// Package jsonschema says in JSON Schema, draft 2020-12, what the shapes of providers'
// schemas say, so that editors complete and check specs as they are written.
//
// It admits what the shapes admit, and 1.0 where they want an int: an integer of JSON
// Schema is any number without a fraction. What cannot be said in it is an error.
// Fields that there are for some values of another are conditions beside
// unevaluatedProperties, which yaml-language-server knows since 1.20.
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

// object is a schema, or another object of its text. Its keys are written in order.
type object = map[string]any

// title is what tells these schemas from others.
const title = "cuecompute tenant spec"

// Made reports whether a text is a schema that Of made, of this version or another.
func Made(text []byte) bool {
	var file struct{ Title string }
	return json.Unmarshal(text, &file) == nil && file.Title == title
}

// Of returns the schema of a file for one of the providers, whose shapes are given by
// their names, at least one: of a tenant, or of a map `tenants` whose keys supply the ids.
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

// tenant is the schema of a tenant for any of the providers, whose id may be left out,
// and that of its id. What all providers say stands once, before what each adds.
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

// withoutID returns a tenant's types with an id that may be left out.
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

// is the schema of a struct whose field has a value; one that is not there has it too,
// unless it is required.
func is(field string, value any, required bool) object {
	s := object{"properties": object{field: object{"const": value}}}
	if required {
		s["required"] = []string{field}
	}
	return s
}

// conjunction is what satisfies all of the parts.
func conjunction(parts []object) object {
	switch len(parts) {
	case 0:
		return object{}
	case 1:
		return parts[0]
	}
	return object{"allOf": parts}
}

// value is plain data as JSON has it.
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

// OfFile returns the schema of a file beside specs. Names are those that the keys of its maps
// may have, by the fields that hold the maps: what a definition leaves to Go.
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
