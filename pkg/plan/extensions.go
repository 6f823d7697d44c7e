package plan

import "github.com/cuecompute/cuecompute/pkg/memo"

// Extensions decodes extensions into a provider's own type, and remembers some: a plan is
// read several times, and many tenants have the same extension. It is safe for concurrent
// use, and the zero value is ready.
type Extensions[T any] struct {
	// Defaults returns what is decoded over; nil: the zero value.
	Defaults func() T

	known memo.Texts[*T]
}

// longestExtension is how long those may be that are remembered.
const longestExtension = 4 << 10

// Decode is [Extension.Decode] into a value that is shared: it must not be changed.
func (x *Extensions[T]) Decode(e Extension) (*T, error) {
	if known := x.known.Get(string(e)); known != nil {
		return *known, nil
	}
	decoded := new(T)
	if x.Defaults != nil {
		*decoded = x.Defaults()
	}
	if err := e.Decode(decoded); err != nil {
		return nil, err
	}
	if len(e) <= longestExtension {
		x.known.Keep(string(e), decoded)
	}
	return decoded, nil
}
