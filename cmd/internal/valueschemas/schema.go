package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// document is what a command prints for programs.
type document struct {
	name, title string
	value       any
}

var documents = []document{
	{"difference", "what cuecompute plan --against --format json prints", difference.Difference{}},
	{"plan", "a plan, as cuecompute plan --format json prints one after another", plan.Plan{}},
	{"result", "what cuecompute provision, update and destroy print of a tenant", provider.Result{}},
	{"status", "what cuecompute status prints of a tenant", provider.Status{}},
}

// object is a JSON object whose keys are sorted when it is written.
type object map[string]any

// written are the types that write their own JSON.
var written = map[reflect.Type]object{
	reflect.TypeFor[diag.Path]():      {"type": "string"},
	reflect.TypeFor[plan.Count]():     {"type": []string{"integer", "string"}, "pattern": "^[0-9]+%$"},
	reflect.TypeFor[plan.PortRef]():   {"type": []string{"integer", "string"}},
	reflect.TypeFor[plan.Extension](): {},
}

// open are the types of texts whose constants are not all that there may be: releases add to them.
var open = map[reflect.Type]bool{reflect.TypeFor[diag.Code](): true, reflect.TypeFor[diag.Concept](): true}

// schema returns the JSON Schema, draft 2020-12, of a document. Fields that it does not name are
// allowed, since releases add some.
func (d document) schema(root string) ([]byte, error) {
	g := &generator{root: root, defs: object{}, docs: map[string]*comments{}}
	of, err := g.of(reflect.TypeOf(d.value))
	if err != nil {
		return nil, err
	}
	top := object{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": d.title, "$ref": of["$ref"], "$defs": g.defs}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(top)
	return out.Bytes(), err
}

type generator struct {
	root string
	defs object
	docs map[string]*comments // by package
}

// of returns the schema of a type; of a struct, a reference to its definition.
func (g *generator) of(t reflect.Type) (object, error) {
	if own, ok := written[t]; ok {
		return g.defined(t, func(object) (object, error) { return own, nil })
	}
	switch t.Kind() {
	case reflect.Interface:
		return object{}, nil
	case reflect.Bool:
		return object{"type": "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}, nil
	case reflect.String:
		if t.PkgPath() == "" {
			return object{"type": "string"}, nil
		}
		return g.defined(t, func(def object) (object, error) {
			def["type"] = "string"
			docs, err := g.comments(t.PkgPath())
			if err == nil && !open[t] {
				def["enum"] = docs.constants[t.Name()]
			}
			return def, err
		})
	case reflect.Pointer:
		return g.of(t.Elem())
	case reflect.Slice:
		elem, err := g.of(t.Elem())
		return object{"type": "array", "items": elem}, err
	case reflect.Map:
		elem, err := g.of(t.Elem())
		return object{"type": "object", "additionalProperties": elem}, err
	case reflect.Struct:
		return g.defined(t, func(def object) (object, error) {
			def["type"], def["properties"] = "object", object{}
			return def, g.fields(t, def)
		})
	}
	return nil, fmt.Errorf("%s: no schema for a %s", t, t.Kind())
}

// defined puts the schema of a named type among the definitions, once, and refers to it.
func (g *generator) defined(t reflect.Type, fill func(object) (object, error)) (object, error) {
	ref := object{"$ref": "#/$defs/" + t.String()}
	if _, ok := g.defs[t.String()]; ok {
		return ref, nil
	}
	docs, err := g.comments(t.PkgPath())
	if err != nil {
		return nil, err
	}
	def := object{}
	g.defs[t.String()] = def
	filled, err := fill(def)
	for k, v := range filled {
		def[k] = v
	}
	if text := docs.types[t.Name()]; text != "" {
		def["description"] = text
	}
	return ref, err
}

// fields adds the fields of a struct, and those of structs that it embeds, to a definition.
func (g *generator) fields(t reflect.Type, def object) error {
	docs, err := g.comments(t.PkgPath())
	if err != nil {
		return err
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Tag.Get("json") == "" {
			if err := g.fields(f.Type, def); err != nil {
				return err
			}
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		of, err := g.of(f.Type)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		if text := docs.fields[t.Name()+"."+f.Name]; text != "" {
			of["description"] = text
		}
		if !strings.Contains(options, "omit") {
			required, _ := def["required"].([]string)
			def["required"] = append(required, name)
		}
		def["properties"].(object)[name] = of
	}
	return nil
}
