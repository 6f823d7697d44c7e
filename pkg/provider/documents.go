package provider

import (
	"bytes"
	"context"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Documents returns the rendered documents of a plan without errors, by workload; those of the
// tenant as a whole are under "".
type Documents func(ctx context.Context, p *plan.Plan) (map[string][]File, error)

// ByWorkload makes Documents from a Render that sets each file's workload.
func ByWorkload(render func(context.Context, *plan.Plan) ([]File, error)) Documents {
	return func(ctx context.Context, p *plan.Plan) (map[string][]File, error) {
		files, err := render(ctx, p)
		byWorkload := map[string][]File{}
		for _, f := range files {
			byWorkload[f.Workload] = append(byWorkload[f.Workload], f)
		}
		return byWorkload, err
	}
}

// WithDocuments makes a recorder check effects against the documents: if a workload's documents
// are the same, its changes have no effect, and if they differ, at least one has. It returns
// the recorder.
func (r *Recorder) WithDocuments(d Documents) *Recorder {
	r.documents = d
	return r
}

// correctEffects corrects the effects of changes by the documents of both plans.
func (r *Recorder) correctEffects(from, to *plan.Plan, changes []Change) error {
	if r.documents == nil || len(changes) == 0 {
		return nil
	}
	before, err := r.documents(context.Background(), from)
	if err != nil {
		return err
	}
	after, err := r.documents(context.Background(), to)
	if err != nil {
		return err
	}
	h := &holding{from: from, to: to, changes: changes, differs: map[string]bool{}}
	for name := range to.Workloads {
		if _, both := from.Workloads[name]; both {
			h.differs[name] = !sameFiles(before[name], after[name])
		}
	}
	h.differs[""] = !sameFiles(before[""], after[""])
	h.lower()
	h.reach(r.effect)
	h.raise()
	return nil
}

func sameFiles(a, b []File) bool {
	return slices.EqualFunc(a, b, func(a, b File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) })
}

// holding is a comparison of two plans. differs has the workloads of both plans whose documents
// differ, by name, and the tenant's under "".
type holding struct {
	from, to *plan.Plan
	changes  []Change
	differs  map[string]bool
}

// workload returns the workload of a change, "" for the tenant; ok is false for a workload that
// is added or removed.
func (h *holding) workload(c *Change) (name string, ok bool) {
	if len(c.Path) < 2 || c.Path[0] != "workloads" {
		return "", true
	}
	_, ok = h.differs[c.Path[1]]
	return c.Path[1], ok
}

// lower removes the effect of changes that change no document: a change in a workload none of
// that workload's, a change of the tenant none at all.
func (h *holding) lower() {
	nothing := true
	for _, differs := range h.differs {
		nothing = nothing && !differs
	}
	for i := range h.changes {
		name, ok := h.workload(&h.changes[i])
		if ok && (nothing || name != "" && !h.differs[name]) {
			h.changes[i].Effect = EffectNone
		}
	}
}

// reach finds the workloads that read an endpoint whose port number changed, and whose
// documents differ: they get the effect of a change of the variable.
func (h *holding) reach(effect func(from, to *plan.Plan, c plan.Change) Effect) {
	for name, w := range plan.Sorted(h.to.Workloads) {
		if !h.differs[name] {
			continue
		}
		for cname, c := range plan.Sorted(w.Containers) {
			for at, e := range c.Sources() {
				if e.Endpoint == nil || !h.moved(e.Endpoint) {
					continue
				}
				here := workloadPath(name).To("containers", cname).To(at...).To("endpoint")
				h.add(e.Endpoint, name, effect(h.from, h.to, plan.Change{Path: here, Kind: plan.Changed}))
			}
		}
	}
}

// moved reports whether an endpoint's port number changed.
func (h *holding) moved(e *plan.Endpoint) bool {
	was, is := h.from.Workloads[e.Workload], h.to.Workloads[e.Workload]
	before, here := was.Port(e.Port)
	after, there := is.Port(e.Port)
	return here && there && before.Number != after.Number
}

// add records the effect of a changed port on a workload that reads it.
func (h *holding) add(e *plan.Endpoint, reader string, effect Effect) {
	for i := range h.changes {
		c := &h.changes[i]
		for _, leaf := range c.Leaves() {
			if !leaf.Path.Within("workloads.*.containers.*.ports.*") || leaf.Path[1] != e.Workload || leaf.Path[5] != e.Port {
				continue
			}
			c.Effect = Worse(c.Effect, effect)
			if reader != e.Workload && !slices.Contains(c.Also, reader) {
				c.Also = append(c.Also, reader)
			}
			return
		}
	}
}

// raise sets an effect for one of the changes that change documents, if none has any.
func (h *holding) raise() {
	for name, differs := range h.differs {
		if !differs {
			continue
		}
		first, worst := -1, EffectNone
		for i := range h.changes {
			c := &h.changes[i]
			of, ok := h.workload(c)
			if !ok || of != name && of != "" && !slices.Contains(c.Also, name) {
				continue
			}
			worst = Worse(worst, c.Effect)
			if of == name && first < 0 {
				first = i
			}
		}
		if worst == EffectNone && first >= 0 {
			h.changes[first].Effect = InPlace
		}
	}
}
