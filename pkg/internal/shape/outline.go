package shape

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Line is a field in an outline.
type Line struct {
	Depth    int
	Name     string
	Type     string // abbreviated
	Where    string // the case, as in [Form]
	Default  string
	Required bool
}

// Outline lists the fields of several shapes of one tenant, each at its position in the first
// shape that has it.
func Outline(shapes ...*Shape) []Line {
	var all Types
	for _, s := range shapes {
		all = append(all, s.Tenant...)
	}
	return outline(nil, all, 0)
}

func outline(lines []Line, ts Types, depth int) []Line {
	spots := within(ts)
	for i, s := range spots {
		same := func(other spot) bool { return other.Name == s.Name }
		if slices.ContainsFunc(spots[:i], same) {
			continue // another conjunct or form of the same field
		}
		var inner Types
		for _, s := range spots[i:] {
			if same(s) {
				inner = append(inner, s.Types...)
			}
		}
		lines = outline(append(lines, s.line(depth)), inner, depth+1)
	}
	return lines
}

// line returns a field's line in an outline.
func (s spot) line(depth int) Line {
	l := Line{Depth: depth, Name: s.Name, Type: s.Types.short(), Where: s.where, Required: s.required()}
	if s.Presence == Defaulted {
		l.Default = show(s.Types.Default())
	}
	return l
}

// maxWidth limits the characters of constants in an outline; longer lists show only their kind.
const maxWidth = 40

// short describes what types admit as briefly as possible.
func (ts Types) short() string {
	for _, t := range ts {
		switch {
		case t.Struct != nil && len(t.Struct.Fields) == 0 && len(t.Struct.Patterns) > 0:
			return "map of " + t.Struct.Patterns[0].Value.short()
		case t.List != nil:
			return "list of " + t.List.elements().short()
		case len(t.Enum) > 0 && t.Enum[0].Kind == data.String && len(listed(t.Enum)) <= maxWidth:
			return strings.ReplaceAll(listed(t.Enum), ", ", " or ")
		}
	}
	words := strings.Split(ts.kinds().String(), " or ")
	for i, w := range words {
		_, noun, ok := strings.Cut(w, " ")
		if ok {
			words[i] = noun
		}
	}
	if ts.kinds() == AnyKind {
		return "anything"
	}
	return strings.Join(words, " or ")
}
