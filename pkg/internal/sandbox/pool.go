package sandbox

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Errors of work that no child took up, or finished.
var (
	ErrClosed = errors.New("the pool of child processes was closed") // while the work was in progress
	ErrBusy   = errors.New("too much work waits for a child process")
)

// idleTime is how long a child waits for work before it is stopped.
const idleTime = 30 * time.Second

// Command is a child's program, which must call [Serve], and the limits of its work.
type Command struct {
	Program string
	Args    []string // the first is the program's own name
	Limits  Limits
}

// Options configure a pool.
type Options struct {
	Children int           // at most at once, for all commands together; less than 1 means 1
	Queue    int           // requests that may wait for a child, 0 for no limit: further ones are ErrBusy
	Idle     time.Duration // after which a child without work is stopped; 0: half a minute

	// Observe, unless it is nil, is called with what happens, from many goroutines at once. It
	// must not call the pool.
	Observe func(context.Context, Event)
}

// Pool runs work in child processes, each of which handles one request after another. It is
// safe for concurrent use.
type Pool struct {
	options Options
	slots   chan struct{} // one for each busy child
	queued  atomic.Int64

	mu      sync.Mutex
	waiting []*child // idle children, the longest waiting first
	working map[*child]bool
}

// NewPool makes a pool. A child is started on demand.
func NewPool(o Options) *Pool {
	if o.Idle == 0 {
		o.Idle = idleTime
	}
	return &Pool{options: o, slots: make(chan struct{}, max(o.Children, 1)), working: map[*child]bool{}}
}

// Ask sends a request to a free child, and fills in its response; both are encoded with
// encoding/gob. If the child dies, a fresh one repeats the work once. The error is that of ctx
// or wraps ErrTime, ErrMemory, ErrDied, ErrStart, ErrBusy or ErrClosed.
func (p *Pool) Ask(ctx context.Context, command Command, request, response any) error {
	asked := time.Now()
	if err := p.enter(ctx); err != nil {
		return err
	}
	defer func() { <-p.slots }()
	begun := time.Now()
	err := p.once(ctx, command, false, request, response)
	if errors.Is(err, ErrDied) && ctx.Err() == nil {
		reflect.ValueOf(response).Elem().SetZero()
		err = p.once(ctx, command, true, request, response)
	}
	p.observe(ctx, []Event{{Kind: Answered, Wait: begun.Sub(asked), Work: time.Since(begun), Err: err}})
	return err
}

// enter waits until a child may work.
func (p *Pool) enter(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	n := p.queued.Add(1)
	defer p.queued.Add(-1)
	if p.options.Queue > 0 && n > int64(p.options.Queue) {
		return ErrBusy
	}
	p.observe(ctx, []Event{{Kind: Queued, Queue: int(n)}})
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *Pool) once(ctx context.Context, command Command, fresh bool, request, response any) error {
	c, err := p.take(ctx, command, fresh)
	if err != nil {
		return err
	}
	err = c.ask(ctx, command.Limits.Time, request, response)
	var events []Event
	defer func() { p.observe(ctx, events) }() // once the pool is unlocked
	p.mu.Lock()
	defer p.mu.Unlock()
	closed := !p.working[c]
	delete(p.working, c)
	switch {
	case err != nil && closed:
		events = append(events, p.stopped(WasClosed))
		return ErrClosed
	case err != nil:
		events = append(events, p.stopped(reason(ctx, err)))
		return err
	case closed:
		c.end()
		events = append(events, p.stopped(WasClosed))
		return nil
	case c.asked >= maxRequests:
		c.end()
		events = append(events, p.stopped(WasReplaced))
		return nil
	}
	p.waiting = append(p.waiting, c)
	c.timer = time.AfterFunc(p.options.Idle, func() { p.endIdle(c) })
	return nil
}

// take returns a child for exclusive use. The system may have killed one that was idle; fresh
// asks for a new one.
func (p *Pool) take(ctx context.Context, command Command, fresh bool) (*child, error) {
	var events []Event
	defer func() { p.observe(ctx, events) }()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, c := range slices.Backward(p.waiting) {
		if !fresh && c.serves(command) {
			p.remove(i)
			p.working[c] = true
			return c, nil
		}
	}
	if len(p.waiting)+len(p.working) >= cap(p.slots) && len(p.waiting) > 0 {
		c := p.waiting[0]
		p.remove(0)
		c.end()
		events = append(events, p.stopped(WasReplaced))
	}
	c, err := start(command)
	if err == nil {
		p.working[c] = true
		events = append(events, Event{Kind: Started, Children: p.children()})
	}
	return c, err
}

// remove removes a child from the idle ones.
func (p *Pool) remove(i int) {
	p.waiting[i].timer.Stop()
	p.waiting = slices.Delete(p.waiting, i, i+1)
}

// endIdle stops a child unless it has received work in the meantime.
func (p *Pool) endIdle(c *child) {
	var events []Event
	defer func() { p.observe(context.Background(), events) }()
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, c); i >= 0 {
		p.remove(i)
		c.end()
		events = append(events, p.stopped(WasIdle))
	}
}

// Close stops all children. Work in progress fails with [ErrClosed]; the pool can still be
// used.
func (p *Pool) Close() {
	var events []Event
	defer func() { p.observe(context.Background(), events) }()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.waiting) > 0 {
		c := p.waiting[0]
		p.remove(0)
		c.end()
		events = append(events, p.stopped(WasClosed))
	}
	for c := range p.working {
		c.kill()
	}
	clear(p.working)
}
