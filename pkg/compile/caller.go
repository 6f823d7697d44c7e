package compile

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// grace is how long a provider may take to notice that its context is done.
const grace = time.Second

// caller makes a worker's calls of providers, one after another, in a goroutine of its
// own: one that does not end can be left behind. What a call leaves of its stack serves
// the next.
type caller struct {
	calls chan func()
	ended chan ending // of the call that was made last
}

// ending is how a call ended: it returned, or ended its goroutine; or it did not.
type ending int

const (
	returned ending = iota
	exited
	stuck
)

// do makes a call, and waits for it until ctx has ended for longer than grace.
func (c *caller) do(ctx context.Context, call func()) ending {
	if c.calls == nil {
		c.calls, c.ended = make(chan func()), make(chan ending, 1)
		go serve(c.calls, c.ended)
	}
	c.calls <- call
	end := stuck
	select {
	case end = <-c.ended:
	case <-ctx.Done():
		select {
		case end = <-c.ended:
		case <-time.After(grace):
		}
	}
	if end != returned {
		c.end() // the next call is another goroutine's
	}
	return end
}

// end has the goroutine end, once it can.
func (c *caller) end() {
	if c.calls != nil {
		close(c.calls)
		c.calls = nil
	}
}

func serve(calls <-chan func(), ended chan<- ending) {
	calling := false
	defer func() {
		if calling {
			ended <- exited
		}
	}()
	for call := range calls {
		calling = true
		call()
		calling = false
		ended <- returned
	}
}

// ask makes a call of a provider. What goes wrong in it is a *ProviderError, but for the
// end of ctx. A call that does not end with ctx is left behind.
func ask[T any](ctx context.Context, c *caller, p *plan.Plan, method string, call func() (T, error)) (T, error) {
	var none T
	a := new(answer[T])
	end := c.do(ctx, func() {
		defer func() {
			if r := recover(); r != nil {
				*a = answer[T]{err: fmt.Errorf("panicked: %v", r), stack: debug.Stack()}
			}
		}()
		a.value, a.err = call()
	})
	switch {
	case end == stuck: // and may still write what a points to
		return none, &ProviderError{Provider: p.Provider, Tenant: p.ID, Method: method, Err: fmt.Errorf("does not return: %w", ctx.Err())}
	case end == exited:
		a.err = errors.New("ended its goroutine")
	case a.err != nil && ctx.Err() != nil && errors.Is(a.err, ctx.Err()):
		return a.value, ctx.Err()
	}
	if a.err == nil {
		return a.value, nil
	}
	return a.value, &ProviderError{Provider: p.Provider, Tenant: p.ID, Method: method, Err: a.err, Stack: a.stack}
}

// answer is what a call gave.
type answer[T any] struct {
	value T
	err   error
	stack []byte // where it panicked
}
