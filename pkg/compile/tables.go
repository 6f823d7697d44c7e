package compile

import (
	"context"
	"errors"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
)

// Table is a file of table tests, or those of a CUE package, evaluated. Package spectest runs
// them.
type Table struct {
	Path  string // the file, or the package's directory
	Dir   string // which paths in it are from
	Files []string

	// Root is what the table holds: each spec in it is an empty struct.
	Root *data.Node

	// Diagnostics are what is wrong with the table, but for its specs.
	Diagnostics diag.List

	specs   map[specKey]*Spec
	sources sources
}

type specKey struct{ test, field string }

// Spec is a spec in a table.
type Spec struct {
	path   string
	loaded load.Loaded
}

// Spec returns a test's spec in a field, or nil.
func (t Table) Spec(test, field string) *Spec { return t.specs[specKey{test, field}] }

// Quote gives diagnostics about the table the text of their lines.
func (t Table) Quote(diags diag.List) { quoteLines(diags, t.sources) }

// Tables finds and evaluates the table tests of an input's paths, in their order. Diagnostics
// are of paths; an error joins a *fs.PathError for each path that is not there.
func (c *Compiler) Tables(ctx context.Context, in Input) ([]Table, diag.List, error) {
	tags, err := load.NewTags(slices.Concat(in.Tags, in.OptionalTags))
	if err != nil {
		return nil, nil, err
	}
	units, diags, missing := find.FindTests(ctx, in.disk(), in.Paths)
	w := c.worker(in, tags, policy.NewSet(), c.evaluator(c.options.Evaluation), nil)
	defer w.caller.end()
	var all []Table
	for _, u := range units {
		loaded, err := w.loader.Load(ctx, u)
		if err != nil {
			return nil, nil, errors.Join(err, missing)
		}
		all = append(all, tableOf(u, loaded))
	}
	return all, diags, missing
}

// tableOf takes the specs out of a table.
func tableOf(u find.Unit, loaded *load.Loaded) Table {
	t := Table{Path: u.Path, Dir: u.Dir(), Files: u.Files, specs: map[specKey]*Spec{}, sources: loaded.Sources}
	t.Root = &data.Node{Kind: data.Struct}
	if len(loaded.Documents) > 0 {
		t.Root = loaded.Documents[0].Root
	}
	if len(loaded.Documents) > 1 {
		d := t.Diagnostics.Errorf(diag.Syntax, nil, "the file holds %d documents, and table tests are one", len(loaded.Documents))
		d.Range = loaded.Documents[1].Root.At.Range()
	}
	if tests := t.Root.Get("tests"); tests != nil {
		for _, test := range tests.Fields {
			for _, field := range load.SpecFields {
				f := test.Value.Field(field)
				if f == nil || f.Value.Kind != data.Struct && f.Value.Kind != data.Unknown {
					continue
				}
				s := &Spec{path: u.Path, loaded: load.Loaded{Sources: loaded.Sources, Tenants: 1}}
				s.loaded.Documents = []load.Document{{Root: f.Value}}
				t.specs[specKey{test.Name, field}] = s
				f.Value = &data.Node{Kind: data.Struct, At: f.Value.At}
			}
		}
	}
	for _, d := range loaded.Diagnostics {
		if s := t.about(&d); s != nil {
			s.loaded.Diagnostics = append(s.loaded.Diagnostics, d)
			s.loaded.Documents[0].Broken = true
		} else {
			t.Diagnostics = append(t.Diagnostics, d)
		}
	}
	return t
}

// about returns the spec that a diagnostic is about, by its path or its place, or nil. Its path
// is then the spec's own.
func (t Table) about(d *diag.Diagnostic) *Spec {
	if len(d.Path) > 2 && d.Path[0] == "tests" {
		if s := t.specs[specKey{d.Path[1], d.Path[2]}]; s != nil {
			d.Path = d.Path[3:]
			return s
		}
	}
	for _, s := range t.specs {
		at := s.loaded.Documents[0].Root.At.Range()
		if at.File == d.File && at.Line <= d.Line && d.Line < at.EndLine {
			return s
		}
	}
	return nil
}
