package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
)

// Evaluator configures the child process that evaluates CUE, which can be stopped.
type Evaluator struct {
	Pool    *sandbox.Pool
	Command sandbox.Command // its limits are part of messages

	// Unbounded allows evaluation in this process, without limits, if there is no pool.
	// Otherwise CUE that needs evaluation is ErrUnbounded.
	Unbounded bool

	Budget *Budget // of the run; nil: Command's time limit applies to each unit
}

// ErrUnbounded is returned for CUE that needs evaluation if there is no child process to limit
// it.
var ErrUnbounded = errors.New("CUE that has to be evaluated, and no child process to bound it: call compile.ChildMain first in main, or ask for Evaluation.Unbounded")

// Serve evaluates units for a parent process, as the child of an [Evaluator]. It does not
// return.
func Serve(lib *library.Library) {
	l := New(lib, Options{})
	sandbox.Serve(func(q request) response { return l.answer(q) })
}

// answer evaluates a unit whose files the parent has read.
func (l *Loader) answer(q request) response {
	tags, err := NewTags(q.Tags)
	if err != nil {
		tags, _ = NewTags(nil) // the parent has reported the error
	}
	l.tags = tags
	l.limits = q.Limits
	if l.id != q.Loader { // files may have changed since another loader's request
		l.id, l.directories, l.cue = q.Loader, map[string]*directory{}, nil
	}
	l.Overlay = map[string][]byte{}
	for _, f := range q.Overlay {
		l.Overlay[f.Name] = f.Text
	}
	out := &Loaded{Sources: cuedata.Sources{}, limits: q.Limits, tests: q.Unit.Tests}
	e := l.evaluation(q.Unit, out)
	var sources []*data.Source
	for _, s := range q.Sources {
		sources = append(sources, out.source(s.Name, s.Text)) // the parent has checked that it is text
	}
	e.attempt(q.Unit, func() {
		if root := e.literal(q.Unit, sources); root == nil && len(out.Diagnostics) == 0 && len(e.files) > 0 {
			e.evaluate(q.Unit)
		}
	})
	r := response{Diagnostics: out.Diagnostics, Tenants: out.Tenants, Tags: tags.usedSettings()}
	given := map[string]bool{}
	for _, s := range q.Sources {
		given[s.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(out.Sources)) {
		if !given[name] {
			r.Sources = append(r.Sources, file{name, out.Sources[name].Text})
		}
	}
	p := newPacker(slices.Concat(q.Sources, r.Sources))
	for _, doc := range out.Documents {
		r.Documents = append(r.Documents, p.node(doc.Root))
		r.Broken = append(r.Broken, doc.Broken)
	}
	return r
}

// longestOverlay is the most bytes of unsaved texts that are sent along with a unit.
const longestOverlay = 1 << 20

// overlaid returns the overlay's texts outside the unit's own files, up to a limit.
func (l *Loader) overlaid(own []*data.Source) []file {
	var all []file
	bytes := 0
	for _, name := range slices.Sorted(maps.Keys(l.Overlay)) {
		if slices.ContainsFunc(own, func(s *data.Source) bool { return s.Name == name }) {
			continue
		}
		if bytes += len(l.Overlay[name]); bytes > longestOverlay {
			break
		}
		all = append(all, file{name, l.Overlay[name]})
	}
	return all
}

// simplerHelp is the help for an evaluation that was stopped.
const simplerHelp = "write it as data, or with less to work out"

// evaluateInChild evaluates a unit in a child process. An evaluation over its limits is a
// mistake of the spec, and other units are still evaluated.
func (e *evaluation) evaluateInChild(ctx context.Context, u find.Unit, sources []*data.Source) error {
	q := request{Loader: e.id, Unit: u, Tags: e.tags.settings, Limits: e.limits}
	for _, src := range sources {
		q.Sources = append(q.Sources, file{src.Name, src.Text})
	}
	q.Overlay = e.overlaid(sources)
	var r response
	command := e.evaluator.Command
	if command.Limits.Time = e.budget().remaining(); command.Limits.Time <= 0 {
		e.budget().notChecked(u, e.out)
		return nil
	}
	err := e.evaluator.Pool.Ask(ctx, command, q, &r)
	switch {
	case errors.Is(err, sandbox.ErrTime):
		msg, bound := e.budget().stopped("evaluating this", command.Limits.Time)
		e.out.stopped(u, msg, simplerHelp, bound)
		return nil
	case errors.Is(err, sandbox.ErrMemory):
		e.out.stopped(u, fmt.Sprintf("evaluating this takes more than %d MiB", command.Limits.Memory>>20), simplerHelp, diag.BoundMemory)
		return nil
	case errors.Is(err, sandbox.ErrDied):
		how := strings.TrimPrefix(err.Error(), sandbox.ErrDied.Error()+": ")
		e.out.stopped(u, "evaluating this ended its process twice: "+how, simplerHelp+"; the system may be short of memory", "")
		return nil
	case err != nil:
		return err
	}
	for _, tag := range r.Tags {
		e.tags.use(tag)
	}
	from := unpacker{Nodes: data.NodesOf(bytesOf(sources))}
	for _, s := range slices.Concat(q.Sources, r.Sources) {
		if e.out.Sources[s.Name] == nil {
			e.out.Sources[s.Name] = read.NewSource(s.Name, s.Text)
		}
		from.sources = append(from.sources, e.out.Sources[s.Name])
	}
	e.out.Tenants = r.Tenants
	e.out.Diagnostics = append(e.out.Diagnostics, r.Diagnostics...)
	for i := range r.Documents {
		e.out.Documents = append(e.out.Documents, Document{Root: from.node(&r.Documents[i]), Broken: r.Broken[i]})
	}
	return nil
}
