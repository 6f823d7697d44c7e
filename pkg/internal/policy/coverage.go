package policy

import (
	"sync"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
)

// Coverage is which rules of policies matched something, in any of several runs. The zero value
// is ready. It is safe for concurrent use.
type Coverage struct {
	mu   sync.Mutex
	seen map[string]*covered // by the policies' paths
}

type covered struct {
	policy *Policy
	rules  applied
}

// Add adds what a run has shown.
func (c *Coverage) Add(s *Set) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]*covered{}
	}
	for i, p := range s.policies {
		k := c.seen[p.Path]
		if k == nil || len(k.rules) != p.rules {
			k = &covered{p, make(applied, p.rules)}
			c.seen[p.Path] = k
		}
		for number := range s.applied[i] {
			if s.applied[i][number].Load() {
				k.rules.add(number)
			}
		}
	}
}

// Of returns how many rules and conditions a policy has, how many of them matched nothing, and
// a note for each of the outermost of these. compiled is false where CUE's evaluator judges by
// a part of it, whose rules are not counted.
func (c *Coverage) Of(path string) (rules, missing int, notes diag.List, compiled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.seen[path]
	if k == nil {
		return 0, 0, nil, true
	}
	for _, t := range []*term{k.policy.tenant.term, k.policy.plan.term} { // a fleet is no test's
		t.unmatched(k.rules, &notes)
		t.numbers(func(number int) {
			rules++
			if !k.rules[number].Load() {
				missing++
			}
		})
	}
	return rules, missing, notes, k.policy.tenant.refused == nil && k.policy.plan.refused == nil
}

// Sources are the texts of a policy that was added.
func (c *Coverage) Sources(path string) cuedata.Sources {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.seen[path]; k != nil {
		return k.policy.sources
	}
	return nil
}

// numbers yields the numbers of the rules and conditions within a term.
func (t *term) numbers(yield func(int)) {
	if t == nil {
		return
	}
	for _, p := range t.parts {
		p.numbers(yield)
	}
	if t.fields == nil {
		return
	}
	for _, rules := range [][]*rule{t.fields.named, t.fields.patterns} {
		for _, r := range rules {
			yield(r.number)
			r.value.numbers(yield)
		}
	}
	for _, e := range t.fields.embedded {
		e.numbers(yield)
	}
	for _, cond := range t.fields.ifs {
		yield(cond.number)
		cond.body.numbers(yield)
	}
}
