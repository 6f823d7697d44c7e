package compile

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// grace is the time that a provider has to return after its context is done.
const grace = time.Second

// caller runs a worker's calls of providers in a goroutine of its own, so that a call that does
// not return can be abandoned. Later calls reuse the goroutine's stack.
type caller struct {
	calls chan func()
	ended chan ending // of the last call
}

// ending is how a call ended: it returned, ended its goroutine, or is stuck.
type ending int

const (
	returned ending = iota
	exited
	stuck
)

// do makes a call, and waits until it returns or grace has passed after the end of ctx.
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
		c.end() // the next call gets a new goroutine
	}
	return end
}

// end stops the goroutine once its call has returned.
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

// callProvider calls a method of a provider. A failure is a *ProviderError, except the end of
// ctx. A call that ignores ctx is abandoned.
func callProvider[T any](ctx context.Context, c *caller, p *plan.Plan, method string, call func() (T, error)) (T, error) {
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
	case end == stuck: // the abandoned call may still write to a
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

// answer is the result of a call.
type answer[T any] struct {
	value T
	err   error
	stack []byte // if it panicked
}
