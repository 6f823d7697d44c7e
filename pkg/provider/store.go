package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Record is the record of a tenant.
type Record struct {
	Plan     *plan.Plan `json:"plan"`
	Revision int        `json:"revision"` // see [Status]
	Digest   string     `json:"digest"`   // of the plan when it was recorded: see [plan.Plan.Digest]
}

// Is reports whether two records are the same: both nil, or with equal revision and digest. It
// does not compare the plans.
func (r *Record) Is(other *Record) bool {
	if r == nil || other == nil {
		return r == other
	}
	return r.Revision == other.Revision && r.Digest == other.Digest
}

// Store holds the records of one provider's tenants for a [Recorder], such as in a database
// table, so that they and their revisions outlast the process. Its methods are safe for
// concurrent use, return ctx.Err() once ctx is done, and change neither a plan nor the given
// record. The test Store of package providertest checks this contract.
type Store interface {
	// Get returns the record of a tenant, or ErrTenantNotFound. It is the last one that Swap
	// stored, from any process.
	Get(ctx context.Context, tenant string) (*Record, error)

	// Swap replaces a record atomically: if the tenant's record is old, as [Record.Is] compares
	// them, it becomes new. A nil old means that there is none, a nil new removes it. If the
	// tenant has another record, the error is ErrRevision, and nothing is changed. In SQL it is
	// an UPDATE … WHERE tenant = ? AND revision = ? AND digest = ? that has to affect one row.
	Swap(ctx context.Context, tenant string, old, new *Record) error

	// List returns all records, sorted by tenant. Each is a record that existed at some time
	// during the call.
	List(ctx context.Context) ([]*Record, error)
}

// WithStore makes the recorder keep its records in a store instead of in memory. Call it before
// the provider is used. It returns the recorder:
//
//	p := kubernetes.New()
//	p.WithStore(store)
//
// Several processes may use one store; each provider has its own.
func (r *Recorder) WithStore(s Store) *Recorder {
	r.store = s
	return r
}

// Memory is a Store that ends with its process. The zero value is empty and ready to use.
type Memory struct {
	mu      sync.RWMutex
	records map[string]*Record
}

var _ Store = (*Memory)(nil)

// Get returns the record of a tenant; see [Store].
func (m *Memory) Get(ctx context.Context, tenant string) (*Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if r, ok := m.records[tenant]; ok {
		return r, nil
	}
	return nil, fmt.Errorf("%s: %w", tenant, ErrTenantNotFound)
}

// Swap replaces a record; see [Store].
func (m *Memory) Swap(ctx context.Context, tenant string, old, new *Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.records[tenant].Is(old) {
		return fmt.Errorf("%s: %w", tenant, ErrRevision)
	}
	if new == nil {
		delete(m.records, tenant)
		return nil
	}
	if m.records == nil {
		m.records = map[string]*Record{}
	}
	m.records[tenant] = new
	return nil
}

// List returns all records; see [Store].
func (m *Memory) List(ctx context.Context) ([]*Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	all := make([]*Record, 0, len(m.records))
	for _, r := range m.records {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *Record) int { return cmp.Compare(a.Plan.ID, b.Plan.ID) })
	return all, nil
}
