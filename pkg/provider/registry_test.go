package provider_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// fake is a provider with only its Info and the recorded lifecycle.
type fake struct {
	*provider.Recorder
	info provider.Info
}

func newFake(name string) fake {
	return fake{
		provider.NewRecorder(name, func(_, _ *plan.Plan, _ plan.Change) provider.Effect { return provider.Rolling }),
		provider.Info{Name: name, Doc: "a fake", Schema: provider.Schema{ImportPath: "example.com/" + name, Files: fstest.MapFS{}}},
	}
}

func (f fake) Info() provider.Info { return f.info }

func (f fake) Validate(context.Context, *plan.Plan) (diag.List, error) { return nil, nil }

func TestRegisterRefuses(t *testing.T) {
	undocumented, without := newFake("dark"), newFake("bare")
	undocumented.info.Doc = ""
	without.info.Schema.Files = nil
	var reg provider.Registry
	if err := reg.Register(newFake("taken")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		reason string
		p      provider.Provider
		want   error
	}{
		{"nil", nil, provider.ErrInvalidInfo},
		{"an empty name", newFake(""), provider.ErrInvalidInfo},
		{"a name that authors cannot write", newFake("Nomad 2"), provider.ErrInvalidInfo},
		{"the name that means all", newFake("all"), provider.ErrInvalidInfo},
		{"no doc", undocumented, provider.ErrInvalidInfo},
		{"no schema", without, provider.ErrInvalidInfo},
		{"a name twice", newFake("taken"), provider.ErrDuplicate},
	}
	for _, tt := range tests {
		if err := reg.Register(tt.p); !errors.Is(err, tt.want) {
			t.Errorf("%s: error is %v, not %v", tt.reason, err, tt.want)
		}
	}
	if diff := cmp.Diff([]string{"taken"}, reg.Names()); diff != "" {
		t.Errorf("names after refusals (-want +got):\n%s", diff)
	}
}

func TestGetUnknown(t *testing.T) {
	var reg provider.Registry
	if _, err := reg.Get("nothing"); !errors.Is(err, provider.ErrUnknownProvider) {
		t.Errorf("error is %v", err)
	}
}

func TestRegistryIsSafeForConcurrentUse(t *testing.T) {
	var reg provider.Registry
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			name := fmt.Sprintf("p%02d", i)
			if err := reg.Register(newFake(name)); err != nil {
				t.Error(err)
			}
			if _, err := reg.Get(name); err != nil {
				t.Error(err)
			}
			for name, p := range reg.All() { // of those registered so far
				if p.Info().Name != name {
					t.Errorf("%s is the provider %s", name, p.Info().Name)
				}
			}
		})
	}
	wg.Wait()
	var walked []string
	for name := range reg.All() {
		if err := reg.Register(newFake("later-" + name)); err != nil { // during the iteration
			t.Error(err)
		}
		walked = append(walked, name)
	}
	if len(walked) != 16 || !slices.IsSorted(walked) {
		t.Errorf("walked %q", walked)
	}
	if n := len(reg.Names()); n != 32 {
		t.Errorf("%d names", n)
	}
}
