package provider_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func TestAtLeast(t *testing.T) {
	all := provider.Effects()
	for i, e := range all {
		for j, limit := range all {
			if got := e.AtLeast(limit); got != (i >= j) {
				t.Errorf("%s at least %s: %v", e, limit, got)
			}
		}
	}
}

// TestChanges: the effects that are the same on every platform do not depend on the provider's
// function, which here always returns rolling.
func TestChanges(t *testing.T) {
	stored := func() *plan.Plan {
		p := tenant("acme", 1)
		w := p.Workloads["web"]
		w.Volumes = map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: 1024, Class: "fast"}}}
		p.Workloads["web"] = w
		return p
	}
	ephemeral := stored()
	ephemeral.Workloads["web"].Volumes["data"] = plan.Volume{Ephemeral: &plan.Ephemeral{Medium: "disk"}}
	classless := stored()
	classless.Workloads["web"].Volumes["data"] = plan.Volume{Persistent: &plan.Persistent{SizeMiB: 1024}}
	none := tenant("acme", 1)
	none.Workloads = map[string]plan.Workload{}
	for _, test := range []struct {
		why      string
		from, to *plan.Plan
		want     provider.Effect
	}{
		{"a new tenant", nil, stored(), provider.EffectCreate},
		{"a new workload", none, stored(), provider.EffectCreate},
		{"a tenant that goes", tenant("acme", 1), nil, provider.EffectDestroy},
		{"a workload that goes", tenant("acme", 1), none, provider.EffectDestroy},
		{"a tenant that goes with its volume", stored(), nil, provider.DataLoss},
		{"a workload that goes with its volume", stored(), none, provider.DataLoss},
		{"all volumes go", stored(), tenant("acme", 1), provider.DataLoss},
		{"a volume that lasts becomes one that does not", stored(), ephemeral, provider.DataLoss},
		{"a volume comes", tenant("acme", 1), stored(), provider.Rolling},
		{"a volume loses its class", stored(), classless, provider.Rolling},
		{"the provider's own", tenant("acme", 1), tenant("acme", 2), provider.Rolling},
	} {
		p := newFake("fake")
		changes, err := p.Changes(test.from, test.to)
		if err != nil {
			t.Fatal(err)
		}
		worst := provider.EffectNone
		for _, c := range changes {
			worst = provider.Worse(worst, c.Effect)
		}
		if worst != test.want {
			t.Errorf("%s: %s, not %s", test.why, worst, test.want)
		}
		if test.from != nil {
			if _, err := p.GetStatus(t.Context(), test.from.ID); err == nil {
				t.Errorf("%s: to ask what changes records it", test.why)
			}
		}
	}
}
