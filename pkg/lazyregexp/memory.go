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
	memory [remembered]atomic.Pointer[answer] // by the text's hash; the last one stays
}

type answer struct {
	text    string
	matches bool
}

// How many texts an expression remembers at most, and how long they may be.
const (
	remembered  = 256
	longestText = 64
)

var seed = maphash.MakeSeed()

// MatchString is that of the regular expression.
func (e *expression) MatchString(text string) bool {
	if len(text) > longestText {
		return e.Regexp.MatchString(text)
	}
	slot := &e.memory[maphash.String(seed, text)%remembered]
	if known := slot.Load(); known != nil && known.text == text {
		return known.matches
	}
	matches := e.Regexp.MatchString(text)
	slot.Store(&answer{strings.Clone(text), matches}) // not the file that it may be a part of
	return matches
}
