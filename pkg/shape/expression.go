package shape

import (
	"regexp"
	"sync"
	"sync/atomic"
)

// expression is a regular expression that remembers short texts: names, units and
// durations come again and again. It is compiled when it is first needed.
type expression struct {
	compiled func() *regexp.Regexp

	memo  sync.Map // text → bool
	texts atomic.Int32
}

// How many texts an expression remembers, and how long they are at most: some 64 KiB
// for each expression.
const (
	mostTexts   = 1024
	longestText = 64
)

func newExpression(text string) *expression {
	return &expression{compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
}

func (e *expression) matches(text string) bool {
	if len(text) > longestText {
		return e.compiled().MatchString(text)
	}
	if known, ok := e.memo.Load(text); ok {
		return known.(bool)
	}
	matches := e.compiled().MatchString(text)
	if e.texts.Load() < mostTexts {
		e.texts.Add(1)
		e.memo.Store(text, matches)
	}
	return matches
}
