package compile

import (
	"context"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/relations"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// maxRounds limits how often a tenant with mistakes is checked again without them.
const maxRounds = 5

// maxHoles limits the mistakes above which the rest of a tenant is not checked: nobody reads so
// many.
const maxHoles = 100

// partly checks the rest of a tenant with known mistakes or unknown values. The schema, the
// relations and the provider's rules see it with stand-ins in their place, so that one run
// reports every mistake. A diagnostic that depends on a stand-in is not reported: two different
// stand-ins are tried, and only what both have in common counts.
func (w *worker) partly(ctx context.Context, author *data.Node, target provider.Provider, known diag.List) (diag.List, error) {
	info := target.Info()
	s := w.shapes[info.Schema.ImportPath]()
	if s == nil || len(known) > maxHoles {
		return nil, nil
	}
	p := &partial{worker: w, target: target, shape: s, author: withProvider(author, info.Name)}
	p.unknown(author, nil)
	var found diag.List
	for range maxRounds {
		filled, diags, err := p.check(p.tree(false))
		if err != nil {
			return nil, err
		}
		if filled != nil {
			more, err := p.rules(ctx, known)
			return append(found, more...), err
		}
		if !p.leaveOut(diags, &found) || len(p.holes) > maxHoles {
			break
		}
	}
	return found, nil
}

// partial is a tenant that is checked in part.
type partial struct {
	*worker
	target provider.Provider
	shape  *shape.Shape
	author *data.Node
	holes  []diag.Path // paths of unknown and wrong values
	judged bool        // the schema has checked it once
}

// unknown records the values that could not be evaluated.
func (p *partial) unknown(n *data.Node, at diag.Path) {
	if n.Kind == data.Unknown {
		p.holes = append(p.holes, at)
	}
	for _, f := range n.Fields {
		p.unknown(f.Value, at.To(f.Name))
	}
	for i, e := range n.Elems {
		p.unknown(e, at.To(diag.Index(i)))
	}
}

// tree returns the tenant with stand-ins, or without the optional ones if sparse.
func (p *partial) tree(sparse bool) *data.Node {
	tree := p.author
	for _, hole := range p.holes {
		if isPart(hole) {
			tree = tree.Without(hole)
			continue
		}
		value, optional := p.shape.StandIn(hole)
		if value == nil || optional && sparse || optional && p.author.Find(hole) == nil {
			tree = tree.Without(hole)
			continue
		}
		tree = tree.With(hole, value)
	}
	return tree
}

// isPart reports whether a hole represents the unknown fields of a struct.
func isPart(hole diag.Path) bool { return len(hole) > 0 && hole[len(hole)-1] == data.UnknownPart }

// check checks a tree against the schema, with the policies' supplied values.
func (p *partial) check(tree *data.Node) (filled *data.Node, diags diag.List, err error) {
	p.policies.SupplyOnly = true
	defer func() { p.policies.SupplyOnly = p.options.SupplyOnly }()
	return p.byPolicies(tree)
}

func (p *partial) byPolicies(tree *data.Node) (filled *data.Node, diags diag.List, err error) {
	_, filled, diags, err = p.policies.Tenant(tree, func(n *data.Node) (*data.Node, diag.List, error) {
		return p.worker.check(n, p.target)
	})
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	return filled, nil, nil
}

// leaveOut adds the positions of errors to the holes, and reports those of the first round:
// later ones are consequences. It is false if there are no new holes.
func (p *partial) leaveOut(diags diag.List, found *diag.List) bool {
	before := len(p.holes)
	for _, d := range diags {
		if d.Severity != diag.Error {
			continue
		}
		if !p.judged && !p.dependsOnHole(d, before) && !p.leadsToHole(d, before) {
			*found = append(*found, d)
		}
		if len(d.Path) > 0 && !slices.ContainsFunc(p.holes, func(h diag.Path) bool { return slices.Equal(h, d.Path) }) {
			p.holes = append(p.holes, d.Path)
		}
	}
	p.judged = true
	return len(p.holes) > before
}

// dependsOnHole reports whether a diagnostic is about one of the first holes, or a value in it.
func (p *partial) dependsOnHole(d diag.Diagnostic, first int) bool {
	return slices.ContainsFunc(p.holes[:first], func(h diag.Path) bool {
		return len(d.Path) >= len(h) && slices.Equal(d.Path[:len(h)], h)
	})
}

// leadsToHole reports whether a diagnostic is about a parent of one of the first holes, such as
// a map that is empty without it.
func (p *partial) leadsToHole(d diag.Diagnostic, first int) bool {
	return slices.ContainsFunc(p.holes[:first], func(h diag.Path) bool {
		if isPart(h) && d.Code == diag.MissingField && len(d.Path) == len(h) && slices.Equal(d.Path[:len(h)-1], h[:len(h)-1]) {
			return true
		}
		return len(d.Path) < len(h) && slices.Equal(h[:len(d.Path)], d.Path)
	})
}

// besideHole reports whether a diagnostic is about a struct with a hole in it, or a sibling of
// the hole, which may depend on it.
func (p *partial) besideHole(d diag.Diagnostic) bool {
	return slices.ContainsFunc(p.holes, func(h diag.Path) bool {
		in := h[:max(len(h)-1, 0)]
		return len(d.Path) >= len(in) && len(d.Path) <= len(h) && slices.Equal(d.Path[:len(in)], in)
	})
}

// rules returns the problems of the policies, the relations and the provider that do not depend
// on the choice of stand-ins, without the known ones.
func (p *partial) rules(ctx context.Context, known diag.List) (diag.List, error) {
	first, err := p.judge(ctx, false)
	if err != nil || len(first) == 0 {
		return nil, err
	}
	second, err := p.judge(ctx, true)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(first, func(d diag.Diagnostic) bool {
		return d.Code == diag.UnknownName && p.losesName(d.Path) || p.dependsOnHole(d, len(p.holes)) || p.followsFromHole(d) ||
			!slices.ContainsFunc(second, func(o diag.Diagnostic) bool {
				return o.Code == d.Code && o.Message == d.Message && slices.Equal(o.Path, d.Path)
			}) ||
			d.Code != diag.Policy && slices.ContainsFunc(known, func(k diag.Diagnostic) bool {
				return k.Code == diag.Policy && slices.Equal(k.Path, d.Path)
			})
	}), nil
}

// followsFromHole reports whether a diagnostic may be a consequence of a hole. A policy's
// problem with a value that the author wrote is not.
func (p *partial) followsFromHole(d diag.Diagnostic) bool {
	if d.Code != diag.Policy {
		return p.besideHole(d)
	}
	for n := range d.Path {
		if at := d.Path[:n+1]; p.author.Find(at) == nil {
			d.Path = at
			return p.besideHole(d)
		}
	}
	return p.leadsToHole(d, len(p.holes))
}

// losesName reports whether a hole may have declared the name that is used at a path, because
// it is more than a plain value. Of another workload, only endpoints are used.
func (p *partial) losesName(use diag.Path) bool {
	return slices.ContainsFunc(p.holes, func(h diag.Path) bool {
		if len(h) > 1 && len(use) > 1 && h[0] == "workloads" && use[0] == "workloads" && h[1] != use[1] && use[len(use)-1] != "endpoint" {
			return false
		}
		value, _ := p.shape.StandIn(h)
		return isPart(h) || value == nil || value.Kind == data.Struct || value.Kind == data.List || value.Kind == data.Null
	})
}

func (p *partial) judge(ctx context.Context, sparse bool) (diag.List, error) {
	tree := p.tree(sparse)
	var held diag.List
	if !p.options.SupplyOnly {
		var err error
		if _, held, err = p.byPolicies(tree); err != nil {
			return nil, err
		}
	}
	filled, _, err := p.check(tree)
	if err != nil || filled == nil {
		return nil, err
	}
	compiled, diags := plan.Build(filled, tree, p.target.Info().Name)
	diags = append(diags, relations.Check(compiled, tree)...)
	if !p.options.SupplyOnly {
		ofPlan, err := p.policies.Plan(compiled, tree)
		if err != nil {
			return nil, err
		}
		held = append(held, ofPlan...)
	}
	if !diags.HasErrors() {
		found, err := callProvider(ctx, &p.caller, compiled, "Validate", func() (diag.List, error) { return p.target.Validate(ctx, compiled) })
		if err != nil {
			return nil, err
		}
		diags = append(diags, found...)
	}
	diags = append(diags, held...)
	diags = slices.DeleteFunc(diags, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
	return locate(diags, p.author), nil
}

// others returns the diagnostics that are not among the known ones.
func others(diags, known diag.List) diag.List {
	return slices.DeleteFunc(diags, func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(known, func(k diag.Diagnostic) bool {
			return k.Code == d.Code && k.Message == d.Message && slices.Equal(k.Path, d.Path)
		})
	})
}
