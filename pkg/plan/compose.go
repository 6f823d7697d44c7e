package plan

import (
	"iter"
	"strings"
)

// Part is a part of a composed text: a text of its own, or one of the values.
type Part struct {
	Text  string
	Value string // the name of one of Values; empty: Text
}

// Parts takes a composed variable's format apart: {NAME} is the value of that name, {{ and }}
// are braces. lone reports whether a brace is none of these.
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

// Compose returns the text of a composed variable, with each of its own texts and of its values
// as the functions write them.
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

// Sources walks where the container's variables come from, by their paths below the
// container: each variable, and of those that are composed each of their values.
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
