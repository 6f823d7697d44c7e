package providertest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestMemoryIsAStore(t *testing.T) {
	providertest.Store(t, func() provider.Store { return &provider.Memory{} })
}

// badStore is a Memory but for the methods that are given.
type badStore struct {
	provider.Memory
	get  func(context.Context, string) (*provider.Record, error)
	swap func(ctx context.Context, tenant string, old, new *provider.Record) error
	list func(context.Context) ([]*provider.Record, error)
}

func (b *badStore) Get(ctx context.Context, tenant string) (*provider.Record, error) {
	if b.get != nil {
		return b.get(ctx, tenant)
	}
	return b.Memory.Get(ctx, tenant)
}

func (b *badStore) Swap(ctx context.Context, tenant string, old, new *provider.Record) error {
	if b.swap != nil {
		return b.swap(ctx, tenant, old, new)
	}
	return b.Memory.Swap(ctx, tenant, old, new)
}

func (b *badStore) List(ctx context.Context) ([]*provider.Record, error) {
	if b.list != nil {
		return b.list(ctx)
	}
	return b.Memory.List(ctx)
}

// TestStoreFindsFaults: a store that breaks a promise is found out, by the check that is meant
// to.
func TestStoreFindsFaults(t *testing.T) {
	tests := []struct {
		what, check, message string
		fault                func(*badStore)
	}{
		{"the last one wins", "many at once", "after 80 swaps", func(b *badStore) {
			b.swap = func(ctx context.Context, tenant string, old, new *provider.Record) error {
				held, _ := b.Memory.Get(ctx, tenant)
				return b.Memory.Swap(ctx, tenant, held, new)
			}
		}},
		{"the digest is not compared", "one at a time", "another digest", func(b *badStore) {
			b.swap = func(ctx context.Context, tenant string, old, new *provider.Record) error {
				if held, err := b.Memory.Get(ctx, tenant); err == nil && old != nil && held.Revision == old.Revision {
					old = held
				}
				return b.Memory.Swap(ctx, tenant, old, new)
			}
		}},
		{"a tenant that is not there is nothing", "one at a time", "not ErrTenantNotFound", func(b *badStore) {
			b.get = func(ctx context.Context, tenant string) (*provider.Record, error) {
				r, _ := b.Memory.Get(ctx, tenant)
				return r, ctx.Err()
			}
		}},
		{"removal is forgotten", "list", "not [", func(b *badStore) {
			b.swap = func(ctx context.Context, tenant string, old, new *provider.Record) error {
				if new == nil {
					return ctx.Err()
				}
				return b.Memory.Swap(ctx, tenant, old, new)
			}
		}},
		{"the plan is another", "what was put is got", "another than was put", func(b *badStore) {
			b.get = func(ctx context.Context, tenant string) (*provider.Record, error) {
				r, err := b.Memory.Get(ctx, tenant)
				if err != nil {
					return nil, err
				}
				p, other := *r.Plan, *r
				p.Labels, other.Plan = nil, &p
				return &other, nil
			}
		}},
		{"the list is in no order", "list", "not [", func(b *badStore) {
			b.list = func(ctx context.Context) ([]*provider.Record, error) {
				all, err := b.Memory.List(ctx)
				slices.Reverse(all)
				return all, err
			}
		}},
		{"the context is ignored", "context", "in a context that is done", func(b *badStore) {
			b.swap = func(ctx context.Context, tenant string, old, new *provider.Record) error {
				return b.Memory.Swap(context.WithoutCancel(ctx), tenant, old, new)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			problems := providertest.CheckStore(t.Context(), func() provider.Store {
				b := &badStore{}
				tt.fault(b)
				return b
			})
			if !slices.ContainsFunc(problems, func(p providertest.Problem) bool {
				return p.Check == tt.check && strings.Contains(p.Message, tt.message)
			}) {
				t.Errorf("check %q does not say %q: %v", tt.check, tt.message, problems)
			}
		})
	}
}
