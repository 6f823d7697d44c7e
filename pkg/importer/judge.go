package importer

import (
	"bytes"
	"context"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// judge writes the spec, vets what is written, and proves the account.
func (d *Draft) judge(ctx context.Context, r *Result) error {
	unit, err := d.vet(ctx, r)
	if err != nil {
		return err
	}
	again := func() (compile.Unit, error) { return d.vet(ctx, r) }
	if unit, err = d.settle(unit, again); err != nil {
		return err
	}
	if d.accept(unit.Diagnostics) {
		if unit, err = d.vet(ctx, r); err != nil {
			return err
		}
	}
	r.Tenant, r.draft = d.root, d
	for _, f := range unit.Diagnostics {
		if f.Severity != diag.Note {
			r.Diagnostics = append(r.Diagnostics, d.back(f))
		}
	}
	d.quote(r.Diagnostics)
	r.Unnamed, r.Account.Additions, r.Proved, err = d.proof(unit)
	return err
}

// Prove proves the account of the import for another tenant, such as the imported one after
// an edit: what it says otherwise than the account is unnamed, or a diagnostic.
func (r *Result) Prove(ctx context.Context, tenant *data.Node) ([]Difference, diag.List, error) {
	d := *r.draft
	d.root = tenant
	unit, err := d.vet(ctx, &Result{})
	if err != nil {
		return nil, nil, err
	}
	unnamed, _, _, err := d.proof(unit)
	return unnamed, unit.Diagnostics.Without(diag.Note), err
}

// proof compares what is rendered of the tenant with the original. There is none of a tenant
// that has errors, or is for another platform.
func (d *Draft) proof(unit compile.Unit) (unnamed []Difference, added []Addition, proved bool, err error) {
	if len(unit.Tenants) != 1 || len(unit.Tenants[0].Files) != 1 || d.Options.Provider != "" && d.Options.Provider != d.format.Provider {
		return nil, nil, false, nil
	}
	if d.format.Facts == nil {
		return d.missing(), nil, false, nil
	}
	id := unit.Tenants[0].ID
	rendered, err := d.renderedFacts(unit.Tenants[0].Files[0], id)
	if err != nil {
		return nil, nil, false, err
	}
	unnamed, added = d.prove(d.format.Facts(d, d.Docs, id), rendered)
	return unnamed, added, true, nil
}

// vet writes the tenant and judges the text.
func (d *Draft) vet(ctx context.Context, r *Result) (compile.Unit, error) {
	var err error
	if r.Spec, err = d.write(d.Options.Lang); err != nil {
		return compile.Unit{}, err
	}
	var unit compile.Unit
	in := compile.Input{Paths: []string{"-"}, Stdin: bytes.NewReader(r.Spec), Lang: d.Options.Lang, Jobs: 1, Render: true, Every: true}
	err = compile.Each(ctx, d.Options.Registry, compile.Options{}, in, func(u compile.Unit) error {
		unit = u
		return nil
	})
	return unit, err
}

// accept has workloads accept what the platform approximates: the input, which was written
// for it, is run just so. It reports whether anything was added.
func (d *Draft) accept(diags diag.List) bool {
	added := false
	for _, w := range diags {
		if w.Concept == "" || w.Severity != diag.Warning || len(w.Path) < 2 || w.Path[0] != "workloads" || w.Provider != d.format.Provider {
			continue
		}
		d.approximate(w.Path.String(), w.Message)
		path := diag.At("workloads", w.Path[1], "accept")
		accepted := d.Get(path)
		if accepted != nil && slices.ContainsFunc(accepted.Elems, func(n *data.Node) bool { return n.Text == string(w.Concept) }) {
			continue
		}
		if accepted == nil {
			d.put(path, []string{}, nil)
			accepted = d.Get(path)
		}
		accepted.Elems = append(accepted.Elems, nodeOf(string(w.Concept), data.Pos{}))
		added = true
	}
	if added {
		order(d.root, nil)
	}
	return added
}

// approximate notes that what the input says of a field is not quite what the platform does.
func (d *Draft) approximate(field, why string) {
	for n, c := range d.claims {
		if c.becomes == field && c.verdict == Exact {
			c.verdict, c.why = Approximated, why
			d.claims[n] = c
		}
	}
}

// back gives a diagnostic of the tenant the place in the input that it is made of.
func (d *Draft) back(f diag.Diagnostic) diag.Diagnostic {
	n := d.root
	at := d.Docs[0].Root.At
	for _, e := range f.Path {
		if n = n.Find(diag.Path{e}); n == nil {
			break
		}
		if !n.At.IsZero() {
			at = n.At
		}
	}
	f.Range, f.Source, f.Fix, f.Related = at.Range(), "", nil, nil
	return f
}

// renderedFacts are the facts of what is rendered.
func (d *Draft) renderedFacts(files []provider.File, id string) ([]Fact, error) {
	var docs []*Document
	for _, f := range files {
		found, diags := parse(f.Name, f.Data, d.Options.Limits)
		if diags.HasErrors() {
			return nil, &unreadableError{f.Name, diags[0].Message}
		}
		docs = append(docs, found...)
	}
	return d.format.Facts(d, docs, id), nil
}

// unreadableError is of a rendered file that cannot be read.
type unreadableError struct{ name, message string }

func (e *unreadableError) Error() string { return "rendered " + e.name + ": " + e.message }
