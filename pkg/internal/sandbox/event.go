package sandbox

import (
	"context"
	"errors"
	"time"
)

// Kind is what an event is about.
type Kind int

// The kinds of event.
const (
	Queued   Kind = iota // a request waits for a child: Queue
	Answered             // a request is done: Wait, Work and Err
	Started              // a child was started: Children
	Stopped              // a child was stopped: Children and Why
)

// Event is something that happens in a pool.
type Event struct {
	Kind     Kind
	Queue    int           // requests that wait, this one included
	Children int           // that there are afterwards
	Why      Reason        // why a child was stopped
	Wait     time.Duration // of a request, for a child
	Work     time.Duration // of a child, on the request
	Err      error         // as Ask returns it
}

// Reason is why a child was stopped.
type Reason string

// The reasons.
const (
	WasIdle      Reason = "idle"          // without work for long
	WasReplaced  Reason = "replaced"      // by a fresh one, or by one of another command
	WasClosed    Reason = "closed"        // with its pool
	WasCancelled Reason = "cancelled"     // the caller's context was done
	OutOfTime    Reason = "out of time"   // over its limit
	OutOfMemory  Reason = "out of memory" // over its limit
	Died         Reason = "died"          // by itself, or killed by others
)

// reason is why a child whose work failed was stopped.
func reason(ctx context.Context, err error) Reason {
	switch {
	case errors.Is(err, ErrTime):
		return OutOfTime
	case errors.Is(err, ErrMemory):
		return OutOfMemory
	case ctx.Err() != nil:
		return WasCancelled
	}
	return Died
}

// stopped is the event of a child that is gone. The pool is locked.
func (p *Pool) stopped(why Reason) Event {
	return Event{Kind: Stopped, Children: p.children(), Why: why}
}

// children is how many there are. The pool is locked.
func (p *Pool) children() int { return len(p.waiting) + len(p.working) }

func (p *Pool) observe(ctx context.Context, events []Event) {
	if p.options.Observe == nil {
		return
	}
	for _, e := range events {
		p.options.Observe(ctx, e)
	}
}
