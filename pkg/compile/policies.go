package compile

import (
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
	"github.com/cuecompute/cuecompute/pkg/load"
)

// policies reads and checks the policies of a run. The error for what is wrong with them is
// an *[ErrPolicy].
func (c *Compiler) policies(in Input, tags *load.Tags) (*policy.Set, error) {
	if len(in.Policies) == 0 {
		return policy.NewSet(), nil
	}
	loader := load.NewLoader(c.library, tags, in.Stdin, in.Lang)
	loader.In(in.FS)
	loader.Over(in.Overlay)
	loader.Bound(in.Limits)
	spec, err := c.spec()
	if err != nil {
		return nil, err
	}
	var policies []*policy.Policy
	var all diag.List
	for _, path := range in.Policies {
		inst, src, diags := loader.Instance(path, in.PolicyTexts[path])
		if len(diags) == 0 {
			var p *policy.Policy
			p, diags = policy.Read(c.library, spec, path, src[path].Text, inst, src)
			policies = append(policies, p)
		}
		quoteLines(diags, sources(src))
		all = append(all, diags...)
	}
	if len(all) > 0 {
		return nil, &ErrPolicy{all}
	}
	return policy.NewSet(policies...), nil
}

// spec is what policies are checked against.
func (c *Compiler) spec() (policy.Spec, error) {
	spec := policy.Spec{}
	for _, name := range c.registry.Names() {
		p, err := c.registry.Get(name)
		if err != nil {
			return nil, err
		}
		spec[name] = c.shapes[p.Info().Schema.ImportPath]()
	}
	return spec, nil
}

// yieldNotes reports what a run of some tenants shows about its policies: rules that
// matched nothing, where all was judged by this run, and what is slow.
func yieldNotes(set *policy.Set, in Input, judged int, yield func(Unit) error) error {
	if in.SupplyOnly {
		return nil
	}
	notes := set.Slow()
	if judged > 0 && in.Shard.whole() && in.Memory == nil {
		notes = append(notes, set.Unmatched()...)
	}
	if len(notes) == 0 {
		return nil
	}
	notes.Sort()
	for _, p := range set.Policies() {
		quoteLines(notes, p.Sources())
	}
	return yield(Unit{Diagnostics: notes})
}

// isPolicy reports whether a unit is the file of one of the policies, which holds no tenant.
func (in Input) isPolicy(u load.Unit) bool {
	return slices.ContainsFunc(in.Policies, func(path string) bool { return filepath.Clean(path) == filepath.Clean(u.Path) })
}
