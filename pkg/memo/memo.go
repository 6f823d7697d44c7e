// Package memo remembers what texts come to.
package memo

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// sets is how many pairs of texts are remembered at most.
const sets = 256

var seed = maphash.MakeSeed()

// Texts remembers values of texts, of those that share a hash the last two. It is safe for
// concurrent use, and the zero value is ready.
type Texts[T any] struct {
	sets [sets][2]atomic.Pointer[entry[T]]
}

type entry[T any] struct {
	text  string
	value T
}

// Get returns the value of a text, which is shared, or nil.
func (m *Texts[T]) Get(text string) *T {
	set := m.set(text)
	for i := range set {
		if known := set[i].Load(); known != nil && known.text == text {
			return &known.value
		}
	}
	return nil
}

// Keep remembers the value of a text.
func (m *Texts[T]) Keep(text string, value T) {
	set := m.set(text)
	set[1].Store(set[0].Load())
	set[0].Store(&entry[T]{strings.Clone(text), value}) // not the file that it may be a part of
}

func (m *Texts[T]) set(text string) *[2]atomic.Pointer[entry[T]] {
	return &m.sets[maphash.String(seed, text)%sets]
}
