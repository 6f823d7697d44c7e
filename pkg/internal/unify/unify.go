// Package unify checks located data with CUE itself, the authority on what the schema admits.
package unify

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Judge holds evaluated schemas. It is not safe for concurrent use. CUE starts with the first
// check.
type Judge struct {
	library *library.Library
	ctx     *cue.Context
	build   *build.Context
	schemas map[string]cue.Value // #Tenant, by import path
}

// New makes a judge that uses the library's schemas.
func New(lib *library.Library) *Judge {
	return &Judge{library: lib, ctx: cuecontext.New(), build: build.NewContext(), schemas: map[string]cue.Value{}}
}

// Tenant checks a tenant against a provider's #Tenant. It returns the data with defaults, or
// CUE's problems. An error means that the schema itself is broken.
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

// rounds limits how often a refused tenant is checked again.
const rounds = 20

// all returns the mistakes of a refused tenant. CUE reports one conflict at a time, so the
// tenant is checked again without the wrong values until nothing more is found.
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

// follows reports whether a diagnostic is only a consequence of removing another's value, or of
// a misspelt field.
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

func (j *Judge) judgement(prefix string, judged *data.Node, v cue.Value) *cuedata.Judgement {
	return &cuedata.Judgement{Library: j.library, Prefix: prefix, Locate: judged.Locate, Data: judged, Value: v}
}
