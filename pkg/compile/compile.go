// Package compile is the pipeline from authors' specs to plans and diagnostics.
package compile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"time"

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

// Input is one request: what to compile, and what to return.
type Input struct {
	Paths []string // files, directories, dir/..., or "-"
	Spec  *Spec    // of a table test, in place of Paths
	Stdin io.Reader

	// FS is the file system of Paths, such as specs in memory; nil: the system's files. Imports
	// are resolved in it too. CUE that needs evaluation is ErrUnbounded unless
	// Evaluation.Unbounded is set: pass an untrusted spec as Stdin instead.
	FS fs.FS

	// Overlay replaces the contents of spec files, by their names in diagnostics. A file that
	// does not exist is added, if its directory exists.
	Overlay map[string][]byte

	// Memory, if set, keeps verdicts for the next run, which skips unchanged units.
	Memory *Memory

	Lang string   // language of standard input: cue, yaml or json; guessed if empty
	Tags []string // key=value for fields marked @tag

	// OptionalTags are further Tags, which may be unused.
	OptionalTags []string

	// Providers replace the provider of each tenant; empty: the tenant's own.
	Providers []string

	// Every returns all problems of a unit without limit, for programs rather than people.
	Every bool

	// PolicyNotes adds notes about the policies: rules that matched nothing in the run, and
	// policies that are slow because CUE evaluates them.
	PolicyNotes bool

	// Waivers, if set, counts what waivers let pass, and the caller reports those that have ended
	// or match nothing. Otherwise the run does.
	Waivers *waiver.Run

	// Coverage, if set, collects which rules of policies matched something.
	Coverage *Coverage

	// Accepted adds the warnings that workloads accept.
	Accepted bool

	// Render adds the native resources of each plan.
	Render bool

	// Facts asks for the facts of each plan too. Tenants are not compared with each other then:
	// that is left to [fleet.Judge].
	Facts bool

	Found func(units int) // if set, called once with the number of units to check

	// Early, if set, is called with the verdict on each unit as soon as it is there, whatever
	// became of those before it, and without what comparing units finds. Calls may be
	// concurrent. Workers are then not kept from getting ahead of yield.
	Early func(Unit)

	Jobs int // units checked at once; 0: the number of processors

	// Shard is the part of the units to check. The first shard reports problems of no unit,
	// such as a missing path; no shard reports unused tags.
	Shard Shard
}

// Tenant is the verdict on one tenant: a plan for each provider that accepts it.
type Tenant struct {
	Provider string // as the author wrote it; "" if it is not a text
	ID       string
	At       diag.Range // position of the id
	Plans    []*plan.Plan
	Files    [][]provider.File // of each plan, if Render is set
	Facts    []fleet.Facts     // of each plan, where the input asks for them

	data    *data.Node // as the author wrote or generated it
	natives []native
	failed  []error // *[ProviderError] and *[PanicError]
}

// Unit is the verdict on a file or a CUE package.
type Unit struct {
	Tenants     []Tenant
	Diagnostics diag.List

	// Count is the number of tenants in the unit, including those too broken to name.
	Count int

	// Skipped is whether this is another tool's file that dir/... found.
	Skipped bool

	file   string // or directory
	failed error  // *[PanicError], of reading it

	omitted int // number of omitted diagnostics, which the last one reports

	// show adds the source lines to diagnostics, and hides secrets.
	show func(diag.List)
}

// Path returns the file or directory of the unit, or "-"; "" for a unit with diagnostics about
// paths.
func (u Unit) Path() string { return u.file }

// Compile compiles all of the input. Diagnostics are problems of the specs. The error joins the
// failures of the tool itself: *fs.PathError for paths that do not exist, a *ProviderError for
// each provider that failed, a *PanicError for a mistake of this program. Everything else is
// still checked.
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

// worker checks one unit after another.
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
	observer Observer
	path     string // of the unit that is judged
	stage    string // current stage, for a *PanicError
	waivers  *waiver.Run
	full     bool // the unit already has more problems than are shown, so a tenant's first ones are enough

	newPolicies func() *policy.Judge
}

// unit loads and checks one unit, or returns its verdict from memory.
func (w *worker) unit(ctx context.Context, u find.Unit) (Unit, error) {
	begun := time.Now()
	w.path = u.Path
	if known, ok := w.input.Memory.recall(w.input, u); ok {
		w.observeUnit(ctx, known, true, begun)
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
		found.addTenant(withoutRefused(moveToSource(diags, doc.Root), loaded.Diagnostics).OnceEachValue())
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
	w.observeUnit(ctx, out, false, begun)
	if w.input.Memory != nil {
		paths, sure := w.loader.Depends(u, loaded)
		w.input.Memory.keep(w.input, u, out, paths, sure)
	}
	return out, nil
}

// withoutRefused removes diagnostics about a field that a closed definition refuses: its
// presence is the mistake, and already reported.
func withoutRefused(diags, loaded diag.List) diag.List {
	return slices.DeleteFunc(diags, func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(loaded, func(l diag.Diagnostic) bool { return l.Code == diag.UnknownField && l.Range == d.Range })
	})
}

func tenantOf(author *data.Node) Tenant {
	return Tenant{Provider: textOf(author, "provider"), ID: textOf(author, "id"), At: author.Locate(diag.At("id")).Value, data: author}
}

// tenant checks one tenant for its provider, or for those of the input.
func (w *worker) tenant(ctx context.Context, author *data.Node, broken bool) (Tenant, diag.List, error) {
	t := tenantOf(author)
	w.stage = "policy"
	names, wrong := w.providers(author)
	if len(names) == 0 {
		return t, attribute(wrong, t.ID, ""), nil
	}
	all := mistakes{list: attribute(wrong, t.ID, "")}
	for _, name := range names {
		begun, had := time.Now(), len(t.Plans)
		own := overridden(author, name)
		p, found, err := w.compileOrPart(ctx, own, name, broken)
		if own != author {
			found = moveToSource(found, own)
		}
		if err == nil && p != nil && !wrong.HasErrors() {
			var more diag.List
			more, err = w.addPlan(ctx, &t, p, own)
			found = append(found, more...)
		}
		if failed, ok := errors.AsType[*ProviderError](err); ok && ctx.Err() == nil {
			t.failed = append(t.failed, failed)
		} else if err != nil {
			return t, nil, err
		}
		w.observeTenant(ctx, t.ID, name, found, len(t.Plans) > had, begun)
		all.addProvider(attribute(found, t.ID, name))
	}
	if len(t.Plans) == len(names) {
		w.waivers.Judged(t.ID)
	}
	return t, all.list, nil
}

// addPlan adds a plan to a tenant, with its resources.
func (w *worker) addPlan(ctx context.Context, t *Tenant, p *plan.Plan, author *data.Node) (diag.List, error) {
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
			return locate(diags, author), err
		}
		t.Files = append(t.Files, files)
	}
	t.Plans, t.natives = append(t.Plans, p), natives
	return nil, nil
}

// compileOrPart compiles a tenant. If it has mistakes or unknown values, it reports the other
// mistakes too.
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

// compile compiles a tenant to a provider's plan, nil if there are errors.
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
		return nil, locate(diags, tenant), nil
	}
	if d, ok := target.(provider.Defaulter); ok {
		p.Defaults, err = callProvider(ctx, &w.caller, p, "Defaults", func() (map[string]string, error) { return d.Defaults(p) })
		if err != nil {
			return nil, locate(diags, tenant), err
		}
		if len(p.Defaults) == 0 {
			p.Defaults = nil // as decoded from JSON
		}
	}
	w.stage = "policy"
	var held diag.List
	if !w.options.SupplyOnly {
		held, err = w.policies.Plan(p, tenant)
	}
	diags = append(diags, w.waivers.Settle(held, p.ID)...)
	if err != nil || diags.HasErrors() {
		return nil, locate(diags, tenant), err
	}
	found, err := callProvider(ctx, &w.caller, p, "Validate", func() (diag.List, error) { return target.Validate(ctx, p) })
	if err != nil {
		return nil, locate(diags, tenant), err
	}
	if !w.input.Accepted {
		found = withoutAccepted(found, p)
	}
	addAcceptHelp(found)
	diags = locate(append(diags, w.waivers.Settle(found, p.ID)...), tenant)
	if diags.HasErrors() {
		return nil, diags, nil
	}
	return p, diags, nil
}

// check checks a tenant against a provider's schema, and returns it with defaults filled in. A
// compiled schema needs no CUE evaluator; CUE checks against a schema that cannot be compiled.
func (w *worker) check(tenant *data.Node, target provider.Provider) (*data.Node, diag.List, error) {
	s := target.Info().Schema
	if compiled := w.shapes[s.ImportPath](); compiled != nil {
		filled, diags := w.checker.Fill(compiled, tenant)
		return filled, diags, nil
	}
	return w.judge.Tenant(s, tenant)
}

// Workers returns the number of units that are checked at once.
func (in Input) Workers() int {
	if in.Jobs > 0 {
		return in.Jobs
	}
	return runtime.GOMAXPROCS(0)
}
