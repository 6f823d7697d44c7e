package jsonschema

import (
	"reflect"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

func (g *generator) structure(s object, st *shape.Struct, at diag.Range) {
	g.fields(s, st.Fields)
	names := g.names(s, st, at)
	for i := range st.Ifs {
		g.condition(s, st, &st.Ifs[i])
	}
	switch {
	case names || !st.Closed:
	case len(st.Ifs) > 0:
		s["unevaluatedProperties"] = false
	default:
		s["additionalProperties"] = false
	}
}

// names describes the fields that are allowed by pattern, and reports whether that covers all
// further fields.
func (g *generator) names(s object, st *shape.Struct, at diag.Range) bool {
	if len(st.Patterns) == 1 && len(st.Fields)+len(st.Ifs) == 0 && (st.Closed || anyName(st.Patterns[0].Key)) {
		if !anyName(st.Patterns[0].Key) {
			s["propertyNames"] = g.schema(st.Patterns[0].Key)
		}
		s["additionalProperties"] = withComment(g.schema(st.Patterns[0].Value), st.Patterns[0].Doc)
		return true
	}
	patterns := object{}
	for _, p := range st.Patterns {
		key := p.Key
		switch {
		case anyName(key):
			patterns[""] = withComment(g.schema(p.Value), p.Doc)
		case len(key) == 1 && len(key[0].Bounds) == 1 && key[0].Bounds[0].Op == shape.Matches && patterns[key[0].Bounds[0].Limit] == nil:
			patterns[g.pattern(&key[0].Bounds[0], at)] = withComment(g.schema(p.Value), p.Doc)
		default:
			g.fail(at, "names of this form")
		}
	}
	if len(patterns) > 0 {
		s["patternProperties"] = patterns
	}
	return false
}

// anyName reports whether a pattern matches every name.
func anyName(key shape.Types) bool {
	return len(key) == 1 && key[0].Kinds.Has(data.String) && key[0].Enum == nil && key[0].Bounds == nil && key[0].Union == nil
}

func (g *generator) fields(s object, fields []*shape.Field) {
	properties := object{}
	var required []string
	for _, f := range fields {
		p := withComment(g.schema(f.Types), f.Doc)
		if example, ok := g.example(f); ok {
			p["examples"] = []any{example}
		}
		switch f.Presence {
		case shape.Defaulted:
			p["default"] = value(f.Types.Default())
		case shape.Required:
			required = append(required, f.Name)
		}
		properties[f.Name] = p
	}
	if len(properties) > 0 {
		s["properties"] = properties
	}
	if len(required) > 0 {
		s["required"] = required
	}
}

// withComment adds a comment's text to a schema.
func withComment(s object, doc string) object {
	if doc != "" {
		s["description"] = doc
	}
	return s
}

// example returns the example in a field's comment, written in CUE, as a JSON value.
func (g *generator) example(f *shape.Field) (example any, ok bool) {
	text := f.Example()
	if text == "" {
		return nil, false
	}
	err := g.cue.CompileString(text).Decode(&example)
	return example, err == nil
}

// condition describes the fields that exist for some values of another field.
func (g *generator) condition(s object, st *shape.Struct, cond *shape.If) {
	field := st.Field(cond.Field)
	byDefault := reflect.DeepEqual(value(field.Types.Default()), value(cond.Value))
	then := object{}
	g.fields(then, cond.Then.Fields)
	branch := "then"
	if !cond.Equal {
		branch = "else"
	}
	all, _ := s["allOf"].([]object)
	s["allOf"] = append(all, object{"if": is(cond.Field, value(cond.Value), !byDefault), branch: then})
}
