package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// failable are the effects that --fail-on takes.
var failable = []provider.Effect{provider.InPlace, provider.Rolling, provider.Replacement, provider.EffectDestroy, provider.DataLoss}

func effects() []string {
	names := make([]string, len(failable))
	for i, e := range failable {
		names[i] = string(e)
	}
	return names
}

// comparing says what plan --against compares, and how it is printed.
type comparing struct {
	against  []string // the old specs: paths, or git:REV
	policies []string // the old policies, likewise; none: today's supply, and refuse nothing
	format   string
	failOn   provider.Effect
	links    [2]string // templates of addresses in Markdown, of the old side and the new
}

// writer writes a difference in the format.
func (o comparing) writer() (func(io.Writer, *difference.Difference) error, error) {
	old, err := links("link-against", o.links[0])
	if err != nil {
		return nil, err
	}
	now, err := links("link", o.links[1])
	if err != nil {
		return nil, err
	}
	switch o.format {
	case "json":
		return func(w io.Writer, d *difference.Difference) error { return writeJSON(w, d) }, nil
	case "markdown":
		return func(w io.Writer, d *difference.Difference) error {
			return difference.WriteMarkdown(w, d, difference.Markdown{OldLink: placed(old), NewLink: placed(now)})
		}, nil
	case "text":
		return difference.WriteText, nil
	}
	return nil, usage("unknown format %q: with --against known are json, markdown, text", o.format)
}

// placed makes the address of a place with what makes that of a line; nil of nil.
func placed(link func(string, int) string) func(difference.Place) string {
	if link == nil {
		return nil
	}
	return func(p difference.Place) string { return link(p.File, p.Line) }
}

// against prints what differs from old specs.
func (a *app) against(c *cobra.Command, in compilation, o comparing) error {
	write, err := o.writer()
	switch {
	case err != nil:
		return err
	case in.Shard != compile.Shard{}:
		return usage("--against takes no --shard: old specs may be in other shards than the new ones")
	}
	old, err := a.old(c.Context(), &in, o.against)
	if err != nil {
		return err
	}
	if err := a.oldPolicies(c.Context(), old, o.policies); err != nil {
		return err
	}
	x := difference.NewComparison(a.registry)
	x.Rename = a.revisions.called
	if old.inGit {
		x.OldFile, x.NewFile = old.file, absolute
	}
	if err := a.oldSide(c, x, old); err != nil {
		return err
	}
	clean, err := a.newSide(c, x, in, old)
	if err != nil {
		return err
	}
	d, err := x.Difference()
	if err != nil {
		return err
	}
	d.Summary.Sparse = old.sparse
	if clean && differs(d, o.failOn) {
		a.raise(exitDiffers)
	}
	return write(a.stdout, d)
}

// differs reports whether anything differs that is as bad as an effect, or worse. What is
// not comparable may be.
func differs(d *difference.Difference, failOn provider.Effect) bool {
	return len(d.NotComparable) > 0 || len(d.Tenants) > 0 && (failOn == "" || d.Summary.Worst.AtLeast(failOn))
}

// oldSide compiles the old specs. Their errors are nobody's to fix: the tenants that have
// some are not compared.
func (a *app) oldSide(c *cobra.Command, x *difference.Comparison, old *oldSpecs) error {
	err := compile.Each(c.Context(), a.registry, old.input.Options, old.input.Input, func(u compile.Unit) error {
		u.Diagnostics = a.revisions.calledIn(withoutEmpty(u))
		if u.Path() != "" {
			old.tenants += u.Count
		}
		return eachPlan(u, old.input.Providers, fileOf(old.file, u), func(p *plan.Plan, author diag.Locator) error {
			x.Old(p, author)
			return nil
		}, x.OldUnsound)
	})
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		x.OldUnsound(difference.Unsound{Cause: difference.CauseOf(a.revisions.calledIn(broken.Diagnostics))})
		return nil
	}
	var rest []error
	for _, err := range split(err) {
		if err != nil && !errors.Is(err, compile.ErrTag) { // a tag that only the new specs ask for
			rest = append(rest, err)
		}
	}
	return errors.Join(rest...)
}

// newSide compiles the new specs, and reports whether they have no errors, which go to
// standard error.
func (a *app) newSide(c *cobra.Command, x *difference.Comparison, in compilation, old *oldSpecs) (bool, error) {
	before := a.code
	a.code = exitOK
	out, err := report.New("text", a.stderr, a.reportOptions(a.stderr, in))
	if err != nil {
		return false, err
	}
	var sum report.Summary
	err = compile.Each(c.Context(), a.registry, in.Options, in.Input, func(u compile.Unit) error {
		if old.tenants > 0 { // else nothing is gone: a mistake of the path
			u.Diagnostics = withoutEmpty(u)
		}
		if err := a.count(&sum, u, out, false); err != nil {
			return err
		}
		u.Diagnostics = withoutEmpty(u)
		return eachPlan(u, in.Providers, fileOf(absolute, u), x.New, x.NewUnsound)
	})
	err = errors.Join(a.policyErrors(err, &sum, out), out.Close(sum))
	clean := a.code == exitOK
	a.raise(before)
	return clean, err
}

// eachPlan gives a unit's plans to take, and what has errors to unsound.
func eachPlan(u compile.Unit, providers []string, file string, take func(*plan.Plan, diag.Locator) error, unsound func(difference.Unsound)) error {
	named := false
	for _, t := range u.Tenants {
		for _, p := range t.Plans {
			if err := take(p, t.For(p.Provider)); err != nil {
				return err
			}
		}
		if t.ID == "" {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(u.Diagnostics), func(d diag.Diagnostic) bool {
			return d.Severity != diag.Error || !slices.Contains(strings.Split(d.Tenant, ", "), t.ID)
		})
		if len(own) == 0 {
			continue
		}
		named = true
		for _, name := range wanted(t, providers) {
			if !slices.ContainsFunc(t.Plans, func(p *plan.Plan) bool { return p.Provider == name }) {
				unsound(difference.Unsound{ID: t.ID, Provider: name, File: file, Cause: difference.CauseOf(own)})
			}
		}
	}
	if u.Diagnostics.HasErrors() && !named {
		unsound(difference.Unsound{File: file, Cause: difference.CauseOf(u.Diagnostics)})
	}
	return nil
}

// wanted are the providers that a tenant is compiled for; "" where that is not known.
func wanted(t compile.Tenant, providers []string) []string {
	if len(providers) > 0 {
		return providers
	}
	return []string{t.Provider}
}

// fileOf is the name of what a unit was read from that both sides know it by; "" for one
// that may hold any tenant, such as all beyond the limit of a run.
func fileOf(name func(string) string, u compile.Unit) string {
	tooMuch := func(d diag.Diagnostic) bool { return d.Code == diag.Limit && d.Tenant == "" }
	if u.Path() == "" || slices.ContainsFunc(u.Diagnostics, tooMuch) {
		return ""
	}
	return name(u.Path())
}

// withoutEmpty are a unit's diagnostics but for those of directories that hold no spec.
func withoutEmpty(u compile.Unit) diag.List {
	if u.Path() != "" {
		return u.Diagnostics
	}
	return slices.DeleteFunc(slices.Clone(u.Diagnostics), func(d diag.Diagnostic) bool {
		info, err := os.Stat(d.File)
		return d.Code == diag.NotATenant && err == nil && info.IsDir()
	})
}

// oldSpecs are specs as they were.
type oldSpecs struct {
	input   compilation
	inGit   bool              // whether both sides are the same paths
	roots   map[string]string // of files taken out of Git: where they are, and where they were
	sparse  int               // files that are left out
	tenants int               // how many were found, broken ones included
}

// old finds the specs of --against. New paths that are there no more, but were at the
// revision, are taken out of the input: their tenants are gone.
func (a *app) old(ctx context.Context, in *compilation, against []string) (*oldSpecs, error) {
	o := &oldSpecs{input: *in, inGit: true, roots: map[string]string{}}
	o.input.Paths, o.input.Shard = nil, compile.Shard{} // old paths may fall in other shards
	was := map[string]bool{}
	for _, path := range against {
		rev, isGit := strings.CutPrefix(path, gitPrefix)
		switch {
		case !isGit && path == "-" && slices.Contains(in.Paths, "-"):
			return nil, usage("standard input is either the old spec or the new one")
		case !isGit:
			o.inGit = false
			o.input.Paths = append(o.input.Paths, path)
			continue
		case slices.Contains(in.Paths, "-"):
			return nil, usage("%s: standard input is in no repository", path)
		}
		for _, path := range in.Paths {
			taken, err := a.revisions.take(ctx, rev, path)
			if err != nil {
				return nil, err
			}
			o.sparse += taken.Sparse
			o.roots[taken.Now] = taken.Root
			was[path] = was[path] || taken.Path != "" || taken.Sparse > 0
			if taken.Path != "" {
				o.input.Paths = append(o.input.Paths, taken.Path)
			}
		}
	}
	in.Paths = slices.DeleteFunc(slices.Clone(in.Paths), func(path string) bool { return was[path] && isGone(path) })
	return o, nil
}

// isGone reports whether nothing is at a path: a file, a directory, or dir/...
func isGone(path string) bool {
	if dir, ok := strings.CutSuffix(filepath.ToSlash(path), "/..."); ok {
		path = filepath.FromSlash(dir)
	}
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// oldPolicies finds the policies of the old specs: those of --policy-against, or else
// today's, which then refuse nothing.
func (a *app) oldPolicies(ctx context.Context, o *oldSpecs, policies []string) error {
	if len(policies) == 0 {
		o.input.SupplyOnly = true
		return nil
	}
	o.input.Policies.Files = nil
	for _, p := range policies {
		var files []string
		var err error
		if rev, path, isGit := splitRevision(p); isGit && path == "" {
			files, err = a.policiesAt(ctx, rev, a.policies)
		} else {
			files, err = a.policyFiles(ctx, []string{p})
		}
		if err != nil {
			return err
		}
		o.input.Policies.Files = append(o.input.Policies.Files, files...)
	}
	known := o.input.Policies.Texts // of pipes, which can be read but once
	unread := slices.DeleteFunc(slices.Clone(o.input.Policies.Files), func(file string) bool { return known[file] != nil })
	texts, err := fromPipes(ctx, unread, o.input.Limits.Of(limit.FileBytes))
	if err != nil {
		return err
	}
	for _, file := range o.input.Policies.Files {
		if text, ok := known[file]; ok {
			texts[file] = text
		}
	}
	o.input.Policies.Texts = texts
	return nil
}

// file is where an old file was in the work tree.
func (o *oldSpecs) file(name string) string {
	for root, was := range o.roots {
		if inside, err := filepath.Rel(root, name); err == nil && filepath.IsLocal(inside) {
			return filepath.Join(was, inside)
		}
	}
	return ""
}

// absolute is a file's name that does not depend on where it is named.
func absolute(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	return full
}

// errorsAlone makes the diagnostics of old specs: what else there is to say is said of the
// new ones.
func errorsAlone(diags diag.List) diag.List {
	return diags.Without(diag.Warning).Without(diag.Note)
}
