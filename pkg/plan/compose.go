package plan

import (
	"iter"
	"strings"
)

// Part is a literal part of a composed text, or a reference to one of its values.
type Part struct {
	Text  string
	Value string // the name in Values; empty: Text
}

// Parts splits a composed variable's format: {NAME} is the value of that name, {{ and }} are
// literal braces. lone reports whether there is any other brace.
func (e EnvValue) Parts() (parts []Part, lone bool) {
	var text strings.Builder
	for rest := e.Format; rest != ""; {
		name, after, closed := strings.Cut(rest[1:], "}")
		switch {
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			text.WriteByte(rest[0])
			rest = rest[2:]
		case rest[0] == '{' && closed && name != "":
			parts = append(parts, Part{Text: text.String()}, Part{Value: name})
			text.Reset()
			rest = after
		default:
			lone = lone || rest[0] == '{' || rest[0] == '}'
			text.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return append(parts, Part{Text: text.String()}), lone
}

// Compose returns the text of a composed variable, with its literal parts and its values as the
// functions format them.
func (e EnvValue) Compose(text func(string) string, value func(name string, s EnvSource) string) string {
	var b strings.Builder
	parts, _ := e.Parts()
	for _, p := range parts {
		if p.Value != "" {
			b.WriteString(value(p.Value, e.Values[p.Value]))
		} else {
			b.WriteString(text(p.Text))
		}
	}
	return b.String()
}

// Sources yields the container's variables with their paths below the container, and for
// composed variables each of their values.
func (c *Container) Sources() iter.Seq2[[]any, EnvValue] {
	return func(yield func([]any, EnvValue) bool) {
		for name, e := range Sorted(c.Env) {
			if e.Values == nil && !yield([]any{"env", name}, e) {
				return
			}
			for value, s := range Sorted(e.Values) {
				if !yield([]any{"env", name, "values", value}, s.EnvValue()) {
					return
				}
			}
		}
	}
}
