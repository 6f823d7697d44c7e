package jsonschema

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// generator makes schemas of types, and one entry in $defs for each definition.
type generator struct {
	defs object
	cue  *cue.Context // for examples
	err  error        // the first rule that cannot be expressed
}

// fail records a rule that cannot be expressed, with its position.
func (g *generator) fail(at diag.Range, format string, args ...any) {
	if g.err == nil {
		g.err = fmt.Errorf("%s:%d:%d: JSON Schema cannot say %s", at.File, at.Line, at.Column, fmt.Sprintf(format, args...))
	}
}

// schema returns the schema of a value that satisfies all the types.
func (g *generator) schema(ts shape.Types) object { return conjunction(g.parts(ts)) }

// parts returns the schemas of types: one for each definition, and as few as possible for the
// types without a name.
func (g *generator) parts(ts shape.Types) []object {
	var parts []object
	var own object // the last schema without a name
	var whole bool // own describes a struct or a list: there can be only one
	kinds := shape.AnyKind
	for len(ts) > 0 {
		t, n := ts[0], 1
		if t.Name != "" {
			for n < len(ts) && ts[n].Name == t.Name {
				n++
			}
			parts = append(parts, g.definition(ts[:n]))
			ts = ts[n:]
			continue
		}
		said, isWhole := g.single(t), t.Struct != nil || t.List != nil
		kinds &= t.Kinds
		if own == nil || whole && isWhole || overlap(own, said) {
			own, whole = said, isWhole
			parts = append(parts, own)
		} else {
			whole = whole || isWhole
			maps.Copy(own, said)
		}
		if kind := kindsOf(kinds); kind != nil && t.Enum == nil && t.Union == nil {
			own["type"] = kind
		}
		ts = ts[1:]
	}
	return parts
}

// overlap reports whether two schemas share a keyword.
func overlap(a, b object) bool {
	for k := range b {
		if _, ok := a[k]; ok {
			return true
		}
	}
	return false
}

// core is the package whose definitions keep their unqualified names.
const core = "schema"

// definition adds a definition to $defs and returns a reference to it. Definitions outside the
// core have their package as a prefix.
func (g *generator) definition(ts shape.Types) object {
	bare := make(shape.Types, len(ts))
	for i, t := range ts {
		u := *t
		u.Name = ""
		bare[i] = &u
	}
	s := g.schema(bare)
	if ts[0].Words != "" {
		s["description"] = ts[0].Words
	}
	name := strings.TrimPrefix(ts[0].Name, "#")
	if pkg := path.Base(path.Dir(ts[0].At.File)); pkg != core {
		name = pkg + "." + name
	}
	for base, i := name, 2; !g.define(name, s); i++ {
		name = fmt.Sprintf("%s.%d", base, i)
	}
	return object{"$ref": "#/$defs/" + name}
}

// define stores a definition under a name, unless the name is taken by a different one.
func (g *generator) define(name string, s object) bool {
	if have, ok := g.defs[name]; ok {
		return reflect.DeepEqual(have, s)
	}
	g.defs[name] = s
	return true
}

// single returns the schema of a single type, without its kinds.
func (g *generator) single(t *shape.Type) object {
	s := object{}
	switch len(t.Enum) {
	case 0:
	case 1:
		s["const"] = value(t.Enum[0])
	default:
		var all []any
		for _, e := range t.Enum {
			all = append(all, value(e))
		}
		s["enum"] = all
	}
	for i := range t.Bounds {
		g.bound(s, &t.Bounds[i], t.At)
	}
	if t.Union != nil {
		var all []object
		for i, alt := range t.Union {
			if !covered(t.Union, i) {
				all = append(all, g.schema(alt))
			}
		}
		if len(all) == 1 {
			maps.Copy(s, all[0])
		} else {
			s["anyOf"] = all
		}
	}
	if t.Struct != nil {
		g.structure(s, t.Struct, t.At)
	}
	if t.List != nil {
		g.list(s, t.List)
	}
	return s
}

// covered reports whether an alternative is a constant that another alternative admits: it
// would only be noise in an editor.
func covered(union []shape.Types, i int) bool {
	if len(union[i]) != 1 || len(union[i][0].Enum) != 1 {
		return false
	}
	for j, alt := range union {
		if j != i && alt.Admits(union[i][0].Enum[0]) && (j < i || !covered(union, j)) {
			return true
		}
	}
	return false
}

var kindNames = []struct {
	kind data.Kind
	name string
}{
	{data.Null, "null"}, {data.Bool, "boolean"}, {data.Int, "integer"}, {data.Float, "number"},
	{data.String, "string"}, {data.List, "array"}, {data.Struct, "object"},
}

// kindsOf returns the keyword "type" for a set of kinds, nil for all kinds. JSON has no bytes.
func kindsOf(kinds shape.Kinds) any {
	if kinds == shape.AnyKind {
		return nil
	}
	var names []string
	for _, k := range kindNames {
		if kinds.Has(k.kind) {
			names = append(names, k.name)
		}
	}
	if kinds.Has(data.Float) {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "integer" })
	}
	if len(names) == 1 {
		return names[0]
	}
	return names
}

// keywords are the names of the bounds, by their operations.
var keywords = map[shape.Op]string{
	shape.AtLeast:   "minimum",
	shape.AtMost:    "maximum",
	shape.MoreThan:  "exclusiveMinimum",
	shape.LessThan:  "exclusiveMaximum",
	shape.MinFields: "minProperties",
	shape.MaxFields: "maxProperties",
	shape.MinItems:  "minItems",
	shape.MaxItems:  "maxItems",
	shape.MinRunes:  "minLength",
	shape.MaxRunes:  "maxLength",
}

func (g *generator) bound(s object, b *shape.Bound, at diag.Range) {
	switch b.Op {
	case shape.Matches:
		s["pattern"] = g.pattern(b, at)
	case shape.NotMatch:
		s["not"] = object{"pattern": g.pattern(b, at)}
	default:
		s[keywords[b.Op]] = value(&data.Node{Kind: data.Int, Text: b.Limit})
	}
}

// pattern returns a regular expression that RE2 and ECMA 262 read alike. The exception is \s,
// which includes Unicode's spaces in ECMA 262.
func (g *generator) pattern(b *shape.Bound, at diag.Range) string {
	rest := strings.ReplaceAll(strings.ReplaceAll(b.Limit, `\\`, ""), "(?:", "")
	for _, own := range []string{"(?", "[[:", `\A`, `\C`, `\Q`, `\p`, `\P`, `\z`, `\a`, `\x{`} {
		if strings.Contains(rest, own) {
			g.fail(at, "the regular expression %s", b.Limit)
		}
	}
	return b.Limit
}

func (g *generator) list(s object, l *shape.List) {
	if len(l.First) > 0 {
		var first []object
		for _, types := range l.First {
			first = append(first, g.schema(types))
		}
		s["prefixItems"] = first
		s["minItems"] = len(first)
	}
	switch {
	case !l.Open:
		s["items"] = false
	case l.Rest != nil:
		s["items"] = g.schema(l.Rest)
	}
}
