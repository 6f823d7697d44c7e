package plan

// Extensions decodes extensions into a provider's own type. The zero value is ready to use.
type Extensions[T any] struct {
	// Defaults returns the value to decode into; nil: the zero value.
	Defaults func() T
}

// Decode is [Extension.Decode] into the defaults.
func (x Extensions[T]) Decode(e Extension) (*T, error) {
	decoded := new(T)
	if x.Defaults != nil {
		*decoded = x.Defaults()
	}
	if err := e.Decode(decoded); err != nil {
		return nil, err
	}
	return decoded, nil
}
