package lazyregexp

import (
	"hash/maphash"
	"sync/atomic"
)

// matches caches whether short texts match: many tenants have the same names, units and
// durations. Without it, matching takes 9 % of the time of vet at 5,000 tenants in YAML
// (measured 2026-11-29 on two cores). It is safe for concurrent use.
type matches [256]atomic.Pointer[match]

type match struct {
	text    string
	matches bool
}

// longestText limits the bytes of a cached text.
const longestText = 64

var seed = maphash.MakeSeed()

// of returns whether a text matches, from the cache or from matchString.
func (m *matches) of(text string, matchString func(string) bool) bool {
	if len(text) > longestText {
		return matchString(text)
	}
	place := &m[maphash.String(seed, text)%uint64(len(m))]
	if known := place.Load(); known != nil && known.text == text {
		return known.matches
	}
	found := &match{text, matchString(text)}
	place.Store(found)
	return found.matches
}
