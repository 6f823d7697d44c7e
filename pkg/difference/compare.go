package difference

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Comparison compares two sides: first all tenants of the old side are added, then those of the
// new one, which are compared at once. Of tenants on both sides it keeps only the differences.
// It is not safe for concurrent use.
type Comparison struct {
	// Rename returns the names of old files in reports; nil keeps them.
	Rename func(file string) string

	// OldFile and NewFile return a name for a file that both sides have in common, such as its
	// path in the repository; nil if the sides are different files.
	OldFile, NewFile func(file string) string

	// Policies is whether the old side was held to policies of its own, so that a tenant which
	// only one side refuses is refused or admitted by the change.
	Policies bool

	registry               *provider.Registry
	old, added             map[key]spec
	oldIDs, newIDs         map[string]bool // of all tenants of a side
	oldUnsound, newUnsound side
	result                 Difference
}

type key struct{ id, provider string }

type spec struct {
	plan   *plan.Plan
	author diag.Locator
}

// NewComparison makes a comparison of plans for the providers of a registry.
func NewComparison(reg *provider.Registry) *Comparison {
	return &Comparison{
		registry: reg,
		old:      map[key]spec{},
		added:    map[key]spec{},
		oldIDs:   map[string]bool{},
		newIDs:   map[string]bool{},
		result:   Difference{Version: Version, Tenants: []Tenant{}, Summary: Summary{Worst: provider.EffectNone}},
	}
}

// Old adds a plan of the old side, with its author's positions, or nil.
func (x *Comparison) Old(p *plan.Plan, author diag.Locator) {
	x.oldIDs[p.ID] = true
	x.old[key{p.ID, p.Provider}] = spec{p, author}
}

// New adds a plan of the new side.
func (x *Comparison) New(p *plan.Plan, author diag.Locator) error {
	k := key{p.ID, p.Provider}
	x.newIDs[p.ID] = true
	old, ok := x.old[k]
	if !ok {
		x.added[k] = spec{p, author}
		return nil
	}
	delete(x.old, k)
	return x.compare(k, old, spec{p, author})
}

// Difference returns the differences. What remains of the old side is removed tenants.
func (x *Comparison) Difference() (*Difference, error) {
	x.setAside()
	if err := x.renames(); err != nil {
		return nil, err
	}
	for k, old := range x.old {
		if err := x.compare(k, old, spec{}); err != nil {
			return nil, err
		}
	}
	for k, now := range x.added {
		if err := x.compare(k, spec{}, now); err != nil {
			return nil, err
		}
	}
	x.old, x.added = nil, nil
	d := &x.result
	for _, n := range d.NotComparable {
		switch n.Verdict {
		case Refused:
			d.Summary.Refused++
		case Admitted:
			d.Summary.Admitted++
		default:
			d.Summary.NotComparable++
		}
	}
	slices.SortFunc(d.Tenants, func(a, b Tenant) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Provider, b.Provider)) })
	d.moves()
	return d, nil
}

// moves finds the tenants that move from one provider to another.
func (d *Difference) moves() {
	for rest := d.Tenants; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].ID == rest[0].ID {
			n++
		}
		for i := range rest[:n] {
			for j := range rest[:n] {
				if a, b := &rest[i], &rest[j]; a.Kind == plan.Removed && b.Kind == plan.Added {
					a.MovesTo, b.MovesFrom = b.Provider, a.Provider
				}
			}
		}
		rest = rest[n:]
	}
}

// compare adds the differences of one tenant on one provider. A side without a plan does not
// have the tenant.
func (x *Comparison) compare(k key, old, now spec) error {
	target, err := x.registry.Get(k.provider)
	if err != nil {
		return err
	}
	t := Tenant{ID: k.id, Provider: k.provider, Kind: plan.Changed, Effect: provider.EffectNone, Changes: []Change{}}
	found, err := changes(target, old.plan, now.plan)
	var words *plan.Spec
	switch {
	case err != nil:
	case old.plan == nil:
		t.Kind = plan.Added
	case now.plan == nil:
		t.Kind = plan.Removed
	case len(found) == 0:
		x.result.Summary.Unchanged++
		return nil
	default:
		words, err = plan.NewSpec(old.plan, now.plan)
	}
	if err != nil {
		return fmt.Errorf("provider %s: tenant %s: %w", k.provider, k.id, err)
	}
	t.Old, t.New = x.place(old.author, diag.At("id")), place(now.author, diag.At("id"))
	for _, c := range found {
		t.Effect = provider.Worse(t.Effect, c.Effect)
		t.add(x.change(c, words, old.author, now.author))
	}
	x.result.add(t)
	return nil
}

// change converts a change of the plan to one of the spec.
func (x *Comparison) change(c provider.Change, words *plan.Spec, old, now diag.Locator) Change {
	spec := Change{Path: c.Path, Kind: c.Kind, Effect: c.Effect, Advice: c.Advice}
	if words != nil {
		s := words.Change(c.Change)
		spec.Path, spec.Kind, spec.Old, spec.New = s.Path, s.Kind, s.Old, s.New
		spec.Diff = lines(s.Old, s.New)
	}
	if spec.Kind != plan.Added {
		spec.OldPlace = x.place(old, spec.Path)
	}
	if spec.Kind != plan.Removed {
		spec.NewPlace = place(now, spec.Path)
	}
	return spec
}

// add adds a change, merged with the previous one if they are one in the spec.
func (t *Tenant) add(c Change) {
	if n := len(t.Changes); n > 0 && slices.Equal(t.Changes[n-1].Path, c.Path) {
		last := &t.Changes[n-1]
		if last.Advice == "" || c.Advice != "" && c.Effect != last.Effect && c.Effect.AtLeast(last.Effect) {
			last.Advice = c.Advice
		}
		last.Effect = provider.Worse(last.Effect, c.Effect)
		return
	}
	t.Changes = append(t.Changes, c)
}

// add adds a tenant with differences.
func (d *Difference) add(t Tenant) {
	d.Tenants = append(d.Tenants, t)
	d.Summary.Tenants.add(t.Kind)
	d.Summary.Worst = provider.Worse(d.Summary.Worst, t.Effect)
	for _, c := range t.Changes {
		d.Summary.Changes.add(c.Kind)
	}
}

// changes calls the provider; the effect is unknown if the provider does not implement it.
func changes(target provider.Provider, from, to *plan.Plan) ([]provider.Change, error) {
	if differ, ok := target.(provider.Differ); ok {
		return differ.Changes(from, to)
	}
	silent := provider.NewRecorder(target.Info().Name, func(_, _ *plan.Plan, _ plan.Change) provider.Effect {
		return provider.EffectUnknown
	})
	return silent.Changes(from, to)
}

// place returns the position of a value in an old spec.
func (x *Comparison) place(author diag.Locator, path diag.Path) *Place {
	p := place(author, path)
	if p != nil && x.Rename != nil {
		p.File = x.Rename(p.File)
	}
	return p
}

// place returns the position of a value of a spec, or of its nearest part.
func place(author diag.Locator, path diag.Path) *Place {
	if author == nil {
		return nil
	}
	at := author.Locate(path).Key
	if at.File == "" {
		return nil
	}
	return &Place{File: at.File, Line: at.Line, Column: at.Column}
}
