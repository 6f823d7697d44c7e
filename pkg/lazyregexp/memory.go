package lazyregexp

import (
	"regexp"

	"github.com/cuecompute/cuecompute/pkg/memo"
)

// expression is a compiled one that remembers whether short texts match: names, units and
// durations come again and again.
type expression struct {
	*regexp.Regexp
	known memo.Texts[bool]
}

// longestText is how long those may be that are remembered.
const longestText = 64

// MatchString is that of the regular expression.
func (e *expression) MatchString(text string) bool {
	if len(text) > longestText {
		return e.Regexp.MatchString(text)
	}
	if known := e.known.Get(text); known != nil {
		return *known
	}
	matches := e.Regexp.MatchString(text)
	e.known.Keep(text, matches)
	return matches
}
