package providertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// errBlocked is the error of a call that did not return in time.
var errBlocked = errors.New("did not return")

// call makes a call, and returns its error, or says that it panicked or blocks. What
// blocks is left behind.
func (s *suite) call(do func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("panicked: %v", r)
			}
		}()
		done <- do()
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(s.patience):
		return fmt.Errorf("%w within %s", errBlocked, s.patience)
	}
}

// checkCalls calls each method with each plan, notes what Validate says of it, and leaves
// the plans that break a call out of the checks that follow.
func (s *suite) checkCalls() {
	s.tenants = slices.DeleteFunc(s.tenants, func(t *tenant) bool {
		p, ok := s.fresh(), true
		try := func(method string, do func() error) {
			if !ok || s.stopped {
				return
			}
			err := s.call(do)
			if ok = err == nil; errors.Is(err, errBlocked) {
				s.stop("%s of %s %v", method, t, err)
			} else if !ok {
				s.problem("%s of %s: %v", method, t, err)
			}
		}
		try("Validate", func() (err error) {
			t.diags, err = p.Validate(s.ctx, t.plan())
			return err
		})
		if !ok || t.diags.HasErrors() {
			return !ok
		}
		if r, renders := p.(provider.Renderer); renders {
			try("Render", func() error { _, err := r.Render(s.ctx, t.plan()); return err })
			try("Names", func() error { _, err := r.Names(t.plan()); return err })
		}
		for _, m := range methods(p, t) {
			try(m.name, func() error { return m.do(s.ctx) })
		}
		return !ok
	})
	if s.minimal() == nil && !s.stopped {
		s.stop("the least tenant breaks a call")
	}
}

// method is a method of the lifecycle, with its arguments.
type method struct {
	name string
	do   func(context.Context) error
}

// methods is a tenant's whole life.
func methods(p provider.Provider, t *tenant) []method {
	return []method{
		{"Provision", func(ctx context.Context) error { _, err := p.Provision(ctx, t.plan()); return err }},
		{"Update", func(ctx context.Context) error { _, err := p.Update(ctx, t.plan()); return err }},
		{"GetStatus", func(ctx context.Context) error { _, err := p.GetStatus(ctx, t.id); return err }},
		{"Destroy", func(ctx context.Context) error { _, err := p.Destroy(ctx, t.id); return err }},
	}
}

func (s *suite) checkMinimal() {
	if t := s.minimal(); t.diags.HasErrors() {
		s.stop("Validate refuses %s, after what Policy supplies:%s", t, listed(t.diags))
	}
}

func (s *suite) checkContext() {
	cancelled, cancel := context.WithCancel(s.ctx)
	cancel()
	expired, cancel := context.WithDeadline(s.ctx, time.Unix(0, 0))
	defer cancel()
	t := s.minimal()
	for _, ctx := range []context.Context{cancelled, expired} {
		p := s.fresh()
		calls := []method{
			{"Validate", func(ctx context.Context) error { _, err := p.Validate(ctx, t.plan()); return err }},
			{"Provision", func(ctx context.Context) error { _, err := p.Provision(ctx, t.as("another")); return err }},
		}
		if r, ok := p.(provider.Renderer); ok {
			calls = append(calls, method{"Render", func(ctx context.Context) error { _, err := r.Render(ctx, t.plan()); return err }})
		}
		calls = append(calls, methods(p, t)[1:]...) // of a tenant that is there
		if _, err := p.Provision(s.ctx, t.plan()); err != nil {
			s.problem("Provision: %v", err)
		}
		for _, m := range calls {
			if err := s.call(func() error { return m.do(ctx) }); !errors.Is(err, ctx.Err()) {
				s.problem("%s in a context that is done: error is %v, not %v", m.name, err, ctx.Err())
			}
		}
	}
}
