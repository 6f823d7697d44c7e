package compile

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
)

// SetPolicies replaces the policies for runs that begin afterwards; runs in progress keep
// theirs. If the new policies have errors it returns them and changes nothing. It reads the
// files once: call it again when one changes. The tags, key=value, are for this check only;
// each run sets the policies' fields marked @tag from its own tags.
func (c *Compiler) SetPolicies(p Policies, tags ...string) (diag.List, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	set, err := load.NewTags(tags)
	if err != nil {
		return nil, err
	}
	rules := newRuleset(p)
	_, err = rules.read(c, set)
	if broken, ok := errors.AsType[*PolicyError](err); ok {
		return broken.Diagnostics, nil
	}
	if err != nil {
		return nil, err
	}
	c.policies.set(rules)
	return nil, nil
}

// policiesInForce are a compiler's current policies, and a cache of those read before. It is
// safe for concurrent use.
type policiesInForce struct {
	rules atomic.Pointer[ruleset]
	known knownPolicies
}

func (f *policiesInForce) get() *ruleset  { return f.rules.Load() }
func (f *policiesInForce) set(r *ruleset) { f.rules.Store(r) }

// ruleset is a set of policies that is replaced as a whole. Its files are read once.
type ruleset struct {
	of Policies

	mu    sync.Mutex
	texts map[string][]byte         // contents, by path
	done  map[string]*policy.Policy // policies without tags, by path
}

// newRuleset copies the policies, so that callers cannot change them.
func newRuleset(p Policies) *ruleset {
	r := &ruleset{of: Policies{Files: slices.Clone(p.Files)}, texts: map[string][]byte{}, done: map[string]*policy.Policy{}}
	for name, text := range p.Texts {
		if text != nil {
			r.texts[name] = bytes.Clone(text)
		}
	}
	return r
}

// read returns the policies of a run with these tags, checked. If they have mistakes, the error
// is an *[PolicyError].
func (r *ruleset) read(c *Compiler, tags *load.Tags) (*policy.Set, error) {
	if len(r.of.Files) == 0 {
		return policy.NewSet(), nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	loader := c.policyLoader(tags)
	var policies []*policy.Policy
	var all diag.List
	for _, path := range r.of.Files {
		p := r.done[path]
		if c.observer != nil {
			c.observer.Observe(context.Background(), PolicyRead{path, p != nil})
		}
		if p == nil {
			var diags diag.List
			var err error
			if p, diags, err = r.readOne(c, loader, path); err != nil {
				return nil, err
			}
			all = append(all, diags...)
		}
		policies = append(policies, p)
	}
	if len(all) > 0 {
		return nil, &PolicyError{all}
	}
	return policy.NewSet(policies...), nil
}

// readOne reads a policy, or takes it from the cache, and reports its mistakes.
func (r *ruleset) readOne(c *Compiler, loader *load.Loader, path string) (*policy.Policy, diag.List, error) {
	text := r.texts[path]
	if text == nil {
		var diags diag.List
		if text, diags = loader.Text(path); len(diags) > 0 {
			return nil, diags, nil
		}
		r.texts[path] = text
	}
	if p := c.policies.known.get(path, text); p != nil {
		r.done[path] = p
		return p, nil, nil
	}
	spec, err := c.spec()
	if err != nil {
		return nil, nil, err
	}
	inst, src, diags := loader.Instance(path, text)
	var p *policy.Policy
	if len(diags) == 0 {
		p, diags = policy.Read(c.library, spec, path, src[path].Text, inst, src)
	}
	if len(diags) == 0 && !hasAttributes(inst) {
		r.done[path] = p
		if len(src) == 1 {
			c.policies.known.put(path, text, p) // it depends on no other file
		}
	}
	quoteLines(diags, sources(src))
	return p, diags, nil
}

// policyLoader returns a loader for policies, which are always the system's files.
func (c *Compiler) policyLoader(tags *load.Tags) *load.Loader {
	return load.New(c.library, load.Options{Tags: tags, Limits: c.options.Limits})
}

func hasAttributes(inst *build.Instance) (has bool) {
	for _, f := range inst.Files {
		ast.Walk(f, func(n ast.Node) bool {
			_, is := n.(*ast.Attribute)
			has = has || is
			return true
		}, nil)
	}
	return has
}

// knownPolicies caches the policies without mistakes that a compiler has read, by path and
// text. It is safe for concurrent use.
type knownPolicies struct {
	mu   sync.Mutex
	read map[knownPolicy]*policy.Policy
}

type knownPolicy struct{ path, text string }

// maxKnown limits the cache. A landlord has a handful of policies.
const maxKnown = 100

func (k *knownPolicies) get(path string, text []byte) *policy.Policy {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.read[knownPolicy{path, string(text)}]
}

func (k *knownPolicies) put(path string, text []byte, p *policy.Policy) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.read == nil || len(k.read) >= maxKnown {
		k.read = map[knownPolicy]*policy.Policy{}
	}
	k.read[knownPolicy{path, string(text)}] = p
}

// spec returns the schemas that policies are checked against.
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

// yieldNotes notes the policies' rules that matched nothing, if this run checked everything,
// and the slow policies.
func (c *Compiler) yieldNotes(set *policy.Set, in Input, judged int, yield func(Unit) error) error {
	if !in.PolicyNotes || c.options.SupplyOnly {
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
