package policy

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue/build"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// Judge applies a set of policies to tenants and plans. It is not safe for concurrent use.
type Judge struct {
	// SupplyOnly limits policies to supplying missing values: they refuse nothing.
	SupplyOnly bool

	// Settle gives the diagnostics about a tenant the severity that the landlord wants; nil:
	// all that policies refuse are errors.
	Settle func(diags diag.List, tenant string) diag.List

	set *Set
	cue evaluator
}

// NewJudge makes a judge. instance builds a policy for CUE's evaluator, once for each of CUE's
// contexts.
func NewJudge(set *Set, lib *library.Library, instance func(*Policy) (*build.Instance, diag.List)) *Judge {
	return &Judge{set: set, cue: evaluator{library: lib, instance: instance}}
}

// Fill checks a tenant against its provider's schema. It returns the tenant with defaults, as
// far as mistakes allow, and the mistakes.
type Fill func(tenant *data.Node) (filled *data.Node, mistakes diag.List, err error)

// rounds limits how often values are supplied before they must settle. Chains of dependent
// values are rarely longer than two.
const rounds = 10

// Tenant supplies the policies' values for missing fields, fills in the schema's defaults, and
// repeats both until nothing changes, so that conditions see either in any order. It returns
// the tenant with supplied values, and the same with defaults, which is valid as long as fill's
// result. Diagnostics are the schema's, or else the policies'.
func (j *Judge) Tenant(author *data.Node, fill Fill) (own, filled *data.Node, diags diag.List, err error) {
	own = author
	if !j.set.ofTenants {
		filled, diags, err = fill(author)
		return own, filled, diags, err
	}
	j.cue.known = nil
	var before []supply
	var history [][]supply
	for i := range rounds + 1 {
		// Conditions need the defaults before values are supplied. Without conditions, defaults
		// are needed only after the first round.
		view, final := own, i > 0 || j.set.depends || !j.set.supplies
		if final {
			if filled, diags, err = fill(own); err != nil {
				return nil, nil, nil, err
			}
			if filled != nil {
				view = filled
			}
		}
		found := j.round(author, view)
		now, conflicts := found.merged()
		if !final || !sameSupplies(now, before) {
			if before = now; i > 0 {
				history = append(history, now)
			}
			if own, err = apply(author, now); err != nil {
				return author, nil, notApplied(author, err), nil
			}
			continue
		}
		if diags.HasErrors() {
			return own, nil, diags, nil
		}
		diags = append(diags, byPolicy(found.panics)...)
		if !j.SupplyOnly {
			diags = append(diags, j.reported(author, view, found, conflicts)...)
			if j.Settle != nil {
				diags = j.Settle(diags, author.TextAt("id"))
			}
		}
		if diags.HasErrors() {
			return own, nil, diags, nil
		}
		return own, filled, diags, nil
	}
	return own, nil, unsettled(author, history), nil
}

// Supplied returns the policies' value for a missing field of the tenant, such as provider, or
// nil.
func (j *Judge) Supplied(author *data.Node, field string) *data.Node {
	if !j.set.ofTenants || !j.set.supplies {
		return nil
	}
	j.cue.known = nil
	now, _ := j.round(author, author).merged()
	for _, s := range now {
		if len(s.path) == 1 && s.path[0] == field {
			return s.value
		}
	}
	return nil
}

// round is the result of applying all policies once.
type round struct {
	supplied []supply
	walked   []walked
	byCUE    []*Policy // policies that CUE still has to decide
	panics   diag.List // of CUE's evaluator
}

type walked struct {
	policy   *Policy
	problems []problem
}

// merged merges the supplied values. Each policy supplies a value at most once.
func (r round) merged() ([]supply, []conflict) {
	if len(r.walked) == 1 && len(r.byCUE) == 0 {
		return r.supplied, nil
	}
	return merge(r.supplied)
}

func (j *Judge) round(author, view *data.Node) round {
	var out round
	for i, p := range j.set.policies {
		if !p.tenant.there {
			continue
		}
		if p.tenant.term != nil {
			if r := j.walked(p.tenant.term, j.set.applied[i], author, view, true); !r.unsure {
				if out.supplied == nil {
					out.supplied = r.supplied
				} else {
					out.supplied = append(out.supplied, r.supplied...)
				}
				out.walked = append(out.walked, walked{p, r.problems})
				continue
			}
		}
		if panics := j.cue.guarded(p, func() { out.supplied = append(out.supplied, j.cue.supply(p, author, view)...) }); panics != nil {
			out.panics = append(out.panics, panics...)
			continue
		}
		out.byCUE = append(out.byCUE, p)
	}
	return out
}

// walked applies compiled terms to a tenant or a plan.
func (j *Judge) walked(t *term, rules applied, author, view *data.Node, ofTenant bool) result {
	w := walks.Get().(*walk)
	defer walks.Put(w)
	w.applied, w.view, w.ofTenant, w.result, w.unset, w.conjuncts = rules, view, ofTenant, result{}, nil, w.conjuncts[:0]
	w.envs.reset()
	w.frames.reset()
	w.conjuncts = append(w.conjuncts, conjunct{t, w.env(env{})})
	w.value(author, view, w.conjuncts[:1:1], nil, true)
	return w.result
}

// reported returns the policies' problems with a tenant whose values have settled.
func (j *Judge) reported(author, view *data.Node, found round, conflicts []conflict) diag.List {
	var diags diag.List
	for _, c := range conflicts {
		verb := "supply"
		if c.first.byDefault {
			verb = "have different defaults"
		}
		d := diags.Errorf(diag.Policy, c.first.path, "%s: the policies %s %s and %s", c.first.path, verb, show(c.first.value), show(c.second.value))
		d.Range = author.LocateKey(c.first.path)
		d.Related = []diag.Related{{Range: c.first.at.Range(), Message: "the policy"}, {Range: c.second.at.Range(), Message: "the other policy"}}
	}
	for _, w := range found.walked {
		diags = append(diags, explained(w.problems, author.Locate)...)
	}
	for _, p := range found.byCUE {
		diags = append(diags, j.cue.guarded(p, func() { diags = append(diags, j.cue.refusals(p, "tenant", view, author.Locate)...) })...)
	}
	return byPolicy(diags)
}

// explained makes one diagnostic for each position and rule of problems.
func explained(problems []problem, locate func(diag.Path) diag.Place) diag.List {
	var diags diag.List
	for _, p := range problems {
		d := diags.Errorf(diag.Policy, p.path, "%s", p.message)
		place := locate(p.path)
		if p.lacks {
			d.Message = p.path[present(p.path, locate):].String() + " " + p.message
		}
		if d.Range = place.Value; !place.Found || p.onKey {
			d.Range = place.Key
		}
		rule := p.at.Range()
		if p.unset {
			d.Related = []diag.Related{{Range: place.Key, Message: "the tenant"}}
			d.Range = rule
		} else if rule.Line > 0 {
			d.Related = []diag.Related{{Range: rule, Message: "the policy"}}
		}
	}
	return diags
}

// present returns the number of leading elements of a path that exist, except the last.
func present(path diag.Path, locate func(diag.Path) diag.Place) int {
	n := len(path) - 1
	for n > 0 && !locate(path[:n]).Found {
		n--
	}
	return n
}

// notApplied reports a tenant to which the policies' values cannot be added.
func notApplied(author *data.Node, err error) diag.List {
	var diags diag.List
	d := diags.Errorf(diag.Policy, nil, "%v", err)
	d.Range = author.At.Range()
	return byPolicy(diags)
}

// unsettled reports at most two values that keep a tenant from settling: those that only some
// rounds supply.
func unsettled(author *data.Node, history [][]supply) diag.List {
	var differ []supply
	for _, round := range history {
		for _, s := range round {
			always := !slices.ContainsFunc(history, func(other []supply) bool { return !containsSupply(other, s) })
			if !always && !containsSupply(differ, s) && len(differ) < 2 {
				differ = append(differ, s)
			}
		}
	}
	var diags diag.List
	d := diags.Errorf(diag.Policy, differ[0].path, "%s is supplied only while it is not: the policies do not settle", differ[0].path)
	switch {
	case len(differ) == 2 && slices.Equal(differ[0].path, differ[1].path):
		d.Message = fmt.Sprintf("%s is supplied as %s and as %s by turns: the policies do not settle", differ[0].path, show(differ[0].value), show(differ[1].value))
	case len(differ) == 2:
		d.Message = fmt.Sprintf("%s and %s are supplied only while the other is, or is not: the policies do not settle", differ[0].path, differ[1].path)
	}
	d.Range = author.LocateKey(differ[0].path)
	for i, s := range differ {
		d.Related = append(d.Related, diag.Related{Range: s.at.Range(), Message: []string{"the policy", "the other policy"}[i]})
	}
	return byPolicy(diags)
}

func containsSupply(all []supply, s supply) bool {
	for _, other := range all {
		if sameSupply(other, s) {
			return true
		}
	}
	return false
}

// byPolicy gives diagnostics the code of a policy's verdict.
func byPolicy(diags diag.List) diag.List {
	for i := range diags {
		diags[i].Code = diag.Policy
	}
	return diags
}
