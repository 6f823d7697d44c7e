package shape

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

const (
	// longestMistyped limits the bytes of a text for which another is suggested: typing errors
	// are in short texts.
	longestMistyped = 4 << 10

	// longestSuggested limits the bytes of a suggestion. A longer one is not shown, because a
	// cut identifier would be wrong.
	longestSuggested = 400

	// maxAlternatives limits the suggestions that are shown.
	maxAlternatives = 3
)

// suggestion is what an author may have meant: a help text, and the value if it means the same
// as what the author wrote. The zero value is none.
type suggestion struct {
	help string
	now  *data.Node
}

// addTo adds the suggestion to the diagnostic of a value.
func (s suggestion) addTo(n *data.Node, d *diag.Diagnostic) {
	d.Help = s.help
	if s.now != nil {
		d.Fix = n.Rewrite(s.now)
	}
}

// guess is a value that an author may have meant.
type guess struct {
	value *data.Node
	note  string // how the value was interpreted, if there is another way
}

// suggest returns values that the types admit and the author may have meant: first those of
// rewrites that keep the meaning, which become edits, then the likely ones.
func suggest(n *data.Node, ts Types) suggestion {
	if len(n.Text) > longestMistyped {
		return suggestion{}
	}
	v := mistaken{n, ts, classOf(ts)}
	for _, r := range sameMeaning {
		for _, g := range r.guesses(v) {
			if !admits(g.value, ts) {
				continue
			}
			s := suggestion{help: "write " + written(g), now: g.value}
			if n.Kind != data.String && g.value.Kind == data.String && r.quotes {
				s.help = "quote it: " + written(g)
			}
			return s
		}
	}
	var shown []string
	for _, g := range likely(v) {
		text := written(g)
		if len(shown) < maxAlternatives && len(text) <= longestSuggested && admits(g.value, ts) && !slices.Contains(shown, text) {
			shown = append(shown, text)
		}
	}
	if len(shown) == 0 {
		return suggestion{}
	}
	return suggestion{help: "write " + strings.Join(shown, ", or ")}
}

// likely returns the guesses of the rewrites that may change the meaning, the most likely
// first.
func likely(v mistaken) []guess {
	var all []guess
	for _, r := range otherMeaning() {
		all = append(all, r.guesses(v)...)
	}
	return all
}

// guesses returns all candidates for replacing a value.
func guesses(n *data.Node, ts Types) []*data.Node {
	v := mistaken{n, ts, classOf(ts)}
	var all []*data.Node
	for _, r := range sameMeaning {
		for _, g := range r.guesses(v) {
			all = append(all, g.value)
		}
	}
	for _, g := range likely(v) {
		all = append(all, g.value)
	}
	return all
}

// written formats a guess in full.
func written(g guess) string {
	text := shown(g.value, longestMistyped)
	if g.note != "" {
		text += " (" + g.note + ")"
	}
	return text
}
