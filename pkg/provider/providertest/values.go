package providertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/cuecontext"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// examplesOf are the examples of a field: in its own comment, and in those around it.
func examplesOf(f *shape.Field, around []any) []any {
	var all []any
	if text := f.Example(); text != "" {
		all = append(all, parsed(text)...)
	}
	for _, e := range around {
		if m, ok := e.(map[string]any); ok && m[f.Name] != nil {
			all = append(all, m[f.Name])
		}
	}
	return all
}

// parsed reads an example as CUE: a field without its braces, or a value.
func parsed(text string) []any {
	for _, cue := range []string{"{" + text + "}", text} {
		b, err := cuecontext.New().CompileString(cue).MarshalJSON()
		if err == nil {
			if v := decodeJSON(b); v != nil {
				return []any{v}
			}
		}
	}
	return nil
}

func decodeJSON(text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// below are the entries or elements of examples.
func below(examples []any) []any {
	var all []any
	for _, e := range examples {
		switch e := e.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(e)) {
				all = append(all, e[name])
			}
		case []any:
			all = append(all, e...)
		}
	}
	return all
}

// mostValues is how many values of one leaf are tried, but for the words of a list.
const mostValues = 7

// values are what a leaf may be set to: all the words of a list, or examples of it, and what
// differs from these a little. Names are those that the tenant has.
func (l leaf) values(names [][]string) []any {
	var all []any
	add := func(v any) {
		if !slices.Contains(all, v) && node(v) != nil && l.admits(v) {
			all = append(all, v)
		}
	}
	words := true
	for _, option := range l.options {
		listed := false
		for _, t := range option {
			for _, e := range t.Enum {
				add(scalar(e))
				listed = true
			}
		}
		words = words && listed
	}
	if words {
		return all
	}
	for _, e := range l.examples {
		switch e.(type) {
		case map[string]any, []any:
		default:
			add(e)
		}
	}
	var more []any
	for _, group := range names {
		if len(all) > 0 && slices.ContainsFunc(group, func(name string) bool { return all[0] == name }) {
			for _, name := range group { // what the example refers to
				add(name)
			}
		}
	}
	for _, option := range l.options {
		more = append(more, typical(option, names)...)
	}
	for _, v := range slices.Concat(all, more) {
		for _, other := range near(v) {
			if len(all) < 3 {
				add(other)
			}
		}
		add(v)
	}
	if len(all) > mostValues {
		all = all[:mostValues]
	}
	return all
}

// admits reports whether a value is of one of the leaf's options.
func (l leaf) admits(v any) bool {
	return slices.ContainsFunc(l.options, func(option shape.Types) bool { return option.Admits(node(v)) })
}

// typical are values of a type: its examples, its default, at its bounds, and names.
func typical(types shape.Types, names [][]string) []any {
	var all []any
	for _, t := range types {
		if t.Example != "" {
			all = append(all, strings.Trim(t.Example, "`\""))
			all = append(all, json.Number(t.Example))
		}
		if t.Default != nil {
			all = append(all, scalar(t.Default))
		}
		for _, b := range t.Bounds {
			if n, err := strconv.Atoi(b.Limit); err == nil && b.Op == shape.AtLeast && n >= 1<<20 {
				all = append(all, json.Number(strconv.Itoa(n*1024))) // of bytes, which may have to be more than others
			}
			if b.Op == shape.AtLeast || b.Op == shape.AtMost || b.Op == shape.MoreThan {
				all = append(all, json.Number(b.Limit))
			}
		}
	}
	all = append(all, json.Number("2"), json.Number("5"), true, false)
	for _, group := range names {
		for _, name := range group {
			all = append(all, name)
		}
	}
	return append(all, "/acme", "acme")
}

// near are values that differ from a value a little.
func near(v any) []any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return []any{json.Number(strconv.Itoa(n + 1)), json.Number(strconv.Itoa(n * 2)), json.Number(strconv.Itoa(n - 1))}
		}
		if f, err := strconv.ParseFloat(v.String(), 64); err == nil {
			return []any{json.Number(fmt.Sprint(f * 2))}
		}
	case string:
		var all []any
		if i := strings.IndexAny(v, "123456789"); i >= 0 {
			end := i
			for end < len(v) && '0' <= v[end] && v[end] <= '9' {
				end++
			}
			if n, err := strconv.Atoi(v[i:end]); err == nil {
				all = append(all, v[:i]+strconv.Itoa(2*n)+v[end:])
			}
		}
		if i := strings.LastIndexAny(v, "0123456789"); i >= 0 {
			all = append(all, v[:i]+string('1'+(v[i]-'0'+1)%9)+v[i+1:])
		}
		if i := strings.IndexAny(v, "0123456789"); i >= 0 {
			all = append(all, v[:i]+string('1'+(v[i]-'0')%9)+v[i+1:])
		}
		return append(all, v+"-b", v+"b", "b"+v)
	}
	return nil
}

// scalar is a schema's scalar as JSON has it.
func scalar(n *data.Node) any {
	switch n.Kind {
	case data.String:
		return n.Text
	case data.Bool:
		return n.Text == "true"
	case data.Int, data.Float:
		return json.Number(n.Text)
	}
	return nil
}

// node is JSON as data, or nil where it cannot be.
func node(v any) *data.Node {
	switch v := v.(type) {
	case string:
		return textNode(v)
	case bool:
		return &data.Node{Kind: data.Bool, Text: strconv.FormatBool(v)}
	case json.Number:
		if n, err := decimal.Parse(v.String()); err == nil {
			return &n
		}
	case []any:
		n := &data.Node{Kind: data.List}
		for _, e := range v {
			n.Elems = append(n.Elems, node(e))
		}
		return n
	case map[string]any:
		n := &data.Node{Kind: data.Struct}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			n.Set(name, data.Pos{}, node(v[name]))
		}
		return n
	}
	return nil
}

// sample is a value of a type, the least that there can be.
func sample(types shape.Types, examples []any, names [][]string) any {
	for _, e := range examples {
		if n := node(e); n != nil && types.Admits(n) {
			return e
		}
	}
	for _, alt := range alternatives(types) {
		if _, ok := scalarKind(alt); ok {
			l := leaf{types: types, options: []shape.Types{alt}, examples: examples}
			if all := l.values(names); len(all) > 0 {
				return all[0]
			}
			continue
		}
		for _, t := range alt {
			if t.List != nil {
				list := []any{}
				if inner := elements(alt); len(inner) > 0 {
					list = append(list, sample(inner, below(examples), names))
				}
				return list
			}
		}
		m := map[string]any{}
		fillIn(m, alt, examples, names)
		if key, value := entriesOf(alt); len(m) == 0 && len(key) > 0 {
			for _, name := range keysOf(key, examples, names) {
				return map[string]any{name: sample(value, below(examples), names)}
			}
		}
		return m
	}
	return nil
}

// fillIn adds the fields that a struct has to have, by what is in it already.
func fillIn(m map[string]any, types shape.Types, examples []any, names [][]string) {
	fields := fieldsOf(types)
	for _, f := range fields {
		if _, ok := m[f.Name]; ok || f.Presence != shape.Required || !holds(f.needs, m, fields) {
			continue
		}
		m[f.Name] = sample(f.Types, examplesOf(f.Field, examples), names)
	}
}

// keysOf are names that a map's entries may have: of examples, and those of the tenant.
func keysOf(key shape.Types, examples []any, names [][]string) []string {
	var all []string
	add := func(name string) {
		if key.Admits(textNode(name)) && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, e := range examples {
		if m, ok := e.(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(m)) {
				add(name)
			}
		}
	}
	for _, group := range names {
		if slices.ContainsFunc(group, func(name string) bool { return slices.Contains(all, name) }) {
			for _, name := range group {
				add(name)
			}
		}
	}
	for _, v := range typical(key, names) {
		if name, ok := v.(string); ok {
			add(name)
		}
	}
	return all
}

// plain is data as JSON.
func plain(n *data.Node) any {
	switch n.Kind {
	case data.Struct:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Name] = plain(f.Value)
		}
		return m
	case data.List:
		list := []any{}
		for _, e := range n.Elems {
			list = append(list, plain(e))
		}
		return list
	}
	return scalar(n)
}

// distinct are values without those that come twice.
func distinct(values []any) []any {
	var all []any
	for _, v := range values {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
