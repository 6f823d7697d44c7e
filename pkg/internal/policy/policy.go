// Package policy applies a landlord's policies: CUE files whose field tenant supplies and
// constrains what authors write, whose field plan constrains the compiled plan, and whose field
// fleet constrains what all tenants ask for together.
//
// [Read] checks a policy and compiles it to a tree of terms, once. A [Judge] applies it to
// located data: it supplies values, and reports problems with tenants and plans. CUE's
// evaluator applies what is not compiled, about a hundred times slower; both give the same
// verdicts, which a test compares.
//
//	set, diags := policy.Read(files, spec)
//	judge := policy.NewJudge(set, library, instance)
//	own, filled, diags, err := judge.Tenant(author, fill)
package policy

import (
	"sync/atomic"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// Policy is a parsed and compiled policy file. It is immutable, and safe for concurrent use.
type Policy struct {
	Path string
	Text []byte

	sources             cuedata.Sources
	tenant, plan, fleet part
	rules               int // number of rules and conditions
}

// Sources are the policy's texts.
func (p *Policy) Sources() cuedata.Sources { return p.sources }

// Set is the policies of one run.
type Set struct {
	policies  []*Policy
	applied   []applied // for each policy
	ofTenants bool      // whether any policy constrains tenants
	supplies  bool      // whether any policy may supply a value
	depends   bool      // whether a supplied value may depend on other values
}

// applied records which rules and conditions of a policy matched something in a run.
type applied []atomic.Bool

func (a applied) add(number int) {
	if !a[number].Load() {
		a[number].Store(true)
	}
}

// missing returns the number of rules and conditions that matched nothing.
func (a applied) missing() (n int) {
	for i := range a {
		if !a[i].Load() {
			n++
		}
	}
	return n
}

// NewSet makes a set of policies.
func NewSet(policies ...*Policy) *Set {
	s := &Set{policies: policies}
	for _, p := range policies {
		s.applied = append(s.applied, make(applied, p.rules))
		if p.tenant.there {
			s.ofTenants = true
			s.supplies = s.supplies || p.tenant.term == nil || p.tenant.term.supplies()
			s.depends = s.depends || p.tenant.depends()
		}
	}
	return s
}

// Policies returns the policies of the set, in order.
func (s *Set) Policies() []*Policy { return s.policies }

// Read checks a parsed policy file, and compiles it. It reports at the policy's own lines what
// CUE refuses, and names and values that the spec does not have.
func Read(lib *library.Library, spec Spec, path string, text []byte, inst *build.Instance, sources cuedata.Sources) (*Policy, diag.List) {
	p := &Policy{Path: path, Text: text, sources: sources}
	if panics, err := valid(path, inst); panics != nil {
		return nil, panics
	} else if err != nil {
		judgement := &cuedata.Judgement{Library: lib, Sources: sources, Locate: func(diag.Path) diag.Place { return diag.Place{} }}
		return nil, judgement.Diagnose(err)
	}
	var diags diag.List
	for _, f := range inst.Files {
		c := checker{file: f, sources: sources, spec: spec}
		c.check()
		diags = append(diags, c.diags...)
		for name, into := range map[string]*part{"tenant": &p.tenant, "plan": &p.plan, "fleet": &p.fleet} {
			into.read(f, name, sources, &p.rules)
		}
	}
	if at, found := p.fleet.term.anyLabel(); found {
		d := diags.Errorf(diag.Policy, nil, "by counts by a label that is not named")
		d.Range, d.Help = at.Range(), "name the label: fleet: by: team: [string]: …"
	}
	if !p.tenant.there && !p.plan.there && !p.fleet.there && len(diags) == 0 {
		d := diags.Errorf(diag.NotATenant, nil, "a policy has regular fields tenant, plan or fleet, and this file has none of them")
		d.File = path
	}
	diags.Sort()
	return p, diags
}

// valid returns CUE's errors in a policy, or its evaluator's panic.
func valid(path string, inst *build.Instance) (panics diag.List, err error) {
	defer func() {
		if r := recover(); r != nil {
			panics = panicked(path, r)
		}
	}()
	return nil, cuecontext.New().BuildInstance(inst).Validate()
}

// read compiles a part of a file.
func (p *part) read(f *ast.File, name string, sources cuedata.Sources, rules *int) {
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		label, _ := plainLabel(field.Label)
		if label, _, err := ast.LabelName(label); err == nil && label == name {
			p.there = true
		}
	}
	if !p.there {
		return
	}
	p.namesIn(f)
	c := &compiler{sources: sources, rules: rules}
	if p.term, p.refused = c.compile(f, name); p.refused != nil {
		p.term = nil
		return
	}
	p.names, p.counts = map[string]bool{}, false
	p.mentioned(p.term, "plan")
}

// planMaps are the maps of a plan, whose entries are always read.
var planMaps = map[string]bool{
	"labels": true, "secrets": true, "config": true, "workloads": true, "containers": true,
	"volumes": true, "env": true, "ports": true, "dependsOn": true, "mounts": true,
}

// mentioned records the names of the fields that a term constrains. A term that counts fields
// or matches their names constrains all.
func (p *part) mentioned(t *term, in string) {
	if t == nil {
		return
	}
	if t.op == opBound && t.kinds.Has(data.Struct) {
		p.counts = true
	}
	p.mentionedIn(t.expr)
	for _, part := range t.parts {
		p.mentioned(part, in)
	}
	for _, a := range t.alts {
		p.mentioned(a.term, in)
	}
	if t.list != nil {
		for _, e := range t.list.first {
			p.mentioned(e, "")
		}
		p.mentioned(t.list.rest, "")
	}
	if t.fields == nil {
		return
	}
	for _, r := range t.fields.named {
		p.names[r.name] = true
		p.mentioned(r.value, r.name)
	}
	for _, r := range t.fields.patterns {
		if !planMaps[in] {
			p.counts = true
		}
		p.mentioned(r.value, map[bool]string{true: "config"}[in == "config"])
	}
	for _, e := range t.fields.embedded {
		p.mentioned(e, in)
	}
	for _, cond := range t.fields.ifs {
		for _, e := range cond.clauses {
			p.mentionedIn(e)
		}
		p.mentioned(cond.body, in)
	}
}

func (p *part) mentionedIn(e *expr) {
	if e == nil {
		return
	}
	for _, name := range e.names {
		p.names[name] = true
	}
	p.counts = p.counts || e.call == "len"
	for _, a := range e.args {
		p.mentionedIn(a)
	}
}

// supplies reports whether a term may supply a missing value.
func (t *term) supplies() bool {
	switch t.op {
	case opConst, opDynamic:
		return true
	case opStruct:
		for _, r := range t.fields.named {
			if r.presence == regular && (r.value.op == opStruct || r.value.supplies()) || r.value.nested() {
				return true
			}
		}
		for _, r := range t.fields.patterns {
			if r.value.nested() {
				return true
			}
		}
		for _, cond := range t.fields.ifs {
			if cond.body.supplies() {
				return true
			}
		}
		for _, e := range t.fields.embedded {
			if e.supplies() {
				return true
			}
		}
	case opAll, opLift:
		for _, p := range t.parts {
			if p.supplies() {
				return true
			}
		}
	case opUnion:
		for _, a := range t.alts {
			if a.op == opConst || a.op == opDynamic || a.supplies() {
				return true
			}
		}
	case opList:
		return true
	}
	return false
}

// nested reports whether a struct in an optional field or a pattern may supply a value.
func (t *term) nested() bool {
	return t.op != opConst && t.op != opDynamic && t.op != opUnion && t.supplies()
}
