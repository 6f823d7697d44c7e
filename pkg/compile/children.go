package compile

import (
	"cmp"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
)

// Children bounds the child processes in which all runs of a compiler evaluate CUE: see
// [Evaluation]. They are kept for the next evaluation, and [Compiler.Close] ends them.
type Children struct {
	Most int // at once; 0: as many as processors

	// Memory is how many bytes all of them may take together, 0 for Evaluation.Memory each. It
	// lowers Most to as many children as have room, each with its Evaluation.Memory. Too little
	// for one is an error of [New].
	Memory int64

	// Queue is how many evaluations may wait for a child, 0 for no bound: a further one is
	// ErrBusy at once. One that waits ends with its context.
	Queue int

	Idle time.Duration // after which a child without work is stopped; 0: half a minute
}

// Errors of a run whose CUE no child evaluated.
var (
	ErrBusy   = sandbox.ErrBusy   // more evaluations wait than Children.Queue
	ErrClosed = sandbox.ErrClosed // the compiler was closed meanwhile
)

// most is how many children there may be at once.
func (c Children) most(e Evaluation) (int, error) {
	most := cmp.Or(c.Most, runtime.GOMAXPROCS(0))
	if c.Most < 0 || c.Memory < 0 || c.Queue < 0 || c.Idle < 0 {
		return 0, fmt.Errorf("%w: a bound of Children is less than 0", ErrInput)
	}
	if c.Memory == 0 {
		return most, nil
	}
	each := cmp.Or(e.Memory, DefaultMemory)
	if c.Memory < each {
		return 0, fmt.Errorf("%w: Children.Memory is %d MiB, and Evaluation.Memory, of one of them, is %d MiB", ErrInput, c.Memory>>20, each>>20)
	}
	return int(min(int64(most), c.Memory/each)), nil
}

// newPool makes the pool of a compiler's children.
func newPool(o Options) (*sandbox.Pool, error) {
	most, err := o.Children.most(o.Evaluation)
	if err != nil {
		return nil, err
	}
	pool := sandbox.Options{Children: most, Queue: o.Children.Queue, Idle: o.Children.Idle}
	if seen := o.observer(); seen != nil {
		pool.Observe = childEvents(seen)
	}
	return sandbox.NewPool(pool), nil
}

// observer is all that observes; nil where nothing does.
func (o Options) observer() Observer {
	switch {
	case o.Logger == nil:
		return o.Observer
	case o.Observer == nil:
		return logger{o.Logger}
	}
	return observers{logger{o.Logger}, o.Observer}
}

// logger writes events as records.
type logger struct{ *slog.Logger }
