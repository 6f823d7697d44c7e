package load

import (
	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"

	"github.com/cuecompute/cuecompute/pkg/cuedata"
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// tenants evaluates an instance and takes the tenants that it holds.
func (e *evaluation) tenants(u Unit, inst *build.Instance, places *cuedata.Places) {
	v := e.cue.ctx.BuildInstance(inst)
	judge := &cuedata.Judgement{Library: e.library, Sources: e.out.Sources, Locate: places.Locate}
	names := regular(v)
	if len(names) == 0 && v.Err() != nil {
		e.out.Tenants = 1
		e.out.Diagnostics = append(e.out.Diagnostics, judge.Diagnose(v.Err())...)
		return
	}
	if u.passedOver(names) {
		return
	}
	if len(names) == 1 && names[0] == "tenants" {
		if entries, err := cuedata.Fields(v.LookupPath(cue.ParsePath("tenants"))); err == nil {
			e.entries(entries, places.Field("tenants"), judge)
			e.beside(v, judge)
			return
		}
	}
	if diags := judge.Diagnose(v.Validate(cue.Concrete(true))); len(diags) > 0 {
		e.out.Tenants = 1
		e.out.Diagnostics = append(e.out.Diagnostics, diags...)
	} else if root := e.node(v, places); root != nil {
		e.out.add(root)
	}
}

// entries takes the entries of a tenants map; a broken one does not keep the others
// from being judged.
func (e *evaluation) entries(entries []cuedata.Field, places *cuedata.Places, judge *cuedata.Judgement) {
	for _, entry := range entries {
		if broken := own(judge.Diagnose(entry.Value.Validate(cue.Concrete(true))), entry.Name); len(broken) > 0 {
			e.out.Tenants++
			e.out.Diagnostics = append(e.out.Diagnostics, broken...)
			continue
		}
		at := places.Field(entry.Name)
		if root := e.node(entry.Value, at); root != nil {
			e.out.entry(data.Field{Name: entry.Name, At: at.Key(root.At), Value: root}, 1+sizeOf(root))
		}
	}
	if len(entries) == 0 {
		e.out.none("", places.Key(data.Pos{}).Range(), "tenants is empty")
	}
}

// own makes diagnostics of an evaluation those of an entry of the tenants map: their
// paths begin in the tenant. Its id is not missing, since its key supplies it.
func own(diags diag.List, name string) diag.List {
	var mine diag.List
	for _, d := range diags {
		if len(d.Path) >= 2 && d.Path[1] == name {
			d.Tenant, d.Path = name, d.Path[2:]
		}
		if d.Code != diag.MissingField || d.Path.String() != "id" {
			mine = append(mine, d)
		}
	}
	return mine
}

// beside reports what is wrong beside the tenants, such as in a definition.
func (e *evaluation) beside(v cue.Value, judge *cuedata.Judgement) {
	for _, d := range judge.Diagnose(v.Validate()) {
		if len(d.Path) == 0 || d.Path[0] != "tenants" {
			e.out.Diagnostics = append(e.out.Diagnostics, d)
		}
	}
}

// node brings a value down to data; one that has none is reported and nil.
func (e *evaluation) node(v cue.Value, places *cuedata.Places) *data.Node {
	n, err := cuedata.Node(v, e.out.Sources, places)
	if err == nil {
		return n
	}
	no := &cuedata.NoDataError{Code: diag.BadFormat, Msg: err.Error()}
	errors.As(err, &no)
	e.out.Tenants++
	e.out.Diagnostics = append(e.out.Diagnostics, no.Diagnostic(places.Key(data.Pos{}).Range()))
	return nil
}

// regular returns the names of the regular fields at the top.
func regular(v cue.Value) []string {
	var names []string
	if fields, err := cuedata.Fields(v); err == nil {
		for _, f := range fields {
			names = append(names, f.Name)
		}
	}
	return names
}
