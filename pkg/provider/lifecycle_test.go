package provider_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Lifecycle = fake{}

// TestRefusalSays shows the messages of violated conditions.
func TestRefusalSays(t *testing.T) {
	ctx, p := t.Context(), newFake("fake")
	if _, err := p.Provision(ctx, tenant("acme", 1)); err != nil {
		t.Fatal(err)
	}
	_, err := p.UpdateIf(ctx, tenant("acme", 2), provider.Condition{Revision: 4})
	if refused, ok := errors.AsType[*provider.RevisionError](err); !ok || refused.Held != 1 || refused.Digest != digest(t, tenant("acme", 1)) {
		t.Errorf("another revision: %+v", err)
	}
	if want := "acme: revision 1 is recorded, and 4 is expected"; err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
	_, err = p.UpdateIf(ctx, tenant("acme", 2), provider.Condition{Digest: "sha256:0"})
	if want := "acme: another plan is recorded, as revision 1"; err == nil || err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
	_, err = p.UpdateIf(ctx, tenant("acme", 2), provider.Condition{Allow: provider.InPlace})
	want := []provider.Change{{
		Change: plan.Change{Path: diag.At("workloads", "web", "replicas"), Kind: plan.Changed, Old: int64(1), New: int64(2)}, Effect: provider.Rolling,
	}}
	refused, ok := errors.AsType[*provider.EffectError](err)
	if !ok {
		t.Fatalf("an effect that is not allowed: %v", err)
	}
	if diff := cmp.Diff(want, refused.Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if want := "acme: the change of workloads.web.replicas has the effect rolling, and at most in-place is allowed"; err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
}

// TestNoUpdateIsLost: of concurrent updates of what each has read, one succeeds at a time, and
// the others read again.
func TestNoUpdateIsLost(t *testing.T) {
	const goroutines, each = 16, 20
	ctx, p := t.Context(), newFake("fake")
	if _, err := p.Provision(ctx, tenant("acme", 1)); err != nil {
		t.Fatal(err)
	}
	var refused atomic.Int32
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for done := 0; done < each; {
				held, err := p.GetRecord(ctx, "acme")
				if err != nil {
					t.Error(err)
					return
				}
				_, err = p.UpdateIf(ctx, tenant("acme", held.Plan.Workloads["web"].Replicas+1), provider.Condition{Revision: held.Revision})
				switch {
				case err == nil:
					done++
				case errors.Is(err, provider.ErrRevision):
					refused.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	held, err := p.GetRecord(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	// A caller whose plan is already recorded changes nothing: each number of copies is one
	// revision.
	if n := held.Plan.Workloads["web"].Replicas; n != held.Revision || held.Revision < each {
		t.Errorf("%d copies at revision %d, %d refused", n, held.Revision, refused.Load())
	}
}

// TestStoreOutlastsRecorder: revisions continue where an earlier process stopped.
func TestStoreOutlastsRecorder(t *testing.T) {
	var store provider.Memory
	for i := range 3 {
		p := newFake("fake")
		p.WithStore(&store)
		do := p.Update
		if i == 0 {
			do = p.Provision
		}
		if res, err := do(t.Context(), tenant("acme", i+1)); err != nil || res.Revision != i+1 {
			t.Errorf("start %d: revision %d (%v)", i, res.Revision, err)
		}
	}
}

// TestMove moves a tenant with a volume from one provider to another.
func TestMove(t *testing.T) {
	ctx, here, there := t.Context(), newFake("here"), newFake("there")
	on := func(name string, replicas int) *plan.Plan {
		p := tenant("acme", replicas)
		p.Provider = name
		p.Secrets = map[string]plan.Secret{"db": {Path: "acme-db"}}
		if name == "here" {
			w := p.Workloads["web"]
			w.Volumes = map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: 1024}}}
			p.Workloads["web"] = w
			p.Workloads["old"] = plan.Workload{Kind: plan.Service}
		} else {
			p.Workloads["new"] = plan.Workload{Kind: plan.Service}
		}
		return p
	}
	if _, err := provider.Move(ctx, here, there, on("there", 1), provider.Condition{}); !errors.Is(err, provider.ErrTenantNotFound) {
		t.Errorf("a tenant that is nowhere: %v", err)
	}
	if _, err := here.Provision(ctx, on("here", 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Move(ctx, here, there, on("there", 1), provider.Condition{Allow: provider.EffectDestroy}); !errors.Is(err, provider.ErrEffect) {
		t.Errorf("a loss that is not allowed: %v", err)
	}
	if _, err := there.GetStatus(ctx, "acme"); !errors.Is(err, provider.ErrTenantNotFound) {
		t.Errorf("after a refusal the tenant is there: %v", err)
	}
	for _, time := range []string{"once", "again"} {
		res, err := provider.Move(ctx, here, there, on("there", 1), provider.Condition{Allow: provider.DataLoss})
		if err != nil || res.From != "here" || res.Provider != "there" || res.Operation != provider.OpMove || res.Revision != 1 {
			t.Errorf("%s: %+v (%v)", time, res, err)
		}
		var got []string
		for _, c := range res.Changes {
			got = append(got, fmt.Sprintf("%s %s: %s; %s", c.Path, c.Kind, c.Effect, c.Advice))
		}
		want := []string{
			"provider changed: none; ",
			"secrets.db changed: none; its value stays in the store of here: put it where there looks for it",
			"workloads.old removed: destroy; ",
			"workloads.web changed: data-loss; ",
			"workloads.new added: create; ",
		}
		if time == "again" {
			want = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", time, diff)
		}
	}
	if _, err := here.GetStatus(ctx, "acme"); !errors.Is(err, provider.ErrTenantNotFound) {
		t.Errorf("after the move the tenant is here: %v", err)
	}
}

// meddling is a provider that receives another call while a tenant moves to it.
type meddling struct {
	fake
	meddle func()
}

func (m meddling) Provision(ctx context.Context, p *plan.Plan) (provider.Result, error) {
	m.meddle()
	return m.fake.Provision(ctx, p)
}

// TestMoveIsTakenBack: a tenant that is updated during its move stays on its provider, updated.
func TestMoveIsTakenBack(t *testing.T) {
	ctx, here := t.Context(), newFake("fake")
	if _, err := here.Provision(ctx, tenant("acme", 1)); err != nil {
		t.Fatal(err)
	}
	there := meddling{newFake("there"), func() {
		if _, err := here.Update(ctx, tenant("acme", 2)); err != nil {
			t.Error(err)
		}
	}}
	p := tenant("acme", 1)
	p.Provider = "there"
	if _, err := provider.Move(ctx, here, there, p, provider.Condition{}); !errors.Is(err, provider.ErrRevision) {
		t.Errorf("the error is %v", err)
	}
	if status, err := here.GetStatus(ctx, "acme"); err != nil || status.Revision != 2 {
		t.Errorf("where it was: %+v (%v)", status, err)
	}
	if _, err := there.GetStatus(ctx, "acme"); !errors.Is(err, provider.ErrTenantNotFound) {
		t.Errorf("where it was to go: %v", err)
	}
}
