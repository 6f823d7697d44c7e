package providertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Store holds a store to what [provider.Store] promises. Fresh makes an empty one at every
// call. Run it under the race detector, which sees what the test cannot.
func Store(t *testing.T, fresh func() provider.Store) {
	t.Helper()
	for _, p := range CheckStore(t.Context(), fresh) {
		t.Error(p)
	}
}

// CheckStore is [Store] for programs that are no tests: it returns what is wrong with a store.
func CheckStore(ctx context.Context, fresh func() provider.Store) []Problem {
	s := &suite{ctx: ctx}
	var all []Problem
	for _, c := range []struct {
		name string
		look func(*suite, provider.Store)
	}{
		{"one at a time", (*suite).checkSwaps},
		{"what was put is got", (*suite).checkKept},
		{"list", (*suite).checkListed},
		{"context", (*suite).checkStoreContext},
		{"many at once", (*suite).checkRaces},
	} {
		all = append(all, s.run(check{name: c.name, look: func(s *suite) { c.look(s, fresh()) }})...)
	}
	return all
}

// stored is a record of a plan that has what may be lost on the way to a database and back.
func stored(id string, revision int) *provider.Record {
	p := &plan.Plan{
		Version: plan.Version, ID: id, Provider: "store",
		Labels:    map[string]string{"team": "Zürich <&> \u2028 \"'`", "revision": fmt.Sprint(revision)},
		Config:    map[string]map[string]string{"app": {"app.toml": "a = 1\r\n\tb\x7f\n"}},
		Extension: `{"big":123456789012345678901234567890,"half":0.50,"null":null}`,
		Workloads: map[string]plan.Workload{"web": {
			Kind: plan.Service, Replicas: revision, StopGraceSeconds: 30,
			Restart:    plan.Restart{Policy: plan.RestartAlways},
			Rollout:    &plan.Rollout{MaxSurge: &plan.Count{N: 25, Percent: true}},
			Containers: map[string]plan.Container{"app": {Image: "nginx:1.29", Args: []string{"", "$$", "{{x}}"}}},
			Written:    []string{"replicas"},
		}},
		Defaults: map[string]string{"workloads.web.containers.app.resources.memory": "300Mi"},
	}
	digest, err := p.Digest()
	if err != nil {
		panic(err) // it is a plan
	}
	return &provider.Record{Plan: p, Revision: revision, Digest: digest}
}

func (s *suite) checkSwaps(store provider.Store) {
	one, two := stored("acme", 1), stored("acme", 2)
	otherDigest, otherRevision := *one, *one
	otherDigest.Digest, otherRevision.Revision = two.Digest, 7
	for _, step := range []struct {
		what     string
		old, new *provider.Record
		want     error
		after    *provider.Record
	}{
		{"of a record that is not there", one, two, provider.ErrRevision, nil},
		{"of a record that is not there, to remove it", one, nil, provider.ErrRevision, nil},
		{"to put the first record", nil, one, nil, one},
		{"to put a first record again", nil, two, provider.ErrRevision, one},
		{"of a record with another digest", &otherDigest, two, provider.ErrRevision, one},
		{"of a record with another revision", &otherRevision, two, provider.ErrRevision, one},
		{"of the record with the next", one, two, nil, two},
		{"of the record before", one, two, provider.ErrRevision, two},
		{"to remove the record before", one, nil, provider.ErrRevision, two},
		{"to remove the record", two, nil, nil, nil},
		{"to put a record where one was", nil, one, nil, one},
	} {
		if err := store.Swap(s.ctx, "acme", step.old, step.new); !errors.Is(err, step.want) {
			s.problem("Swap %s: error is %v, not %v", step.what, err, step.want)
		}
		got, err := store.Get(s.ctx, "acme")
		if step.after == nil && !errors.Is(err, provider.ErrTenantNotFound) {
			s.problem("Get after Swap %s: error is %v, not ErrTenantNotFound", step.what, err)
		}
		if step.after != nil && (err != nil || !step.after.Is(got)) {
			s.problem("Get after Swap %s: %+v (%v), not %+v", step.what, got, err, step.after)
			return
		}
	}
	if _, err := store.Get(s.ctx, "acm"); !errors.Is(err, provider.ErrTenantNotFound) {
		s.problem("Get of another tenant: error is %v, not ErrTenantNotFound", err)
	}
}

func (s *suite) checkKept(store provider.Store) {
	want := stored("acme", 3)
	if err := store.Swap(s.ctx, "acme", nil, want); err != nil {
		s.problem("Swap: %v", err)
		return
	}
	got, err := store.Get(s.ctx, "acme")
	if err != nil || got.Plan == nil || !want.Is(got) {
		s.problem("Get: %+v (%v), not %+v", got, err, want)
		return
	}
	if digest, err := got.Plan.Digest(); err != nil || digest != want.Digest {
		changes, _ := plan.Diff(want.Plan, got.Plan)
		s.problem("the plan is another than was put: %v (%v)", changes, err)
	}
	w := got.Plan.Workloads["web"]
	if !w.Wrote("replicas") || len(got.Plan.Defaults) != 1 {
		s.problem("the plan lost what says where its values come from")
	}
}

func (s *suite) checkListed(store provider.Store) {
	if all, err := store.List(s.ctx); err != nil || len(all) > 0 {
		s.problem("List of an empty store: %d records (%v)", len(all), err)
	}
	ids := []string{"b", "a-b", "a", "ab", "a0"}
	for i, id := range ids {
		if err := store.Swap(s.ctx, id, nil, stored(id, i+1)); err != nil {
			s.problem("Swap: %v", err)
		}
	}
	if err := store.Swap(s.ctx, "ab", stored("ab", 4), nil); err != nil {
		s.problem("Swap to remove: %v", err)
	}
	all, err := store.List(s.ctx)
	if err != nil {
		s.problem("List: %v", err)
	}
	var got []string
	for _, r := range all {
		got = append(got, r.Plan.ID)
		if want := stored(r.Plan.ID, slices.Index(ids, r.Plan.ID)+1); !want.Is(r) {
			s.problem("List has revision %d of %s, not %d", r.Revision, r.Plan.ID, want.Revision)
		}
	}
	if want := []string{"a", "a-b", "a0", "b"}; !slices.Equal(want, got) {
		s.problem("List has the tenants %q, not %q", got, want)
	}
}

func (s *suite) checkStoreContext(store provider.Store) {
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, get := store.Get(ctx, "acme")
	_, list := store.List(ctx)
	swap := store.Swap(ctx, "acme", nil, stored("acme", 1))
	for name, err := range map[string]error{"Get": get, "List": list, "Swap": swap} {
		if !errors.Is(err, context.Canceled) {
			s.problem("%s in a context that is done: error is %v, not %v", name, err, context.Canceled)
		}
	}
	if _, err := store.Get(s.ctx, "acme"); !errors.Is(err, provider.ErrTenantNotFound) {
		s.problem("Swap in a context that is done puts a record (%v)", err)
	}
}

// checkRaces lets many count one tenant's revision up, and others beside them tenants of their
// own: no count may be lost.
func (s *suite) checkRaces(store provider.Store) {
	const goroutines, each = 8, 10
	if err := store.Swap(s.ctx, "shared", nil, stored("shared", 1)); err != nil {
		s.problem("Swap: %v", err)
		return
	}
	found := make(chan error, 2*goroutines)
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() { found <- s.count(store, "shared", each) })
		all.Go(func() {
			own := fmt.Sprintf("own-%d", i)
			if err := store.Swap(s.ctx, own, nil, stored(own, 1)); err != nil {
				found <- err
				return
			}
			found <- s.count(store, own, each)
		})
	}
	all.Wait()
	close(found)
	for err := range found {
		if err != nil {
			s.problem("among others: %v", err)
		}
	}
	if got, err := store.Get(s.ctx, "shared"); err != nil || got.Revision != 1+goroutines*each {
		s.problem("after %d swaps, the record is %+v (%v)", goroutines*each, got, err)
	}
}

// count counts a tenant's revision up.
func (s *suite) count(store provider.Store, id string, times int) error {
	for done := 0; done < times; {
		held, err := store.Get(s.ctx, id)
		if err != nil {
			return err
		}
		switch err := store.Swap(s.ctx, id, held, stored(id, held.Revision+1)); {
		case err == nil:
			done++
		case !errors.Is(err, provider.ErrRevision):
			return err
		}
	}
	return nil
}
