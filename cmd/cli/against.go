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

// failOnEffects are the effects that --fail-on accepts.
var failOnEffects = []provider.Effect{provider.InPlace, provider.Rolling, provider.Replacement, provider.EffectDestroy, provider.DataLoss}

func effects() []string {
	names := make([]string, len(failOnEffects))
	for i, e := range failOnEffects {
		names[i] = string(e)
	}
	return names
}

// comparing configures plan --against.
type comparing struct {
	against  []string // the old specs: paths, or git:REV
	policies []string // the old policies, likewise; if there are none, today's supply values but refuse nothing
	format   string
	failOn   provider.Effect
	links    [2]string // templates of addresses in Markdown, of the old and the new side
}

// writer returns the writer for the format.
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
			return difference.WriteMarkdown(w, d, difference.Markdown{OldLink: placeLink(old), NewLink: placeLink(now)})
		}, nil
	case "text":
		return difference.WriteText, nil
	}
	return nil, usage("unknown format %q: with --against known are json, markdown, text", o.format)
}

// placeLink converts a link for lines to one for positions; it returns nil for nil.
func placeLink(link func(string, int) string) func(difference.Place) string {
	if link == nil {
		return nil
	}
	return func(p difference.Place) string { return link(p.File, p.Line) }
}

// against prints the differences from the old specs.
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
	x.Rename, x.Policies = a.revisions.called, len(o.policies) > 0
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

// differs reports whether a difference is at least as severe as an effect. A tenant that cannot
// be compared counts.
func differs(d *difference.Difference, failOn provider.Effect) bool {
	return len(d.NotComparable) > 0 || len(d.Tenants) > 0 && (failOn == "" || d.Summary.Worst.AtLeast(failOn))
}

// oldSide compiles the old specs. Their errors are not reported: a tenant with errors is not
// compared.
func (a *app) oldSide(c *cobra.Command, x *difference.Comparison, old *oldSpecs) error {
	err := compile.Each(c.Context(), a.registry, old.input.Options, old.input.Input, func(u compile.Unit) error {
		u.Diagnostics = a.revisions.forPeople(withoutEmpty(u))
		if u.Path() != "" {
			old.tenants += u.Count
		}
		return eachPlan(u, old.input.Providers, fileOf(old.file, u), func(p *plan.Plan, author diag.Locator) error {
			x.Old(p, author)
			old.sound[p.ID] = true
			return nil
		}, x.OldUnsound)
	})
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		x.OldUnsound(difference.Unsound{Cause: difference.CauseOf(a.revisions.forPeople(broken.Diagnostics))})
		return nil
	}
	var rest []error
	for _, err := range split(err) {
		if err != nil && !errors.Is(err, compile.ErrTag) { // a tag that only the new specs use
			rest = append(rest, err)
		}
	}
	return errors.Join(rest...)
}

// newSide compiles the new specs, reports their errors on standard error, and returns whether
// there are none.
func (a *app) newSide(c *cobra.Command, x *difference.Comparison, in compilation, old *oldSpecs) (bool, error) {
	before := a.code
	a.code = exitOK
	out, err := report.New("text", a.stderr, a.reportOptions(a.stderr, in))
	if err != nil {
		return false, err
	}
	var sum report.Summary
	err = compile.Each(c.Context(), a.registry, in.Options, in.Input, func(u compile.Unit) error {
		if old.tenants > 0 { // without old tenants, an empty path is a mistake
			u.Diagnostics = withoutEmpty(u)
		}
		shown := u
		if x.Policies {
			shown.Diagnostics = old.withoutRefusals(u.Diagnostics)
		}
		if err := a.count(&sum, shown, out, false); err != nil {
			return err
		}
		u.Diagnostics = a.revisions.forPeople(withoutEmpty(u))
		return eachPlan(u, in.Providers, fileOf(absolute, u), x.New, x.NewUnsound)
	})
	err = errors.Join(a.policyErrors(err, &sum, out), out.Close(sum))
	clean := a.code == exitOK
	a.raise(before)
	return clean, err
}

// eachPlan calls take with a unit's plans, and unsound with its tenants that have errors.
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

// wanted returns the providers that a tenant is compiled for, "" if unknown.
func wanted(t compile.Tenant, providers []string) []string {
	if len(providers) > 0 {
		return providers
	}
	return []string{t.Provider}
}

// fileOf returns the common name of a unit's file on both sides, "" if the unit may contain any
// tenant, such as one beyond a limit of the run.
func fileOf(name func(string) string, u compile.Unit) string {
	tooMuch := func(d diag.Diagnostic) bool { return d.Code == diag.Limit && d.Tenant == "" }
	if u.Path() == "" || slices.ContainsFunc(u.Diagnostics, tooMuch) {
		return ""
	}
	return name(u.Path())
}

// withoutEmpty returns a unit's diagnostics without those of directories that contain no spec.
func withoutEmpty(u compile.Unit) diag.List {
	if u.Path() != "" {
		return u.Diagnostics
	}
	return slices.DeleteFunc(slices.Clone(u.Diagnostics), func(d diag.Diagnostic) bool {
		info, err := os.Stat(d.File)
		return d.Code == diag.NotATenant && err == nil && info.IsDir()
	})
}

// oldSpecs are the specs of the old side.
type oldSpecs struct {
	input   compilation
	inGit   bool              // whether both sides are the same paths
	roots   map[string]string // of files from Git: their directory, and their original one
	sparse  int               // number of files that are missing
	tenants int               // number of tenants found, including broken ones
	sound   map[string]bool   // ids of those with a plan
}

// old finds the specs of --against. New paths that no longer exist, but existed at the
// revision, are removed from the input: their tenants are gone.
func (a *app) old(ctx context.Context, in *compilation, against []string) (*oldSpecs, error) {
	o := &oldSpecs{input: *in, inGit: true, roots: map[string]string{}, sound: map[string]bool{}}
	o.input.Paths, o.input.Shard = nil, compile.Shard{} // a shard's old paths may differ
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

// isGone reports whether a path does not exist: a file, a directory, or dir/...
func isGone(path string) bool {
	if dir, ok := strings.CutSuffix(filepath.ToSlash(path), "/..."); ok {
		path = filepath.FromSlash(dir)
	}
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// oldPolicies finds the policies of the old specs: those of --policy-against, or else today's,
// which then refuse nothing.
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
	known := o.input.Policies.Texts // of pipes, which can be read only once
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

// withoutRefusals returns diagnostics without what policies have against tenants that were sound:
// the difference lists them as newly refused.
func (o *oldSpecs) withoutRefusals(diags diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(diags), func(d diag.Diagnostic) bool {
		was := !slices.ContainsFunc(strings.Split(d.Tenant, ","), func(id string) bool { return !o.sound[id] })
		return d.Severity == diag.Error && d.Code == diag.Policy && was
	})
}

// file returns the path in the work tree of an old file.
func (o *oldSpecs) file(name string) string {
	for root, was := range o.roots {
		if inside, err := filepath.Rel(root, name); err == nil && filepath.IsLocal(inside) {
			return filepath.Join(was, inside)
		}
	}
	return ""
}

// absolute returns the absolute name of a file.
func absolute(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	return full
}

// onlyErrors returns the errors of old specs: warnings and notes are reported for the new ones.
func onlyErrors(diags diag.List) diag.List {
	return diags.Without(diag.Warning).Without(diag.Note)
}
