package load

import (
	"cmp"
	"fmt"
	"sync"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
)

// Budget is the time that the units of a run may take, shared by its loaders. It is safe for
// concurrent use.
type Budget struct {
	each, total time.Duration
	end         time.Time // zero: none

	mu       sync.Mutex
	breaches int // units that took too long
}

// How many units may take all of the time of one, before the time of each further one is
// halved, and into how gate.Small a part at most: a thousand slow files are not worth a thousand
// times the time of one.
const (
	wholeBreaches = 3
	smallestPart  = 16
)

// NewBudget makes the budget of a run that begins now: the time that each unit may take, and
// all of them together, 0 for no bound.
func NewBudget(each, total time.Duration) *Budget {
	b := &Budget{each: each, total: total}
	if total > 0 {
		b.end = time.Now().Add(total)
	}
	return b
}

// left returns how long the next unit may take; not more than 0 where the run has no time
// left.
func (b *Budget) left() time.Duration {
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

// defaultTime is the time that a unit may take if the loader has no limit.
const defaultTime = 5 * time.Second

// budget returns the budget of the run or, for a loader outside of a run, its own.
func (l *Loader) budget() *Budget {
	if l.evaluator.Budget == nil {
		l.evaluator.Budget = NewBudget(cmp.Or(l.evaluator.Command.Limits.Time, defaultTime), 0)
	}
	return l.evaluator.Budget
}

// over reports whether the run has no time left.
func (b *Budget) over() bool { return !b.end.IsZero() && time.Now().After(b.end) }

// stopped says that a unit was stopped after so long.
func (b *Budget) stopped(what string, after time.Duration) (msg, help string) {
	if b.over() {
		return fmt.Sprintf("the run takes more than %s", b.total), "--total-timeout allows more"
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breaches++
	msg = fmt.Sprintf("%s takes more than %s", what, after)
	if after < b.each {
		msg += fmt.Sprintf(", which is what a file has left after %d that took more than %s", wholeBreaches, b.each)
	}
	return msg, "--eval-timeout allows more"
}

// notJudged is the verdict on a unit that there is no time for.
func (b *Budget) notJudged(u find.Unit, out *Loaded) {
	out.Tenants = 1
	d := out.Diagnostics.Errorf(diag.Limit, nil, "this is not judged: the run takes more than %s", b.total)
	d.File, d.Help = u.Path, "--total-timeout allows more"
}
