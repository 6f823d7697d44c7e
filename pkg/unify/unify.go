// Package unify is CUE's own judgement of located data: the authority on what the
// schema and a landlord's policies admit.
package unify

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"

	"github.com/cuecompute/cuecompute/pkg/cuedata"
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Judge holds evaluated schemas and policies. It is for one goroutine at a time. CUE is
// only started once there is something to judge.
type Judge struct {
	library  *library.Library
	ctx      *cue.Context
	build    *build.Context
	schemas  map[string]cue.Value // #Tenant, by import path
	policies []policy
}

// New makes a judge by the library's schemas.
func New(lib *library.Library) *Judge {
	return &Judge{library: lib, ctx: cuecontext.New(), build: build.NewContext(), schemas: map[string]cue.Value{}}
}

// Tenant judges a tenant by a provider's #Tenant. It returns the data with defaults
// filled in, or what CUE has against it. An error means that the schema itself is
// broken.
func (j *Judge) Tenant(s provider.Schema, tenant *data.Node) (*data.Node, diag.List, error) {
	schema, err := j.schema(s.ImportPath)
	if err != nil {
		return nil, nil, err
	}
	v := schema.Unify(j.ctx.BuildExpr(cuedata.Expr(tenant)))
	if err := v.Validate(cue.Concrete(true)); err != nil {
		return nil, j.all(err, schema, v, tenant), nil
	}
	filled, err := cuedata.Node(v, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	data.Locate(filled, tenant)
	return filled, nil, nil
}

// rounds bounds how often a refused tenant is judged again.
const rounds = 20

// all returns the mistakes of a refused tenant. CUE tells of one conflict at a time,
// so the tenant is judged again without what is wrong, until nothing more is found.
func (j *Judge) all(err error, schema, v cue.Value, tenant *data.Node) diag.List {
	var diags diag.List
	rest := tenant
	for range rounds {
		before := rest
		judgement := j.judgement("#Tenant", rest, v)
		judgement.Admits = func(n *data.Node) bool {
			return schema.Unify(j.ctx.BuildExpr(cuedata.Expr(n))).Validate(cue.Concrete(true)) == nil
		}
		for _, d := range judgement.Diagnose(err) {
			if !slices.ContainsFunc(diags, func(o diag.Diagnostic) bool { return follows(d, o) }) {
				diags = append(diags, d)
			}
			rest = rest.Without(d.Path)
		}
		if rest == before {
			break
		}
		v = schema.Unify(j.ctx.BuildExpr(cuedata.Expr(rest)))
		if err = v.Validate(cue.Concrete(true)); err == nil {
			break
		}
	}
	return diags
}

// follows reports whether a diagnostic only says what taking out another's value
// left behind, or that a misspelt field is missing.
func follows(d, earlier diag.Diagnostic) bool {
	if len(earlier.Path) >= len(d.Path) && slices.Equal(earlier.Path[:len(d.Path)], d.Path) {
		return true
	}
	parent := max(len(d.Path)-1, 0)
	return d.Code == diag.MissingField && earlier.Code == diag.UnknownField &&
		len(earlier.Path) == len(d.Path) && slices.Equal(earlier.Path[:parent], d.Path[:parent])
}

func (j *Judge) schema(importPath string) (cue.Value, error) {
	if v, ok := j.schemas[importPath]; ok {
		return v, nil
	}
	inst := j.library.Load(j.build, j.library.Loader(j.build), importPath)
	if inst == nil {
		return cue.Value{}, fmt.Errorf("no CUE package %s", importPath)
	}
	v := j.ctx.BuildInstance(inst).LookupPath(cue.ParsePath("#Tenant"))
	if err := v.Err(); err != nil {
		return cue.Value{}, fmt.Errorf("%s: %w", importPath, err)
	}
	j.schemas[importPath] = v
	return v, nil
}

// diagnose says what CUE has against data that was unified with what is called
// prefix in the files of sources.
func (j *Judge) diagnose(err error, prefix string, judged *data.Node, v cue.Value, sources cuedata.Sources) diag.List {
	judgement := j.judgement(prefix, judged, v)
	judgement.Sources = sources
	return judgement.Diagnose(err)
}

func (j *Judge) judgement(prefix string, judged *data.Node, v cue.Value) *cuedata.Judgement {
	return &cuedata.Judgement{Library: j.library, Prefix: prefix, Locate: judged.Locate, Data: judged, Value: v}
}

// policy is a landlord's file: constraints on tenants, and on plans.
type policy struct {
	tenant, plan cue.Value // either may not exist
	sources      cuedata.Sources
}

// AddPolicy takes the policy of a file. What is wrong with the file is reported.
func (j *Judge) AddPolicy(path string, inst *build.Instance, sources cuedata.Sources) diag.List {
	v := j.ctx.BuildInstance(inst)
	if err := v.Validate(); err != nil {
		judgement := &cuedata.Judgement{Library: j.library, Sources: sources, Locate: nowhere}
		return judgement.Diagnose(err)
	}
	p := policy{v.LookupPath(cue.ParsePath("tenant")), v.LookupPath(cue.ParsePath("plan")), sources}
	if !p.tenant.Exists() && !p.plan.Exists() {
		var diags diag.List
		d := diags.Errorf(diag.NotATenant, nil, "a policy has regular fields tenant or plan, and this file has neither")
		d.File = path
		return diags
	}
	j.policies = append(j.policies, p)
	return nil
}

func nowhere(diag.Path) data.Place { return data.Place{} }

// Supply gives a tenant what the policies have for the fields that it leaves out,
// and returns what they have against it.
func (j *Judge) Supply(tenant *data.Node) (*data.Node, diag.List, error) {
	for _, p := range j.policies {
		if !p.tenant.Exists() {
			continue
		}
		v := p.tenant.Unify(j.ctx.BuildExpr(cuedata.Expr(tenant)))
		if err := v.Validate(); err != nil {
			return nil, byPolicy(j.diagnose(err, "tenant", tenant, v, p.sources), idOf(tenant)), nil
		}
		supplied, err := cuedata.Node(v, p.sources, nil)
		if no, ok := errors.AsType[*cuedata.NoDataError](err); ok {
			return nil, byPolicy(diag.List{no.Diagnostic(diag.Range{})}, idOf(tenant)), nil
		}
		if err != nil {
			return nil, nil, err
		}
		data.Locate(supplied, tenant)
		tenant = supplied
	}
	return tenant, nil, nil
}

// Hold judges a tenant whose defaults are filled in by the policies.
func (j *Judge) Hold(tenant *data.Node) diag.List {
	for _, p := range j.policies {
		if !p.tenant.Exists() {
			continue
		}
		v := p.tenant.Unify(j.ctx.BuildExpr(cuedata.Expr(tenant)))
		if err := v.Validate(cue.Concrete(true)); err != nil {
			return byPolicy(j.diagnose(err, "tenant", tenant, v, p.sources), idOf(tenant))
		}
	}
	return nil
}

// HoldPlan judges a compiled plan by the policies. Paths are the author's, without
// their places.
func (j *Judge) HoldPlan(p *plan.Plan) (diag.List, error) {
	var diags diag.List
	for _, pol := range j.policies {
		if !pol.plan.Exists() {
			continue
		}
		b, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		v := pol.plan.Unify(j.ctx.CompileBytes(b))
		if err := v.Validate(cue.Concrete(true)); err != nil {
			found := byPolicy(j.diagnose(err, "plan", &data.Node{Kind: data.Struct}, v, pol.sources), p.ID)
			for i := range found {
				found[i].Path = p.SpecPath(found[i].Path)
			}
			diags = append(diags, found...)
		}
	}
	return diags, nil
}

// byPolicy names the tenant: what it lacks may have its place in a file of many.
func byPolicy(diags diag.List, tenant string) diag.List {
	for i := range diags {
		diags[i].Code = diag.Policy
		diags[i].Message = fmt.Sprintf("tenant %s: %s", tenant, diags[i].Message)
	}
	return diags
}

func idOf(tenant *data.Node) string {
	if id := tenant.Get("id"); id != nil {
		return id.Text
	}
	return "without id"
}
