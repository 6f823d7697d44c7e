package shape

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// expression is a regular expression that remembers short texts: names, units and
// durations come again and again. It is compiled when it is first needed.
type expression struct {
	regexp *lazyregexp.Regexp
	memo   [remembered]atomic.Pointer[answer] // by the text's hash; the last one stays
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

func newExpression(text string) *expression {
	return &expression{regexp: lazyregexp.New(text)}
}

func (e *expression) matches(text string) bool {
	if len(text) > longestText {
		return e.regexp.MatchString(text)
	}
	slot := &e.memo[maphash.String(seed, text)%remembered]
	if known := slot.Load(); known != nil && known.text == text {
		return known.matches
	}
	matches := e.regexp.MatchString(text)
	slot.Store(&answer{strings.Clone(text), matches}) // not the file that it may be a part of
	return matches
}
