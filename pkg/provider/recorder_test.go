package provider_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func tenant(id string, replicas int) *plan.Plan {
	return &plan.Plan{Version: plan.Version, ID: id, Provider: "fake", Workloads: map[string]plan.Workload{
		"web": {Kind: plan.Service, Replicas: replicas, Containers: map[string]plan.Container{"app": {Image: "nginx:1.29"}}},
	}}
}

func digest(t *testing.T, p *plan.Plan) string {
	t.Helper()
	text, err := p.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestLifecycle performs each step of a tenant's life twice: a retry is safe.
func TestLifecycle(t *testing.T) {
	ctx, p := t.Context(), newFake("fake")
	result := func(op provider.Operation, revision int, recorded *plan.Plan, changes ...provider.Change) provider.Result {
		r := provider.Result{Provider: "fake", Tenant: "acme", Operation: op, Outcome: provider.Recorded, Revision: revision, Changes: append([]provider.Change{}, changes...)}
		if recorded != nil {
			r.Digest = digest(t, recorded)
		}
		return r
	}
	web := diag.At("workloads", "web")
	steps := []struct {
		reason string
		do     func() (provider.Result, error)
		want   provider.Result
		err    error
	}{
		{"update before provision", func() (provider.Result, error) { return p.Update(ctx, tenant("acme", 1)) }, provider.Result{}, provider.ErrTenantNotFound},
		{"destroy before provision", func() (provider.Result, error) { return p.Destroy(ctx, "acme") }, result(provider.OpDestroy, 0, nil), nil},
		{"provision", func() (provider.Result, error) { return p.Provision(ctx, tenant("acme", 1)) },
			result(provider.OpProvision, 1, tenant("acme", 1), provider.Change{Change: plan.Change{Path: web, Kind: plan.Added}, Effect: provider.EffectCreate}), nil},
		{"provision again", func() (provider.Result, error) { return p.Provision(ctx, tenant("acme", 1)) }, result(provider.OpProvision, 1, tenant("acme", 1)), nil},
		{"provision another plan", func() (provider.Result, error) { return p.Provision(ctx, tenant("acme", 2)) }, provider.Result{}, provider.ErrTenantExists},
		{"update", func() (provider.Result, error) { return p.Update(ctx, tenant("acme", 2)) },
			result(provider.OpUpdate, 2, tenant("acme", 2), provider.Change{
				Change: plan.Change{Path: web.To("replicas"), Kind: plan.Changed, Old: int64(1), New: int64(2)},
				Effect: provider.Rolling,
			}), nil},
		{"update again", func() (provider.Result, error) { return p.Update(ctx, tenant("acme", 2)) }, result(provider.OpUpdate, 2, tenant("acme", 2)), nil},
		{"destroy", func() (provider.Result, error) { return p.Destroy(ctx, "acme") },
			result(provider.OpDestroy, 0, nil, provider.Change{Change: plan.Change{Path: web, Kind: plan.Removed}, Effect: provider.EffectDestroy}), nil},
		{"destroy again", func() (provider.Result, error) { return p.Destroy(ctx, "acme") }, result(provider.OpDestroy, 0, nil), nil},
	}
	for _, s := range steps {
		got, err := s.do()
		if !errors.Is(err, s.err) {
			t.Errorf("%s: error is %v, not %v", s.reason, err, s.err)
		}
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.reason, diff)
		}
	}
}

func TestStatus(t *testing.T) {
	ctx, p := t.Context(), newFake("fake")
	if _, err := p.GetStatus(ctx, "acme"); !errors.Is(err, provider.ErrTenantNotFound) {
		t.Errorf("status of an absent tenant: %v", err)
	}
	for _, do := range []func(context.Context, *plan.Plan) (provider.Result, error){p.Provision, p.Update, p.Update} {
		if _, err := do(ctx, tenant("acme", 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Update(ctx, tenant("acme", 3)); err != nil {
		t.Fatal(err)
	}
	got, err := p.GetStatus(ctx, "acme")
	want := provider.Status{Provider: "fake", Tenant: "acme", State: provider.Recorded, Revision: 2, Digest: digest(t, tenant("acme", 3)), Workloads: []string{"web"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("status: %v (-want +got):\n%s", err, diff)
	}
}

func TestLifecycleRefuses(t *testing.T) {
	p := newFake("fake")
	other := tenant("acme", 1)
	other.Provider = "elsewhere"
	if _, err := p.Provision(t.Context(), other); !errors.Is(err, provider.ErrWrongProvider) {
		t.Errorf("a plan for another provider: %v", err)
	}
	if _, err := p.Provision(t.Context(), nil); err == nil {
		t.Error("no plan is taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, provision := p.Provision(ctx, tenant("acme", 1))
	_, update := p.Update(ctx, tenant("acme", 1))
	_, destroy := p.Destroy(ctx, "acme")
	_, status := p.GetStatus(ctx, "acme")
	for op, err := range map[string]error{"provision": provision, "update": update, "destroy": destroy, "status": status} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s in a context that is done: %v", op, err)
		}
	}
}

func TestRecorderIsSafeForConcurrentUse(t *testing.T) {
	p := newFake("fake")
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			id := fmt.Sprintf("t%d", i%4)
			_, _ = p.Provision(t.Context(), tenant(id, 1)) // another goroutine may have been first
			_, _ = p.Update(t.Context(), tenant(id, i))
			_, _ = p.GetStatus(t.Context(), id)
			if _, err := p.Destroy(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
