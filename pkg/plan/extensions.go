package plan

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// Extensions decodes extensions into a provider's own type, and remembers some: a plan is
// read several times, and many tenants have the same extension. It is safe for concurrent
// use, and the zero value is ready.
type Extensions[T any] struct {
	// Defaults returns what is decoded over; nil: the zero value.
	Defaults func() T

	memory [remembered]atomic.Pointer[decoded[T]] // by the text's hash; the last one stays
}

type decoded[T any] struct {
	text  Extension
	value T
}

// How many extensions are remembered at most, and how long they may be.
const (
	remembered       = 256
	longestExtension = 4 << 10
)

var seed = maphash.MakeSeed()

// Decode is [Extension.Decode] into a value that is shared: it must not be changed.
func (x *Extensions[T]) Decode(e Extension) (*T, error) {
	slot := &x.memory[maphash.String(seed, string(e))%remembered]
	if known := slot.Load(); known != nil && known.text == e {
		return &known.value, nil
	}
	d := &decoded[T]{text: Extension(strings.Clone(string(e)))}
	if x.Defaults != nil {
		d.value = x.Defaults()
	}
	if err := e.Decode(&d.value); err != nil {
		return nil, err
	}
	if len(e) <= longestExtension {
		slot.Store(d)
	}
	return &d.value, nil
}
