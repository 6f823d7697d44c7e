package provider

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Registry holds providers by name. It is safe for concurrent use: a provider may be registered
// while requests are served. A compiler uses the providers that were registered when it was
// made, and an iteration those that were registered when it began. A provider cannot be
// removed. The zero value is empty and ready to use.
type Registry struct {
	mu     sync.RWMutex
	byName map[string]Provider
}

// NewRegistry registers the providers given.
func NewRegistry(providers ...Provider) (*Registry, error) {
	r := &Registry{}
	for _, p := range providers {
		if err := r.Register(p); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// validName is the schema's #ProviderName.
var validName = lazyregexp.New(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Register adds a provider. It returns ErrDuplicate for a name that is taken, and
// ErrInvalidInfo for a provider with an incomplete Info.
func (r *Registry) Register(p Provider) error {
	if p == nil {
		return fmt.Errorf("%w: nil", ErrInvalidInfo)
	}
	info := p.Info()
	switch {
	case !validName.MatchString(info.Name):
		return fmt.Errorf("%w: name %q is not a lower-case word", ErrInvalidInfo, info.Name)
	case info.Name == "all":
		return fmt.Errorf("%w: name %q means every provider", ErrInvalidInfo, info.Name)
	case info.Doc == "":
		return fmt.Errorf("%w: %s has no Doc", ErrInvalidInfo, info.Name)
	case info.Schema.ImportPath == "" || info.Schema.Files == nil:
		return fmt.Errorf("%w: %s has no Schema", ErrInvalidInfo, info.Name)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.byName[info.Name]; ok {
		return fmt.Errorf("%w: %s", ErrDuplicate, info.Name)
	}
	if r.byName == nil {
		r.byName = map[string]Provider{}
	}
	r.byName[info.Name] = p
	return nil
}

// Get returns the provider of that name, or ErrUnknownProvider.
func (r *Registry) Get(name string) (Provider, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	p, ok := r.byName[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrUnknownProvider, name)
	}
	return p, nil
}

// Names returns the registered names, sorted.
func (r *Registry) Names() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Sorted(maps.Keys(r.byName))
}

// All yields the registered providers in the order of their names.
func (r *Registry) All() iter.Seq2[string, Provider] {
	return func(yield func(string, Provider) bool) {
		r.mu.RLock()
		all := maps.Clone(r.byName)
		r.mu.RUnlock()
		for name, p := range plan.Sorted(all) {
			if !yield(name, p) {
				return
			}
		}
	}
}
