package lazyregexp

import (
	"hash/maphash"
	"regexp"
	"strings"
	"sync/atomic"
)

// expression is a compiled one that remembers whether short texts match: names, units and
// durations come again and again.
type expression struct {
	*regexp.Regexp
	memory [sets][2]atomic.Pointer[answer] // by the text's hash; the last two stay
}

type answer struct {
	text    string
	matches bool
}

// How many pairs of texts an expression remembers at most, and how long they may be.
const (
	sets        = 256
	longestText = 64
)

var seed = maphash.MakeSeed()

// MatchString is that of the regular expression.
func (e *expression) MatchString(text string) bool {
	if len(text) > longestText {
		return e.Regexp.MatchString(text)
	}
	set := &e.memory[maphash.String(seed, text)%sets]
	for i := range set {
		if known := set[i].Load(); known != nil && known.text == text {
			return known.matches
		}
	}
	matches := e.Regexp.MatchString(text)
	set[1].Store(set[0].Load())
	set[0].Store(&answer{strings.Clone(text), matches}) // not the file that it may be a part of
	return matches
}
