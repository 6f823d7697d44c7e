package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/cuedata"
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

// Evaluator takes the evaluation of CUE to a process that can be stopped.
type Evaluator struct {
	Child  *sandbox.Child
	Limits sandbox.Limits // those of the child, to be told of
}

// Serve evaluates units for another process: it is the work of an [Evaluator]'s child,
// and does not return.
func Serve(lib *library.Library) {
	l := NewLoader(lib, nil, nil, "")
	sandbox.Serve(func(q request) response { return l.answer(q) })
}

// answer evaluates a unit whose files were read elsewhere.
func (l *Loader) answer(q request) response {
	tags, err := NewTags(q.Tags)
	if err != nil {
		tags, _ = NewTags(nil) // the other process has told of it
	}
	l.tags = tags
	l.limits = q.Limits
	if l.id != q.Loader { // it may come a day after another's
		l.id, l.directories = q.Loader, map[string]*directory{}
	}
	out := &Loaded{Sources: cuedata.Sources{}, limits: q.Limits}
	e := l.evaluation(q.Unit, out)
	var sources []*data.Source
	for _, s := range q.Sources {
		sources = append(sources, out.source(s.Name, s.Text)) // which the other has found to be text
	}
	e.attempt(q.Unit, func() {
		if root := e.literal(q.Unit, sources); root == nil && len(out.Diagnostics) == 0 {
			e.evaluate(q.Unit)
		}
	})
	r := response{Diagnostics: out.Diagnostics, Tenants: out.Tenants, Tags: tags.asked()}
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

// evaluateElsewhere has a unit evaluated by the child. That it had to be stopped is the
// spec's mistake, and no reason to give up on others.
func (e *evaluation) evaluateElsewhere(ctx context.Context, u Unit, sources []*data.Source) error {
	q := request{Loader: e.id, Unit: u, Tags: e.tags.settings, Limits: e.limits}
	for _, src := range sources {
		q.Sources = append(q.Sources, file{src.Name, src.Text})
	}
	var r response
	err := e.elsewhere.Child.Ask(ctx, q, &r)
	switch {
	case errors.Is(err, sandbox.ErrTime):
		e.stopped(u, fmt.Sprintf("evaluating this takes more than %s", e.elsewhere.Limits.Time), "--eval-timeout")
		return nil
	case errors.Is(err, sandbox.ErrMemory):
		e.stopped(u, fmt.Sprintf("evaluating this takes more than %d MiB", e.elsewhere.Limits.Memory>>20), "--eval-memory")
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
			e.out.Sources[s.Name] = newSource(s.Name, s.Text)
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

func (e *evaluation) stopped(u Unit, msg, flag string) {
	e.out.Tenants = 1
	d := e.out.Diagnostics.Errorf(diag.Limit, nil, "%s", msg)
	d.File = u.Path
	d.Help = "write it as data, or with less to work out; " + flag + " allows more"
}
