package compile

import (
	"bytes"
	"path/filepath"
	"slices"
	"sync"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
)

// policies reads and checks the policies of a run. The error for what is wrong with them is
// an *[PolicyError].
func (c *Compiler) policies(in Input, tags *load.Tags) (*policy.Set, error) {
	if len(in.Policies) == 0 {
		return policy.NewSet(), nil
	}
	loader := load.New(c.library, load.Options{Tags: tags, Stdin: in.Stdin, Lang: in.Lang, FS: in.FS, Overlay: in.Overlay, Limits: in.Limits})
	var policies []*policy.Policy
	var all diag.List
	for _, path := range in.Policies {
		text, diags := in.PolicyTexts[path], diag.List(nil)
		if text == nil {
			text, diags = loader.Text(path)
		}
		if len(diags) == 0 {
			var p *policy.Policy
			var err error
			if p, diags, err = c.policy(loader, path, text); err != nil {
				return nil, err
			}
			policies = append(policies, p)
		}
		all = append(all, diags...)
	}
	if len(all) > 0 {
		return nil, &PolicyError{all}
	}
	return policy.NewSet(policies...), nil
}

// policy reads a policy, or has it from a run before. What is wrong with it is reported.
func (c *Compiler) policy(loader *load.Loader, path string, text []byte) (*policy.Policy, diag.List, error) {
	if p := c.known.get(path, text); p != nil {
		return p, nil, nil
	}
	spec, err := c.spec()
	if err != nil {
		return nil, nil, err
	}
	text = bytes.Clone(text) // the caller may change it
	inst, src, diags := loader.Instance(path, text)
	var p *policy.Policy
	if len(diags) == 0 {
		p, diags = policy.Read(c.library, spec, path, src[path].Text, inst, src)
	}
	if len(diags) == 0 && len(src) == 1 && !hasAttributes(inst) {
		c.known.put(path, text, p) // which depends on no other file, and on no tag
	}
	quoteLines(diags, sources(src))
	return p, diags, nil
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

// knownPolicies are those without mistakes that a compiler has read, by their paths and
// texts. It is safe for concurrent use.
type knownPolicies struct {
	mu   sync.Mutex
	read map[knownPolicy]*policy.Policy
}

type knownPolicy struct{ path, text string }

// maxKnown is how many policies are kept. A landlord has a handful.
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
	if !in.PolicyNotes || in.SupplyOnly {
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
func (in Input) isPolicy(u find.Unit) bool {
	return slices.ContainsFunc(in.Policies, func(path string) bool { return filepath.Clean(path) == filepath.Clean(u.Path) })
}
