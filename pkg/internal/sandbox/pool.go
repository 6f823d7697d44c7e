package sandbox

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"
)

// ErrClosed is the error of work in progress when its pool is closed.
var ErrClosed = errors.New("the pool of child processes was closed")

// idleTime is how long a child waits for work before it is stopped.
const idleTime = 30 * time.Second

// Command is a child's program, which must call [Serve], and the limits of its work.
type Command struct {
	Program string
	Args    []string // the first is the program's own name
	Limits  Limits
}

// Pool runs work in child processes, each of which handles one request after another. It is
// safe for concurrent use.
type Pool struct {
	slots chan struct{} // one for each busy child
	idle  time.Duration

	mu      sync.Mutex
	waiting []*child // idle children, the longest waiting first
	working map[*child]bool
}

// NewPool makes a pool of at most limit children at once, for all commands together. A child is
// started on demand, and stopped after half a minute without work.
func NewPool(limit int) *Pool {
	return &Pool{slots: make(chan struct{}, max(limit, 1)), idle: idleTime, working: map[*child]bool{}}
}

// Ask sends a request to a free child, and fills in its response; both are encoded with
// encoding/gob. If the child dies, a fresh one repeats the work once. The error is that of ctx
// or wraps ErrTime, ErrMemory, ErrDied, ErrStart or ErrClosed.
func (p *Pool) Ask(ctx context.Context, command Command, request, response any) error {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-p.slots }()
	err := p.once(ctx, command, false, request, response)
	if errors.Is(err, ErrDied) && ctx.Err() == nil {
		reflect.ValueOf(response).Elem().SetZero()
		err = p.once(ctx, command, true, request, response)
	}
	return err
}

func (p *Pool) once(ctx context.Context, command Command, fresh bool, request, response any) error {
	c, err := p.take(command, fresh)
	if err != nil {
		return err
	}
	err = c.ask(ctx, command.Limits.Time, request, response)
	p.mu.Lock()
	defer p.mu.Unlock()
	closed := !p.working[c]
	delete(p.working, c)
	switch {
	case err != nil && closed:
		return ErrClosed
	case err != nil:
		return err
	case closed || c.asked >= maxRequests:
		c.end()
		return nil
	}
	p.waiting = append(p.waiting, c)
	c.timer = time.AfterFunc(p.idle, func() { p.endIdle(c) })
	return nil
}

// take returns a child for exclusive use. The system may have killed one that was idle; fresh
// asks for a new one.
func (p *Pool) take(command Command, fresh bool) (*child, error) {
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
	}
	c, err := start(command)
	if err == nil {
		p.working[c] = true
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
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, c); i >= 0 {
		p.remove(i)
		c.end()
	}
}

// Close stops all children. Work in progress fails with [ErrClosed]; the pool can still be
// used.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.waiting {
		c.timer.Stop()
		c.end()
	}
	for c := range p.working {
		c.kill()
	}
	p.waiting = nil
	clear(p.working)
}
