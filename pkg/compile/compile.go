// Package compile is the pipeline: what authors wrote goes in; plans, and what is
// wrong, come out.
package compile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
	"github.com/cuecompute/cuecompute/pkg/internal/relations"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/internal/unify"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// Input is one request: what to compile, and what to return of it.
type Input struct {
	Paths []string // files, directories, dir/..., or "-"
	Spec  *Spec    // of a table test, in place of Paths
	Stdin io.Reader

	// FS is where Paths are, such as specs in memory; nil: the system's files. What such
	// specs import is looked for there too, and CUE that has to be evaluated is ErrUnbounded
	// unless Evaluation.Unbounded asks for it: give a stranger's as Stdin.
	FS fs.FS

	// Overlay are texts that files of specs are judged as if they held, by their names as
	// diagnostics have them. Those that are not there are judged as if they were, where their
	// directory is.
	Overlay map[string][]byte

	// Memory, where there is one, spares the judging of what is as it was in the run before.
	Memory *Memory

	Lang string   // of standard input: cue, yaml or json; guessed where empty
	Tags []string // key=value for fields marked @tag

	// OptionalTags are further Tags, of which none has to be used.
	OptionalTags []string

	// Providers replace what each tenant names; empty: the tenant's own.
	Providers []string

	// Every asks for all problems of a unit, however many: not for people to read.
	Every bool

	// PolicyNotes asks for notes about the policies too: rules that matched nothing in the
	// whole run, and what CUE's evaluator judges by.
	PolicyNotes bool

	// Accepted asks for the warnings too about what workloads accept.
	Accepted bool

	// Render asks for the native resources of each plan too.
	Render bool

	// Facts asks for the facts of each plan too. Tenants are not compared with each other then:
	// that is left to [fleet.Judge].
	Facts bool

	Found func(units int) // if set, called once with how many units there are to judge

	Jobs int // units judged at once; 0: as many as processors

	// Shard is the part of the units that is judged. What is no unit's, such as a path
	// that does not exist, is reported by the first; whether a tag is unused, by none.
	Shard Shard
}

// Tenant is one tenant's verdict: a plan for each provider that takes it.
type Tenant struct {
	Provider string // that the author names; "" where that is no text
	ID       string
	At       diag.Range // where the id is written
	Plans    []*plan.Plan
	Files    [][]provider.File // of each plan, where the input asks for them
	Facts    []fleet.Facts     // of each plan, where the input asks for them

	data    *data.Node // what the author wrote, or had generated
	natives []native
	failed  []error // *[ProviderError] and *[PanicError]
}

// Unit is the verdict on what was read together: a file, or a CUE package.
type Unit struct {
	Tenants     []Tenant
	Diagnostics diag.List

	// Count is how many tenants the unit held, those too broken to name included.
	Count int

	// Skipped is whether this is a file of another tool, found by dir/... and not named.
	Skipped bool

	file   string // or directory
	failed error  // *[PanicError], of reading it

	omitted int // diagnostics, which the last of them says

	// show gives diagnostics the text of their lines, and hides what must not be shown.
	show func(diag.List)
}

// Path returns the file or directory that the unit was read from, or "-"; "" for a unit
// of diagnostics about paths.
func (u Unit) Path() string { return u.file }

// Compile compiles all of the input. Diagnostics are of the specs; the error joins
// what kept the tool itself from its work: *fs.PathError for paths that do not exist, and
// a *ProviderError for each provider that failed; a *PanicError for a mistake of this
// program. All that can be judged is, whatever the error.
func Compile(ctx context.Context, reg *provider.Registry, opts Options, in Input) ([]*plan.Plan, diag.List, error) {
	c, err := New(reg, opts)
	if err != nil {
		return nil, nil, err
	}
	defer c.Close()
	return c.Compile(ctx, in)
}

// Compile compiles all of the input: see [Compile].
func (c *Compiler) Compile(ctx context.Context, in Input) ([]*plan.Plan, diag.List, error) {
	var plans []*plan.Plan
	var diags diag.List
	err := c.Each(ctx, in, func(u Unit) error {
		for _, t := range u.Tenants {
			plans = append(plans, t.Plans...)
		}
		diags = append(diags, u.Diagnostics...)
		return nil
	})
	return plans, diags, err
}

// worker judges units one after another.
type worker struct {
	registry *provider.Registry
	options  Options
	input    Input
	library  *library.Library
	loader   *load.Loader
	shapes   shapes
	checker  shape.Checker
	judge    *unify.Judge
	policies *policy.Judge
	sources  []sources // of policies
	caller   caller
	stage    string // what is being done, for a *PanicError
	waivers  *waiver.Run
	full     bool // the unit has more problems than are shown: a tenant's first ones are enough

	newPolicies func() *policy.Judge
}

// unit takes one unit from files to verdict, or remembers it.
func (w *worker) unit(ctx context.Context, u find.Unit) (Unit, error) {
	if known, ok := w.input.Memory.recall(w.input, u); ok {
		return known, nil
	}
	w.stage = "load"
	var loaded *load.Loaded
	err := w.guarded(u.Path, "", func() (err error) {
		if s := w.input.Spec; s != nil {
			own := s.loaded
			own.Diagnostics = slices.Clone(own.Diagnostics)
			loaded = &own
			return nil
		}
		loaded, err = w.loader.Load(ctx, u)
		return err
	})
	if failed, ok := errors.AsType[*PanicError](err); ok {
		return Unit{Count: 1, file: u.Path, failed: failed}, nil
	}
	if err != nil {
		return Unit{}, err
	}
	out := Unit{Diagnostics: loaded.Diagnostics, Count: loaded.Tenants, Skipped: loaded.Skipped, file: u.Path}
	var roots []*data.Node
	broken := len(loaded.Documents) == 0
	found := mistakes{list: loaded.Diagnostics}
	if !w.input.Every {
		found.maximum = spare * w.options.Limits.Of(limit.Diagnostics)
	}
	for _, doc := range loaded.Documents {
		roots = append(roots, doc.Root)
		broken = broken || doc.Broken
		w.full = found.full()
		var t Tenant
		var diags diag.List
		err := w.guarded(u.Path, textOf(doc.Root, "id"), func() (err error) {
			t, diags, err = w.tenant(ctx, doc.Root, doc.Broken)
			return err
		})
		if failed, ok := errors.AsType[*PanicError](err); ok {
			t = tenantOf(doc.Root)
			t.failed = []error{failed}
		} else if err != nil {
			return Unit{}, err
		}
		out.Tenants = append(out.Tenants, t)
		found.addTenant(withoutRefused(traced(diags, doc.Root), loaded.Diagnostics).OnceEachValue())
	}
	out.Diagnostics = acceptedInComments(found.list, u.Files, loaded.Sources)
	out.Diagnostics.Sort()
	if !w.input.Every {
		shorten(out.Diagnostics, w.options.Limits)
		out.Diagnostics, out.omitted = truncate(out.Diagnostics, found.beyond, w.options.Limits)
	}
	out.show = func(diags diag.List) {
		quoteLines(diags, append(slices.Clip(w.sources), loaded.Sources)...)
		hideSecrets(diags, roots, broken)
	}
	out.show(out.Diagnostics)
	if w.input.Memory != nil {
		paths, sure := w.loader.Depends(u, loaded)
		w.input.Memory.keep(w.input, u, out, paths, sure)
	}
	return out, nil
}

// withoutRefused leaves out what is wrong with a field that a closed definition refuses: that it
// is there is the mistake, and reported.
func withoutRefused(diags, loaded diag.List) diag.List {
	return slices.DeleteFunc(diags, func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(loaded, func(l diag.Diagnostic) bool { return l.Code == diag.UnknownField && l.Range == d.Range })
	})
}

func tenantOf(author *data.Node) Tenant {
	return Tenant{Provider: textOf(author, "provider"), ID: textOf(author, "id"), At: author.Locate(diag.At("id")).Value, data: author}
}

// tenant judges one tenant for its provider, or for those that the input names.
func (w *worker) tenant(ctx context.Context, author *data.Node, broken bool) (Tenant, diag.List, error) {
	t := tenantOf(author)
	w.stage = "policy"
	names, wrong := w.providers(author)
	if len(names) == 0 {
		return t, attribute(wrong, t.ID, ""), nil
	}
	all := mistakes{list: attribute(wrong, t.ID, "")}
	for _, name := range names {
		own := overridden(author, name)
		p, found, err := w.compileOrPart(ctx, own, name, broken)
		if own != author {
			found = traced(found, own)
		}
		if err == nil && p != nil && !wrong.HasErrors() {
			var more diag.List
			more, err = w.take(ctx, &t, p, own)
			found = append(found, more...)
		}
		if failed, ok := errors.AsType[*ProviderError](err); ok && ctx.Err() == nil {
			t.failed = append(t.failed, failed)
		} else if err != nil {
			return t, nil, err
		}
		all.addProvider(attribute(found, t.ID, name))
	}
	if len(t.Plans) == len(names) {
		w.waivers.Judged(t.ID)
	}
	return t, all.list, nil
}

// take adds a plan to a tenant's, with what is made of it.
func (w *worker) take(ctx context.Context, t *Tenant, p *plan.Plan, author *data.Node) (diag.List, error) {
	target, err := w.registry.Get(p.Provider)
	if err != nil {
		return nil, err
	}
	natives, err := w.natives(ctx, target, p, author, t.natives)
	if err != nil {
		return nil, err
	}
	if w.input.Facts {
		facts, err := w.factsOf(ctx, target, p, author, natives[len(t.natives):])
		if err != nil {
			return nil, err
		}
		t.Facts = append(t.Facts, facts)
	}
	if w.input.Render {
		files, diags, err := w.render(ctx, target, p)
		if err != nil || diags.HasErrors() {
			return located(diags, author), err
		}
		t.Files = append(t.Files, files)
	}
	t.Plans, t.natives = append(t.Plans, p), natives
	return nil, nil
}

// compileOrPart compiles a tenant. Of one that has mistakes, or values that are unknown, it
// reports whatever else is wrong.
func (w *worker) compileOrPart(ctx context.Context, author *data.Node, name string, broken bool) (*plan.Plan, diag.List, error) {
	var diags diag.List
	if !broken {
		p, found, err := w.compile(ctx, author, name)
		if err != nil || p != nil {
			return p, found, err
		}
		diags = found
	}
	if w.full {
		return nil, diags, nil
	}
	target, err := w.registry.Get(name)
	if err != nil {
		return nil, nil, err
	}
	more, err := w.partly(ctx, author, target, diags)
	more = w.waivers.Settle(more, textOf(author, "id"))
	return nil, append(diags, others(more, diags)...), err
}

// compile takes a tenant to a provider's plan; nil where there are errors.
func (w *worker) compile(ctx context.Context, author *data.Node, name string) (*plan.Plan, diag.List, error) {
	target, err := w.registry.Get(name)
	if err != nil {
		return nil, nil, err
	}
	w.stage = "policy"
	tenant, filled, diags, err := w.policies.Tenant(withProvider(author, name), func(n *data.Node) (*data.Node, diag.List, error) {
		w.stage = "check"
		filled, diags, err := w.check(n, target)
		w.stage = "policy"
		return filled, diags, err
	})
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	w.stage = "plan"
	p, unbuilt := plan.Build(filled, tenant, name)
	diags = append(diags, unbuilt...)
	diags = append(diags, w.waivers.Settle(relations.Check(p, tenant), p.ID)...)
	if diags.HasErrors() {
		return nil, located(diags, tenant), nil
	}
	if d, ok := target.(provider.Defaulter); ok {
		p.Defaults, err = ask(ctx, &w.caller, p, "Defaults", func() (map[string]string, error) { return d.Defaults(p) })
		if err != nil {
			return nil, located(diags, tenant), err
		}
		if len(p.Defaults) == 0 {
			p.Defaults = nil // as it is read back
		}
	}
	w.stage = "policy"
	var held diag.List
	if !w.options.SupplyOnly {
		held, err = w.policies.Plan(p, tenant)
	}
	diags = append(diags, w.waivers.Settle(held, p.ID)...)
	if err != nil || diags.HasErrors() {
		return nil, located(diags, tenant), err
	}
	found, err := ask(ctx, &w.caller, p, "Validate", func() (diag.List, error) { return target.Validate(ctx, p) })
	if err != nil {
		return nil, located(diags, tenant), err
	}
	if !w.input.Accepted {
		found = withoutAccepted(found, p)
	}
	acceptable(found)
	diags = located(append(diags, w.waivers.Settle(found, p.ID)...), tenant)
	if diags.HasErrors() {
		return nil, diags, nil
	}
	return p, diags, nil
}

// check judges a tenant by a provider's schema, and returns it with defaults filled in.
// Data against a compiled schema never meets CUE's evaluator; a
// schema with constructs that cannot be compiled is judged by CUE itself.
func (w *worker) check(tenant *data.Node, target provider.Provider) (*data.Node, diag.List, error) {
	s := target.Info().Schema
	if compiled := w.shapes[s.ImportPath](); compiled != nil {
		filled, diags := w.checker.Fill(compiled, tenant)
		return filled, diags, nil
	}
	return w.judge.Tenant(s, tenant)
}

// Workers returns how many units are judged at once.
func (in Input) Workers() int {
	if in.Jobs > 0 {
		return in.Jobs
	}
	return runtime.GOMAXPROCS(0)
}
