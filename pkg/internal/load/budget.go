package load

import (
	"cmp"
	"fmt"
	"sync"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
)

// Budget is the time limit of a run's units, shared by its loaders. It is safe for concurrent
// use.
type Budget struct {
	each, total time.Duration
	end         time.Time // zero: no limit

	mu       sync.Mutex
	breaches int // units that took too long
}

// After wholeBreaches units that used up their time, each further one gets half the time of the
// one before, down to one smallestPart-th: a thousand slow files must not take a thousand times
// the limit.
const (
	wholeBreaches = 3
	smallestPart  = 16
)

// NewBudget makes the budget of a run that begins now: the time limits of each unit and of the
// whole run, 0 for none.
func NewBudget(each, total time.Duration) *Budget {
	b := &Budget{each: each, total: total}
	if total > 0 {
		b.end = time.Now().Add(total)
	}
	return b
}

// remaining returns the time for the next unit, 0 or less if the run's time is used up.
func (b *Budget) remaining() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	part := b.each
	if over := b.breaches - wholeBreaches; over >= 0 {
		part /= time.Duration(min(smallestPart, 2<<min(over, 4)))
	}
	if b.end.IsZero() {
		return part
	}
	rest := time.Until(b.end)
	return min(part, rest)
}

// defaultTime is the time limit of a unit if the loader has none.
const defaultTime = 5 * time.Second

// budget returns the budget of the run, or the loader's own outside of a run.
func (l *Loader) budget() *Budget {
	if l.evaluator.Budget == nil {
		l.evaluator.Budget = NewBudget(cmp.Or(l.evaluator.Command.Limits.Time, defaultTime), 0)
	}
	return l.evaluator.Budget
}

// expired reports whether the run's time is used up.
func (b *Budget) expired() bool { return !b.end.IsZero() && time.Now().After(b.end) }

// stopped describes a unit that was stopped after that time.
func (b *Budget) stopped(what string, after time.Duration) (msg, bound string) {
	if b.expired() {
		return fmt.Sprintf("the run takes more than %s", b.total), diag.BoundTotal
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breaches++
	msg = fmt.Sprintf("%s takes more than %s", what, after)
	if after < b.each {
		msg += fmt.Sprintf(", which is what a file has left after %d that took more than %s", wholeBreaches, b.each)
	}
	return msg, diag.BoundTime
}

// notChecked reports a unit that is skipped because the run's time is used up.
func (b *Budget) notChecked(u find.Unit, out *Loaded) {
	out.Tenants = 1
	d := out.Diagnostics.Errorf(diag.Limit, nil, "this is not judged: the run takes more than %s", b.total)
	d.File, d.Bound = u.Path, diag.BoundTotal
}
