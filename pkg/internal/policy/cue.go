package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/literal"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// evaluator applies policies with CUE's own evaluator: policies that are not compiled, and
// cases that compiled terms cannot decide. A CUE context keeps everything that it has
// evaluated, so it is replaced after a while.
type evaluator struct {
	library   *library.Library
	instance  func(*Policy) (*build.Instance, diag.List)
	ctx       *cue.Context
	evaluated int // number of evaluations in ctx
	values    map[*Policy]cue.Value
	known     map[question]answer // answers about the current tenant
}

// question identifies what a policy supplies to data, which is encoded as text.
type question struct {
	policy *Policy
	data   string
}

type answer struct {
	supplied []supply
	admitted bool
}

// perContext is the number of evaluations in one context: a new one with a policy costs as much
// as a few of them, and each leaves about 100 KB.
const perContext = 50

// of returns a part of a policy, such as tenant.
func (e *evaluator) of(p *Policy, name string) cue.Value {
	if e.ctx == nil || e.evaluated >= perContext {
		e.ctx, e.evaluated, e.values = cuecontext.New(), 0, map[*Policy]cue.Value{}
	}
	v, ok := e.values[p]
	if !ok {
		inst, _ := e.instance(p) // parsed without errors earlier
		v = e.ctx.BuildInstance(inst)
		e.values[p] = v
	}
	return v.LookupPath(cue.MakePath(cue.Str(name)))
}

func (e *evaluator) unify(p *Policy, name string, n *data.Node) cue.Value {
	part := e.of(p, name)
	e.evaluated++
	return part.Unify(e.ctx.BuildExpr(cuedata.Expr(n)))
}

// guarded reports a panic of CUE's evaluator as a mistake of the policy, which then has no
// verdict.
func (e *evaluator) guarded(p *Policy, do func()) (diags diag.List) {
	defer func() {
		if r := recover(); r != nil {
			e.ctx = nil
			diags = panicked(p.Path, r)
		}
	}()
	do()
	return nil
}

func panicked(path string, r any) (diags diag.List) {
	d := diags.Errorf(diag.Policy, nil, "CUE's evaluator panics on this policy: %v", r)
	d.File, d.Line, d.Column = path, 1, 1
	d.Help = "write it in another way"
	return diags
}

// unifyPorts unifies. If the policy constrains a port in its short form, the long form is used
// instead. It returns the data that was unified.
func (e *evaluator) unifyPorts(p *Policy, name string, n *data.Node) (cue.Value, *data.Node) {
	v := e.unify(p, name, n)
	err := v.Validate()
	if err == nil || name != "tenant" {
		return v, n
	}
	long := n
	for _, one := range cueerrors.Errors(err) {
		path := one.Path()
		if len(path) != 7 || path[5] != "ports" {
			continue
		}
		at := diag.Path(path[1:])
		for i, key := range at {
			if text, err := literal.Unquote(key); err == nil {
				at[i] = text
			}
		}
		if port := n.Find(at); port != nil && port.Kind == data.Int {
			long = long.With(at, longPort(port))
		}
	}
	if long == n {
		return v, n
	}
	return e.unifyPorts(p, name, long) // CUE may have reported only the first ports
}

// supply returns the policy's values for missing fields. Conditions use the view; the policy's
// default replaces the schema's.
func (e *evaluator) supply(p *Policy, author, view *data.Node) []supply {
	supplied, ok := e.added(p, author)
	known, err := apply(author, supplied)
	if err != nil {
		return supplied
	}
	seen, masked := p.tenant.visible(known, view)
	if seen == nil || ok && len(masked) == 0 && !p.tenant.depends() {
		return supplied
	}
	more, ok := e.added(p, seen)
	supplied = append(supplied, more...)
	for _, name := range slices.Sorted(maps.Keys(masked)) {
		without := seen
		for _, path := range masked[name] {
			without = without.Without(path)
		}
		more, _ := e.added(p, without)
		for _, s := range more {
			if slices.ContainsFunc(masked[name], func(path diag.Path) bool { return slices.Equal(path, s.path) }) {
				supplied = append(supplied, s)
			}
		}
	}
	if !ok { // the policy may lack a default of the schema that it has no value for
		if all := othersValues(known, view, p.Path); all != nil {
			more, _ := e.added(p, all)
			supplied = append(supplied, more...)
		}
	}
	return supplied
}

// added returns the values that unification adds to data, and whether the policy admits them.
// The answer is cached, because the last two rounds ask the same.
func (e *evaluator) added(p *Policy, n *data.Node) ([]supply, bool) {
	asked := question{p, string(appendText(nil, n))}
	known, ok := e.known[asked]
	if !ok {
		a := adder{sources: p.sources, names: slices.Sorted(maps.Keys(p.tenant.written))}
		v, n := e.unifyPorts(p, "tenant", n)
		a.value(v, n, nil, false)
		known = answer{slices.Clip(a.supplied), v.Validate(cue.Concrete(true)) == nil}
		if e.known == nil {
			e.known = map[question]answer{}
		}
		e.known[asked] = known
	}
	return known.supplied, known.admitted
}

// appendText encodes data without positions: equal data has equal text.
func appendText(b []byte, n *data.Node) []byte {
	b = strconv.AppendQuote(append(b, byte('a'+n.Kind)), n.Text)
	b = append(b, '{')
	for i := range n.Fields {
		b = appendText(strconv.AppendQuote(b, n.Fields[i].Name), n.Fields[i].Value)
	}
	for _, e := range n.Elems {
		b = appendText(b, e)
	}
	return append(b, '}')
}

// adder collects the values that unification adds to data.
type adder struct {
	sources  cuedata.Sources
	names    []string // fields that the policy writes
	supplied []supply
	noData   diag.List // about values that are not data, such as a function
}

func (a *adder) value(v cue.Value, n *data.Node, at diag.Path, byDefault bool) {
	if d, ok := v.Default(); ok {
		v, byDefault = d, true
	}
	switch {
	case n != nil && n.Kind == data.Struct && v.Err() != nil:
		a.within(v, n, at, byDefault)
	case n != nil && n.Kind == data.List && v.IncompleteKind() == cue.ListKind:
		it, err := v.List()
		if err != nil {
			return
		}
		for i := 0; it.Next() && i < len(n.Elems); i++ {
			a.value(it.Value(), n.Elems[i], at.To(i), byDefault)
		}
	case n != nil && n.Kind != data.Struct:
	case v.IncompleteKind() == cue.StructKind:
		if n == nil && v.Kind() == cue.StructKind {
			a.add(&data.Node{Kind: data.Struct}, v, at, byDefault)
		}
		fields, err := cuedata.Fields(v)
		if err != nil {
			return
		}
		for _, f := range fields {
			a.value(f.Value, n.Get(f.Name), at.To(f.Name), byDefault)
		}
	case n == nil:
		if v.Validate(cue.Concrete(true)) != nil {
			return
		}
		made, err := cuedata.Node(v, a.sources, nil)
		if no, ok := errors.AsType[*cuedata.NoDataError](err); ok {
			a.noData = append(a.noData, no.Diagnostic(diag.Range{}))
		}
		if err == nil && made != nil {
			a.add(made, v, at, byDefault)
		}
	}
}

// within collects the values of a struct with an error, whose fields CUE does not list.
func (a *adder) within(v cue.Value, n *data.Node, at diag.Path, byDefault bool) {
	for _, name := range n.Names() {
		a.value(v.LookupPath(cue.MakePath(cue.Str(name))), n.Get(name), at.To(name), byDefault)
	}
	for _, name := range a.names {
		if f := v.LookupPath(cue.MakePath(cue.Str(name))); n.Get(name) == nil && f.Exists() {
			a.value(f, nil, at.To(name), byDefault)
		}
	}
}

func (a *adder) add(n *data.Node, v cue.Value, at diag.Path, byDefault bool) {
	if n.At.IsZero() {
		n.At = a.sources.Pos(v.Pos(), v.Pos())
	}
	a.supplied = append(a.supplied, supply{at, n, byDefault, n.At})
}

// rule returns the position of the policy's rule for a path, or for the nearest path above it.
func (e *evaluator) rule(p *Policy, name string, unified cue.Value, path diag.Path) diag.Range {
	if len(path) > 0 {
		last := len(path) - 1
		parent := unified.LookupPath(selectors(path[:last]))
		for _, sel := range []cue.Selector{cue.Str(path[last]).Required(), cue.Str(path[last]).Optional()} {
			v := parent.LookupPath(cue.MakePath(sel))
			if at := p.sources.Range(v.Pos(), v.Pos()); at.Line > 0 {
				return at
			}
		}
	}
	for n := len(path); n >= 0; n-- {
		v := e.of(p, name).LookupPath(selectors(path[:n]))
		if at := p.sources.Range(v.Pos(), v.Pos()); at.Line > 0 {
			return at
		}
	}
	return diag.Range{File: p.Path}
}

func selectors(path diag.Path) cue.Path {
	all := make([]cue.Selector, len(path))
	for i, e := range path {
		all[i] = cue.Str(e)
		var index int
		if _, err := fmt.Sscanf(e, "[%d]", &index); err == nil {
			all[i] = cue.Index(index)
		}
	}
	return cue.MakePath(all...)
}

// refusals returns a policy's problems with a complete tenant or plan. Positions are the
// author's.
func (e *evaluator) refusals(p *Policy, name string, n *data.Node, locate func(diag.Path) diag.Place) diag.List {
	v, n := e.unifyPorts(p, name, n)
	if err := v.Validate(cue.Concrete(true)); err != nil {
		judgement := &cuedata.Judgement{Library: e.library, Sources: p.sources, Prefix: name, Locate: locate, Data: n, Value: v}
		diags := judgement.Diagnose(err)
		for i := range diags {
			if len(diags[i].Related) == 0 {
				diags[i].Related = []diag.Related{{Range: e.rule(p, name, v, diags[i].Path), Message: "the policy"}}
			}
		}
		return diags
	}
	a := adder{sources: p.sources}
	a.value(v, n, nil, false)
	diags := a.noData
	for _, s := range a.supplied {
		if name == "tenant" && s.value.Kind == data.Struct || name == "plan" && unsetIsFine(s.value) {
			continue
		}
		d := diags.Errorf(diag.Policy, s.path, "%s must be %s, and is not set", s.path[present(s.path, locate):], show(s.value))
		d.Range = locate(s.path).Key
		d.Related = []diag.Related{{Range: s.at.Range(), Message: "the policy"}}
	}
	return diags
}
