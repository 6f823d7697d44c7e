package load

import (
	"slices"

	"cuelang.org/go/cue"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// SpecFields are the fields of a table test that hold a spec, in which mistakes are what the
// test is about.
var SpecFields = []string{"spec", "old"}

// tests takes the table tests of a package as one document. What is wrong with a spec in them
// has the path tests.NAME.spec, or one in it; other fields of the package are not read.
func (e *evaluation) tests(v cue.Value, names []string, places *cuedata.Places, judge *cuedata.Judgement) {
	root := &data.Node{Kind: data.Struct, At: places.Key(data.Pos{})}
	for _, name := range names {
		value, at := v.LookupPath(cue.MakePath(cue.Str(name))), places.Field(name)
		switch name {
		case "policies", "waivers":
			if n := e.node(value, at); n != nil {
				root.Set(name, at.Key(n.At), n)
			}
		case "tests":
			root.Set(name, at.Key(data.Pos{}), e.table(v, value, at, judge))
		}
	}
	e.out.add(root)
}

// table takes the tests of a map.
func (e *evaluation) table(pkg, v cue.Value, places *cuedata.Places, judge *cuedata.Judgement) *data.Node {
	n := &data.Node{Kind: data.Struct, At: places.Key(data.Pos{})}
	entries, err := cuedata.Fields(v)
	if err != nil {
		e.out.Diagnostics = append(e.out.Diagnostics, judge.Diagnose(err)...)
		return n
	}
	for _, entry := range entries {
		at := places.Field(entry.Name)
		fields, err := cuedata.Fields(entry.Value)
		if err != nil {
			e.out.Diagnostics = append(e.out.Diagnostics, judge.Diagnose(err)...)
			continue
		}
		test, before := &data.Node{Kind: data.Struct, At: at.Key(data.Pos{})}, len(e.out.Diagnostics)
		for _, f := range fields {
			value := at.Field(f.Name)
			var got *data.Node
			if slices.Contains(SpecFields, f.Name) {
				got = e.spec(pkg, f.Value, value, diag.At("tests", entry.Name, f.Name))
			} else if err := f.Value.Validate(cue.Concrete(true)); err != nil {
				e.out.Diagnostics = append(e.out.Diagnostics, judge.Diagnose(err)...)
			} else {
				got = e.node(f.Value, value)
			}
			if got != nil {
				test.Set(f.Name, value.Key(got.At), got)
			}
		}
		if err := entry.Value.Validate(cue.Concrete(true)); err != nil && len(e.out.Diagnostics) == before {
			e.out.Diagnostics = append(e.out.Diagnostics, judge.Diagnose(err)...)
		}
		n.Set(entry.Name, at.Key(test.At), test)
	}
	return n
}

// spec takes a spec that is at a path of a test. Its mistakes are reported with paths below that.
func (e *evaluation) spec(pkg, v cue.Value, places *cuedata.Places, path diag.Path) *data.Node {
	if len(e.holes) == 0 && v.Validate(cue.Concrete(true)) == nil {
		return e.node(v, places)
	}
	before := len(e.out.Diagnostics)
	root := e.survey(pkg, v, places, "")
	for i := range e.out.Diagnostics[before:] {
		d := &e.out.Diagnostics[before+i]
		d.Path = slices.Concat(path, d.Path)
	}
	if root == nil {
		return &data.Node{Kind: data.Unknown, At: places.Key(data.Pos{})}
	}
	return root
}
