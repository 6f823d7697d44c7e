package shape

import (
	pathpkg "path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

var (
	humps  = lazyregexp.New(`([a-z0-9])([A-Z])`)
	marks  = lazyregexp.New(`\p{Mn}`) // the accents of letters
	words  = lazyregexp.New(`^[\pL\p{Mn}0-9 _.-]+$`)
	breaks = lazyregexp.New(`[ _.-]+`)
	hostOf = lazyregexp.New(`^(?:[a-z]+://([^/:]+).*|([^/:]+):[0-9]+(?:/.*)?)$`)
)

// otherSpellings returns other ways to write a text with the same letters and digits.
func otherSpellings(v mistaken) []guess {
	s := strings.TrimSpace(v.Text)
	if v.Kind != data.String || s == "" {
		return nil
	}
	withoutScheme := strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	switch v.class {
	case memory, duration, processor, percentage, signal, capability:
		return nil
	case image:
		return texts(withoutScheme)
	case host:
		if m := hostOf.FindStringSubmatch(s); m != nil {
			return texts(m[1] + m[2])
		}
		return texts(strings.ToLower(s), strings.ReplaceAll(strings.ToLower(s), "_", "-"))
	case path:
		return texts(s, strings.TrimRight(s, "/"), "/"+strings.TrimPrefix(s, "./"))
	case fileName:
		if !strings.HasPrefix(s, "/") && !strings.Contains(s, ":") && strings.Contains(pathpkg.Base(s), ".") {
			return texts(s, pathpkg.Base(s))
		}
	}
	all := []string{s, strings.ToLower(s), strings.ToUpper(s)}
	switch {
	case !words.MatchString(s):
	case v.class == variable:
		all = []string{strings.Join(strings.Fields(s), "_")}
	default:
		plain := marks.ReplaceAllString(norm.NFD.String(s), "")
		kebab := breaks.ReplaceAllString(strings.ToLower(humps.ReplaceAllString(plain, "$1-$2")), "-")
		all = []string{s, strings.Trim(kebab, "-"), strings.ToUpper(s)}
	}
	return texts(all...)
}

// otherShapes returns lists and structs made from a value, and values taken out of it.
func otherShapes(v mistaken) []guess {
	var all []guess
	add := func(nodes ...*data.Node) {
		for _, n := range nodes {
			all = append(all, guess{value: n})
		}
	}
	switch v.Kind {
	case data.String:
		if fields, ok := commandWords(v.Text); ok && len(fields) > 0 {
			add(textList(fields))
		}
	case data.List:
		add(mapOf(v.Node))
		if len(v.Elems) == 1 && v.Elems[0].Kind != data.Struct {
			add(v.Elems[0])
		}
	case data.Struct:
		add(&data.Node{Kind: data.List, Elems: []*data.Node{v.Node}})
	}
	if v.Kind != data.Struct && v.Kind != data.List && v.Kind != data.Null {
		add(wrapped(v.Node, v.types)...)
	}
	return all
}

// commandWords splits a command as a shell does, and reports whether it uses nothing of the
// shell except quotes (POSIX.1-2024, 2.2 Quoting).
func commandWords(s string) (fields []string, ok bool) {
	var word strings.Builder
	quote, begun, escaped := rune(0), false, false
	for _, r := range s {
		switch {
		case escaped:
			if quote == '"' && !strings.ContainsRune("$`\"\\", r) {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, begun = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote != '\'' && (r == '$' || r == '`'), quote == 0 && strings.ContainsRune("|&;<>()*?[#~\n", r):
			return nil, false
		case quote == 0 && (r == ' ' || r == '\t'):
			if begun {
				fields = append(fields, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		fields = append(fields, word.String())
	}
	return fields, quote == 0 && !escaped
}

func textList(texts []string) *data.Node {
	l := &data.Node{Kind: data.List}
	for _, s := range texts {
		l.Elems = append(l.Elems, textNode(s))
	}
	return l
}

// mapOf converts a list to a map: a list of structs with names, of pairs of name and value, or
// of texts such as NAME=VALUE.
func mapOf(n *data.Node) *data.Node {
	m := &data.Node{Kind: data.Struct}
	for _, e := range n.Elems {
		name, value, isPair := strings.Cut(e.Text, "=")
		if e.Kind == data.String && isPair {
			m.Set(name, e.At, textNode(value))
			continue
		}
		key := e.Get("name")
		if key == nil || key.Kind != data.String {
			return n
		}
		rest := &data.Node{Kind: data.Struct}
		for _, f := range e.Fields {
			if f.Name != "name" {
				rest.Fields = append(rest.Fields, f)
			}
		}
		if len(rest.Fields) == 1 && rest.Fields[0].Name == "value" {
			rest = rest.Fields[0].Value
		}
		m.Set(key.Text, key.At, rest)
	}
	return m
}

// wrapped puts a scalar into a struct with one required field, or splits a text with a colon,
// such as ID:/PATH, into two fields.
func wrapped(n *data.Node, ts Types) []*data.Node {
	var out []*data.Node
	for _, t := range ts {
		for _, alt := range append([]Types{{t}}, t.Union...) {
			for _, name := range selectorNames(alt) {
				out = append(out, &data.Node{Kind: data.Struct, Fields: []data.Field{{Name: name, Value: n}}})
				if two := twoFields(n, alt, name); two != nil {
					out = append(out, two)
				}
			}
		}
	}
	return out
}

// twoFields makes a struct of the parts of a text around its first colon: the first in the
// named field, the second in the first other field whose form it matches. It is nil if there is
// none.
func twoFields(n *data.Node, alt Types, name string) *data.Node {
	first, second, ok := strings.Cut(n.Text, ":")
	if n.Kind != data.String || !ok {
		return nil
	}
	for _, t := range alt {
		if t.Struct == nil || t.Struct.Field(name) == nil || !admits(textNode(first), t.Struct.Field(name).Types) {
			continue
		}
		i := slices.IndexFunc(t.Struct.Fields, func(f *Field) bool {
			return f.Name != name && classOf(f.Types) == path && admits(textNode(second), f.Types)
		})
		if i >= 0 {
			return &data.Node{Kind: data.Struct, Fields: []data.Field{
				{Name: name, Value: textNode(first)},
				{Name: t.Struct.Fields[i].Name, Value: textNode(second)},
			}}
		}
	}
	return nil
}
