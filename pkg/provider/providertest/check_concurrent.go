package providertest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// checkConcurrent lives many tenants' lives at once on one provider, and expects of each
// what it would meet alone.
func (s *suite) checkConcurrent() {
	const goroutines, lives = 8, 6
	p := s.fresh()
	passing := s.passing()
	found := make(chan string, goroutines*lives)
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					found <- fmt.Sprintf("panicked: %v", r)
				}
			}()
			for j := range lives {
				t := passing[(i+j)%len(passing)]
				if err := s.live(p, t, fmt.Sprintf("concurrent-%d", i)); err != nil {
					found <- fmt.Sprintf("%s among others: %v", t, err)
				}
			}
		})
	}
	all.Wait()
	close(found)
	for message := range found {
		s.problem("%s", message)
	}
}

// live is a tenant's life under an id that nobody else has, and a part in one that all
// share.
func (s *suite) live(p provider.Provider, t *tenant, id string) error {
	diags, err := p.Validate(s.ctx, t.plan())
	if err != nil || !s.varies && !reflect.DeepEqual(t.diags, diags) {
		return fmt.Errorf("in Validate, which says%s\nnot%s (%v)", listed(diags), listed(t.diags), err)
	}
	if res, err := p.Provision(s.ctx, t.as(id)); err != nil || res.Tenant != id {
		return fmt.Errorf("in Provision: %+v, %v", res, err)
	}
	another, _ := t.changed(id)
	if res, err := p.Update(s.ctx, another); err != nil || len(res.Changes) == 0 || res.Tenant != id {
		return fmt.Errorf("in Update: %+v, %v", res, err)
	}
	if status, err := p.GetStatus(s.ctx, id); err != nil || status.Tenant != id || len(status.Workloads) != len(another.Workloads) {
		return fmt.Errorf("in GetStatus: %+v, %v", status, err)
	}
	if res, err := p.Destroy(s.ctx, id); err != nil || res.Tenant != id {
		return fmt.Errorf("in Destroy: %+v, %v", res, err)
	}
	if _, err := p.GetStatus(s.ctx, id); !errors.Is(err, provider.ErrTenantNotFound) {
		return fmt.Errorf("in GetStatus after Destroy: %v", err)
	}
	const shared = "concurrent"
	if _, err := p.Provision(s.ctx, t.as(shared)); err != nil && !errors.Is(err, provider.ErrTenantExists) {
		return fmt.Errorf("in Provision of a tenant that others provision: %v", err)
	}
	if _, err := p.Destroy(s.ctx, shared); err != nil {
		return fmt.Errorf("in Destroy of a tenant that others destroy: %v", err)
	}
	return s.rendersAlike(p, t)
}

// rendersAlike compares what is rendered among others with what a fresh provider renders.
func (s *suite) rendersAlike(p provider.Provider, t *tenant) error {
	r, ok := p.(provider.Renderer)
	if !ok || s.varies {
		return nil
	}
	got, err := r.Render(s.ctx, t.plan())
	if err != nil {
		return fmt.Errorf("in Render: %v", err)
	}
	want, err := s.fresh().(provider.Renderer).Render(s.ctx, t.plan())
	if err != nil {
		return fmt.Errorf("in Render: %v", err)
	}
	return alike(want, got)
}
