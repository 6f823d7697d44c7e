package shape

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// longestMend is how many bytes a text may have for which a mend is looked for: what
// people mistype is short.
const longestMend = 4 << 10

// mended is what an author may have meant: help that says so, and the value, where it is
// certain that no other was meant. The zero value is none.
type mended struct {
	help string
	now  *data.Node
}

// of puts what is known of a mend into the diagnostic of a value.
func (m mended) of(n *data.Node, d *diag.Diagnostic) {
	d.Help = m.help
	if m.now != nil {
		d.Fix = n.Rewrite(m.now)
	}
}

// mend looks for a value that the types admit and the author may have meant: a candidate
// is only offered once it was judged.
func mend(n *data.Node, ts Types) mended {
	if len(n.Text) > longestMend {
		return mended{}
	}
	for _, candidate := range candidates(n, ts) {
		if !admits(candidate, ts) {
			continue
		}
		m := mended{help: "write " + show(candidate)}
		if n.Kind != data.String && candidate.Kind == data.String && candidate.Text == n.Text {
			m.help = "quote it: " + show(candidate)
		}
		if means(n, candidate) {
			m.now = candidate
		}
		return m
	}
	return mended{}
}

// means reports whether a value is another, only written otherwise: with or without
// quotes, in another case, with spaces, without the prefix that others give it, or with
// another unit for the same amount.
func means(n, other *data.Node) bool {
	switch {
	case n.Kind == data.List || n.Kind == data.Struct || other.Kind == data.List || other.Kind == data.Struct:
		return false
	case n.Kind == data.String && other.Kind != data.String:
		return true // what the text spells
	case n.Kind != data.String && other.Kind == data.String && n.Text == other.Text:
		return true
	}
	return bareWord(n.Text) == bareWord(other.Text) || isExact(n.Text) && slices.Contains(amounts(n.Text), other.Text)
}

// bareWord is what makes a word itself.
func bareWord(s string) string {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	return strings.TrimPrefix(strings.TrimPrefix(s, "SIG"), "CAP_")
}

// candidates are what a value could have been meant as, the likeliest first.
func candidates(n *data.Node, ts Types) []*data.Node {
	var out []*data.Node
	text := func(s string) { out = append(out, &data.Node{Kind: data.String, Text: s}) }
	switch n.Kind {
	case data.Bool:
		text(n.Text)
	case data.Int, data.Float:
		if n.Text == "0" || n.Text == "1" {
			out = append(out, &data.Node{Kind: data.Bool, Text: strconv.FormatBool(n.Text == "1")})
		}
		text(n.Text)
		for _, s := range amounts(n.Text) {
			text(s)
		}
	case data.String:
		out = append(out, plainOf(n.Text)...)
		for _, s := range spellings(n.Text) {
			text(s)
		}
		if fields := strings.Fields(n.Text); len(fields) > 0 {
			out = append(out, textList(fields), textList([]string{n.Text}))
		}
	case data.List:
		out = append(out, mapOf(n))
		if len(n.Elems) == 1 && n.Elems[0].Kind != data.Struct {
			out = append(out, n.Elems[0])
		}
	case data.Struct:
		out = append(out, &data.Node{Kind: data.List, Elems: []*data.Node{n}})
	}
	if n.Kind != data.Struct && n.Kind != data.List && n.Kind != data.Null {
		out = append(out, wrapped(n, ts)...)
	}
	return out
}

// plainOf are the number or bool that a text spells.
func plainOf(s string) []*data.Node {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "enabled":
		return []*data.Node{{Kind: data.Bool, Text: "true"}}
	case "false", "no", "off", "disabled":
		return []*data.Node{{Kind: data.Bool, Text: "false"}}
	}
	if n, err := data.Number(s); err == nil {
		return []*data.Node{&n}
	}
	return nil
}

func textList(texts []string) *data.Node {
	l := &data.Node{Kind: data.List}
	for _, s := range texts {
		l.Elems = append(l.Elems, &data.Node{Kind: data.String, Text: s})
	}
	return l
}

// mapOf turns a list into the map that it would be: of structs with names, which may be
// pairs of name and value, or of texts such as NAME=VALUE.
func mapOf(n *data.Node) *data.Node {
	m := &data.Node{Kind: data.Struct}
	for _, e := range n.Elems {
		name, value, isPair := strings.Cut(e.Text, "=")
		if e.Kind == data.String && isPair {
			m.Set(name, e.At, &data.Node{Kind: data.String, Text: value})
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

// wrapped puts a scalar into the struct that takes it as its one required field.
func wrapped(n *data.Node, ts Types) []*data.Node {
	var out []*data.Node
	for _, t := range ts {
		for _, alt := range append([]Types{{t}}, t.Union...) {
			for _, name := range selectorNames(alt) {
				out = append(out, &data.Node{Kind: data.Struct, Fields: []data.Field{{Name: name, Value: n}}})
			}
		}
	}
	return out
}

var (
	humps   = lazyregexp.New(`([a-z0-9])([A-Z])`)
	marks   = lazyregexp.New(`\p{Mn}`) // the accents of letters
	notName = lazyregexp.New(`[^a-z0-9]+`)
	notEnv  = lazyregexp.New(`[^A-Za-z0-9_]+`)
	hostOf  = lazyregexp.New(`^(?:[a-z]+://([^/:]+).*|([^/:]+):[0-9]+(?:/.*)?)$`)
)

// spellings are other ways to write a text, the likeliest first.
func spellings(s string) []string {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return nil
	}
	all := []string{
		trimmed, strings.ToLower(trimmed), strings.ToUpper(trimmed),
		fileOf(trimmed), notEnv.ReplaceAllString(trimmed, "_"), notEnv.ReplaceAllString(strings.ToUpper(trimmed), "_"),
		strings.ReplaceAll(trimmed, " ", ""), strings.TrimRight(trimmed, "/"), strings.ReplaceAll(trimmed, ",", "."),
	}
	all = append(all, amounts(trimmed)...)
	for _, prefix := range []string{"https://", "http://", "./", "CAP_", "cap_"} {
		if rest, ok := strings.CutPrefix(trimmed, prefix); ok {
			all = append(all, rest, strings.ToUpper(rest), "/"+rest)
		}
	}
	if host := hostOf.FindStringSubmatch(trimmed); host != nil {
		all = append(all, host[1]+host[2])
	}
	plain := marks.ReplaceAllString(norm.NFD.String(trimmed), "")
	kebab := strings.Trim(notName.ReplaceAllString(strings.ToLower(humps.ReplaceAllString(plain, "$1-$2")), "-"), "-")
	all = append(all, kebab, strings.TrimLeft(kebab, "0123456789-"))
	if len(kebab) > 15 {
		all = append(all, cut(kebab, 63), cut(kebab, 30), cut(kebab, 15))
	}
	return append(all, "/"+trimmed, "SIG"+strings.ToUpper(trimmed))
}

// fileOf is the last part of a relative path, or "" of what is none.
func fileOf(s string) string {
	if strings.Contains(s, ":") || strings.HasPrefix(s, "/") || !strings.Contains(s, "/") {
		return ""
	}
	return path.Base(s)
}

func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.Trim(s, "-")
}
