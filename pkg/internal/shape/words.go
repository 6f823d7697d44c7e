package shape

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// maxShown limits the characters of a value in a message.
const maxShown = 80

// show formats a value as an author would, cut to a readable length.
func show(n *data.Node) string { return shown(n, maxShown) }

// shown formats a value as an author would, with texts of at most that many characters.
func shown(n *data.Node, longest int) string {
	switch n.Kind {
	case data.Null:
		return "null"
	case data.Bool, data.Int, data.Float:
		return n.Text
	case data.String:
		if r := []rune(n.Text); len(r) > longest {
			return strconv.Quote(string(r[:longest]) + "…")
		}
		return strconv.Quote(n.Text)
	case data.List:
		parts := make([]string, len(n.Elems))
		for i, e := range n.Elems {
			parts[i] = shown(e, longest)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case data.Struct:
		parts := make([]string, len(n.Fields))
		for i, f := range n.Fields {
			parts[i] = f.Name + ": " + shown(f.Value, longest)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return article(n.Kind.String())
}

func listed(enum []*data.Node) string {
	var parts []string
	for _, e := range enum {
		parts = append(parts, show(e))
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), ", ")
}

func article(noun string) string {
	if noun == data.Bytes.String() {
		return noun
	}
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// describe describes what types admit.
func describe(ts Types) string {
	if len(ts) == 0 {
		return "anything"
	}
	for _, t := range ts {
		switch {
		case t.Words != "":
			return t.Words
		case len(t.Enum) == 1:
			return show(t.Enum[0])
		case len(t.Enum) > 1:
			return "one of " + listed(t.Enum)
		case t.Union != nil:
			return describeUnion(t)
		}
	}
	kinds := ts.kinds()
	var limits []string
	for _, t := range ts {
		for i := range t.Bounds {
			if t.Kinds&number == t.Kinds {
				limits = append(limits, t.Bounds[i].words(t))
			}
		}
	}
	words := kinds.String()
	if len(limits) > 0 {
		words += " of " + strings.Join(limits, " and ")
	}
	return words
}

// form shows the fields of a struct, or an entry of a map. A field that admits n gets n as its
// value.
func form(n *data.Node, ts Types) string {
	for _, t := range ts {
		switch {
		case t.Struct != nil && len(t.Struct.Fields) > 0:
			if with := filledIn(n, t.Struct); with != "" {
				return "as a struct: " + with
			}
			return "its fields: " + strings.Join(known([]view{{Struct: t.Struct}}), ", ")
		case t.Struct != nil && len(t.Struct.Patterns) > 0:
			return entryOf(n, &t.Struct.Patterns[0])
		case t.hasStructs():
			var names []string
			for _, alt := range t.Union {
				names = append(names, selectorNames(alt)...)
			}
			return "a field of: " + strings.Join(names, ", ")
		case t.List != nil && len(t.List.Rest) > 0:
			return "write a list of it: [" + entry(t.List.Rest) + "]"
		}
	}
	return ""
}

// filledIn shows a struct with a value in the first field that admits it, and the other
// required fields; "" if no field admits it.
func filledIn(n *data.Node, s *Struct) string {
	if n.Kind == data.Struct || n.Kind == data.List || n.Kind == data.Null {
		return ""
	}
	var parts []string
	taken := false
	for _, f := range s.Fields {
		if !taken {
			for _, candidate := range append([]*data.Node{n}, guesses(n, f.Types)...) {
				if taken = admits(candidate, f.Types); taken {
					parts = append(parts, f.Name+": "+show(candidate))
					break
				}
			}
			if taken {
				continue
			}
		}
		if f.Presence == Required {
			parts = append(parts, f.Name+": …")
		}
	}
	if !taken {
		return ""
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// entryOf shows an entry of a map. An element of a list in its place is its name.
func entryOf(n *data.Node, p *Pattern) string {
	name, also := "NAME", ""
	if n.Kind == data.List && len(n.Elems) > 0 && n.Elems[0].Kind == data.String && admits(n.Elems[0], p.Key) {
		name = n.Elems[0].Text
	} else if words := describe(p.Key); len(p.Key) > 0 && p.Key[0].Words != "" {
		also = ", where NAME is " + words
	}
	return "an entry is " + name + ": " + entry(p.Value) + also
}

// entry shows an entry or element: an example, or a struct by its required fields.
func entry(ts Types) string {
	if names := selectorNames(ts); len(names) > 0 {
		return "{" + names[0] + ": …}"
	}
	for _, t := range ts {
		for _, alt := range append([]Types{{t}}, t.Union...) {
			if len(alt) > 0 && alt[0].Example != "" {
				return alt[0].Example
			}
		}
	}
	return describe(ts)
}

// helpEmpty describes what to write for a missing value.
func helpEmpty(n *data.Node, ts Types) string {
	if admits(&data.Node{Kind: data.String}, ts) {
		return `an empty text is written ""`
	}
	if what := form(n, ts); what != "" {
		return what + "; or leave it out"
	}
	return "write " + describe(ts) + ", or leave it out"
}

func describeUnion(t *Type) string {
	var parts []string
	for _, alt := range t.Union {
		words := describe(alt)
		if names := selectorNames(alt); len(names) > 0 {
			words = "{" + strings.Join(names, ", ") + "}"
		}
		if !slices.Contains(parts, words) && !(len(alt) == 1 && len(alt[0].Enum) == 1 && t.Default == alt[0].Enum[0] && coveredBy(t, alt[0].Enum[0])) {
			parts = append(parts, words)
		}
	}
	return strings.Join(parts, " or ")
}

// coveredBy reports whether another alternative admits a default too, so that it need not be
// listed.
func coveredBy(t *Type, value *data.Node) bool {
	return slices.ContainsFunc(t.Union, func(alt Types) bool {
		return !(len(alt) == 1 && len(alt[0].Enum) == 1) && admits(value, alt)
	})
}

// kindWords are the kinds as authors know them.
var kindWords = [...]string{"null", "a bool", "an int", "a number", "a string", "bytes", "a list", "a struct"}

// String describes a set of kinds.
func (s Kinds) String() string {
	if s&number == number {
		s &^= kind(data.Int)
	}
	var parts []string
	for k, words := range kindWords {
		if s.Has(data.Kind(k)) {
			parts = append(parts, words)
		}
	}
	return strings.Join(parts, " or ")
}

// words describes a bound; for a text, with its definition's description.
func (b *Bound) words(t *Type) string {
	switch b.Op {
	case Matches, NotMatch:
		if t.Words != "" {
			return t.Words
		}
		does, not := lazyregexp.Words(b.Limit)
		if b.Op == NotMatch {
			return "a text that " + not
		}
		return "a text that " + does
	case AtLeast:
		return "at least " + b.Limit
	case AtMost:
		return "at most " + b.Limit
	case MoreThan:
		return "more than " + b.Limit
	case LessThan:
		return "less than " + b.Limit
	case MaxRunes:
		return "at most " + b.Limit + " characters long"
	case MinRunes:
		return "at least " + b.Limit + " characters long"
	}
	return string(b.Op) + " " + b.Limit
}

// exampleOf returns the example that a field's comment gives, or "".
func exampleOf(doc string) string {
	_, rest, ok := strings.Cut(doc, "Example: `")
	if !ok {
		return ""
	}
	example, _, _ := strings.Cut(rest, "`")
	if strings.HasPrefix(example, "{") || strings.HasPrefix(example, "[") || strings.Contains(example, ": ") {
		return example
	}
	if _, err := strconv.ParseFloat(example, 64); err == nil || example == "true" || example == "false" || strings.HasPrefix(example, `"`) {
		return example
	}
	return strconv.Quote(example)
}
