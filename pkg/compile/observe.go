package compile

import (
	"context"
	"log/slog"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
)

// Observer learns what a compiler does, for metrics and traces. Observe is called from many
// goroutines at once, in the course of the work: it returns soon, and does not call the
// compiler. Events have their run's context, or, where they belong to no run, the background's.
type Observer interface {
	Observe(ctx context.Context, e Event)
}

// Event is something that a compiler did: a [TenantJudged], [UnitJudged], [Evaluated],
// [EvaluationQueued], [ChildStarted], [ChildStopped] or [PolicyRead]. Releases may add others, which
// an observer passes over.
type Event interface{ event() }

// TenantJudged is the verdict on a tenant for one provider.
type TenantJudged struct {
	Unit, Tenant, Provider string
	Accepted               bool // it has a plan
	Errors, Warnings       int
	Duration               time.Duration // without the time to read and evaluate its unit
}

// UnitJudged is the verdict on a file or package.
type UnitJudged struct {
	Unit             string
	Tenants          int
	Errors, Warnings int
	Cached           bool // it is as it was in the run before: see [Memory]
	Duration         time.Duration
}

// Evaluated is an evaluation of CUE by a child process.
type Evaluated struct {
	Wait     time.Duration // for a child
	Duration time.Duration // of the child's work
	Err      error         // nil where the child answered, whatever it found
}

// EvaluationQueued is an evaluation that has to wait for a child.
type EvaluationQueued struct {
	Waiting int // evaluations, this one included
}

// ChildStarted is a child process that was started.
type ChildStarted struct {
	Children int // that there are now
}

// ChildStopped is a child process that has ended.
type ChildStopped struct {
	Children int // that there are now

	// Why is idle, replaced, closed, cancelled, out of time, out of memory, or died: by itself,
	// or killed by others.
	Why string
}

// PolicyRead is a policy that was made ready for a run, or that was ready.
type PolicyRead struct {
	Path   string
	Cached bool
}

func (TenantJudged) event()     {}
func (UnitJudged) event()       {}
func (Evaluated) event()        {}
func (EvaluationQueued) event() {}
func (ChildStarted) event()     {}
func (ChildStopped) event()     {}
func (PolicyRead) event()       {}

// observers are several.
type observers []Observer

func (all observers) Observe(ctx context.Context, e Event) {
	for _, o := range all {
		o.Observe(ctx, e)
	}
}

// childEvents reports the events of a pool to an observer.
func childEvents(o Observer) func(context.Context, sandbox.Event) {
	return func(ctx context.Context, e sandbox.Event) {
		switch e.Kind {
		case sandbox.Queued:
			o.Observe(ctx, EvaluationQueued{e.Queue})
		case sandbox.Answered:
			o.Observe(ctx, Evaluated{e.Wait, e.Work, e.Err})
		case sandbox.Started:
			o.Observe(ctx, ChildStarted{e.Children})
		case sandbox.Stopped:
			o.Observe(ctx, ChildStopped{e.Children, string(e.Why)})
		}
	}
}

// Observe writes a record: of verdicts at level Info, of children that had to be stopped at
// Warn, and of all else at Debug.
func (l logger) Observe(ctx context.Context, e Event) {
	switch e := e.(type) {
	case TenantJudged:
		l.LogAttrs(ctx, slog.LevelInfo, "tenant judged", slog.String("tenant", e.Tenant), slog.String("provider", e.Provider),
			slog.String("unit", e.Unit), slog.Bool("accepted", e.Accepted), slog.Int("errors", e.Errors), slog.Int("warnings", e.Warnings),
			slog.Duration("duration", e.Duration))
	case UnitJudged:
		l.LogAttrs(ctx, slog.LevelDebug, "unit judged", slog.String("unit", e.Unit), slog.Int("tenants", e.Tenants),
			slog.Int("errors", e.Errors), slog.Int("warnings", e.Warnings), slog.Bool("cached", e.Cached), slog.Duration("duration", e.Duration))
	case Evaluated:
		l.LogAttrs(ctx, slog.LevelDebug, "evaluated", slog.Duration("wait", e.Wait), slog.Duration("duration", e.Duration), slog.Any("error", e.Err))
	case EvaluationQueued:
		l.LogAttrs(ctx, slog.LevelDebug, "evaluation queued", slog.Int("waiting", e.Waiting))
	case ChildStarted:
		l.LogAttrs(ctx, slog.LevelDebug, "child started", slog.Int("children", e.Children))
	case ChildStopped:
		level := slog.LevelDebug
		switch sandbox.Reason(e.Why) {
		case sandbox.OutOfTime, sandbox.OutOfMemory, sandbox.Died:
			level = slog.LevelWarn
		}
		l.LogAttrs(ctx, level, "child stopped", slog.String("why", e.Why), slog.Int("children", e.Children))
	case PolicyRead:
		l.LogAttrs(ctx, slog.LevelDebug, "policy read", slog.String("path", e.Path), slog.Bool("cached", e.Cached))
	}
}

// observeUnit reports a unit to the observer.
func (w *worker) observeUnit(ctx context.Context, u Unit, cached bool, begun time.Time) {
	if w.observer == nil {
		return
	}
	w.observer.Observe(ctx, UnitJudged{
		Unit: u.file, Tenants: u.Count, Errors: u.Diagnostics.Count(diag.Error), Warnings: u.Diagnostics.Count(diag.Warning),
		Cached: cached, Duration: time.Since(begun),
	})
}

// observeTenant reports a tenant to the observer, for one provider.
func (w *worker) observeTenant(ctx context.Context, id, name string, found diag.List, accepted bool, begun time.Time) {
	if w.observer == nil {
		return
	}
	w.observer.Observe(ctx, TenantJudged{
		Unit: w.path, Tenant: id, Provider: name, Accepted: accepted, Errors: found.Count(diag.Error), Warnings: found.Count(diag.Warning),
		Duration: time.Since(begun),
	})
}
