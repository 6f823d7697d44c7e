package compile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue/build"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/internal/unify"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// PolicyError is returned if the policies have mistakes.
type PolicyError struct{ Diagnostics diag.List }

// Error returns the number of mistakes in the policies.
func (e *PolicyError) Error() string {
	return fmt.Sprintf("the policies have %d problems", len(e.Diagnostics))
}

// Compiler holds a registry's compiled schemas for any number of runs. It is safe for
// concurrent use; it ignores providers that are registered later.
type Compiler struct {
	registry *provider.Registry
	options  Options
	library  *library.Library
	shapes   shapes
	pool     *sandbox.Pool
	observer Observer // nil where nothing observes
	policies policiesInForce
}

// New makes a compiler for a registry. It reads no file: the first run reads policies, or
// [Compiler.SetPolicies] does. It returns an error for invalid Options, or for a provider whose
// schema has no files.
func New(reg *provider.Registry, opts Options) (*Compiler, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	reg, err := asItIs(reg)
	if err != nil {
		return nil, err
	}
	lib, err := libraryOf(reg)
	if err != nil {
		return nil, err
	}
	compiled, err := shapesOf(reg, lib)
	if err != nil {
		return nil, err
	}
	pool, err := newPool(opts)
	if err != nil {
		return nil, err
	}
	c := &Compiler{registry: reg, options: opts, library: lib, shapes: compiled, pool: pool, observer: opts.observer()}
	c.policies.set(newRuleset(opts.Policies))
	return c, nil
}

// asItIs copies a registry: a provider that is registered later has no schema in the compiler.
func asItIs(reg *provider.Registry) (*provider.Registry, error) {
	now := &provider.Registry{}
	for _, p := range reg.All() {
		if err := now.Register(p); err != nil {
			return nil, err
		}
	}
	return now, nil
}

// Each compiles the input with a new compiler: see [Compiler.Each].
func Each(ctx context.Context, reg *provider.Registry, opts Options, in Input, yield func(Unit) error) error {
	c, err := New(reg, opts)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Each(ctx, in, yield)
}

// Each compiles the input and calls yield with the verdict on each unit, in the order of the
// input, however many are checked at once. It keeps only the tenants' ids and the names of
// their resources. An error of yield ends the run and is returned.
func (c *Compiler) Each(ctx context.Context, in Input, yield func(Unit) error) error {
	tags, err := load.NewTags(slices.Concat(in.Tags, in.OptionalTags))
	if err != nil {
		return err
	}
	if err := errors.Join(checkRegistered(c.registry, in.Providers), in.Shard.check(), in.check()); err != nil {
		return err
	}
	rules := c.policies.get()
	set, err := rules.read(c, tags)
	if err != nil {
		return err
	}
	tags = in.Memory.begin(set.Policies(), tags)
	units, diags, missing := find.Find(ctx, in.disk(), in.Paths)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if in.Spec != nil {
		units, diags, missing = []find.Unit{{Path: in.Spec.path}}, nil, nil
	}
	units = slices.DeleteFunc(units, func(u find.Unit) bool { return !in.Shard.contains(u) || rules.of.contains(u) })
	if in.Found != nil {
		in.Found(len(units))
	}
	if !in.Shard.first() {
		diags, missing = nil, nil
	}
	waivers := in.Waivers
	if waivers == nil {
		waivers = c.options.Rules.Run()
	}
	workers := make([]*worker, min(in.Workers(), max(len(units), 1)))
	evaluator := c.evaluator(c.options.Evaluation)
	for i := range workers {
		workers[i] = c.worker(in, tags, set, evaluator, waivers)
		defer workers[i].caller.end()
	}
	if len(diags) > 0 {
		if err := yield(Unit{Diagnostics: diags, Count: len(diags)}); err != nil {
			return err
		}
	}
	var failed failures
	judged := 0
	var held counts
	counted := func(u Unit) error {
		held.add(u)
		if u.failed != nil {
			failed.add([]error{u.failed})
		}
		for _, t := range u.Tenants {
			failed.add(t.failed)
		}
		judged += len(u.Tenants)
		return yield(u)
	}
	compared := counted
	if !in.Facts {
		compared = unique(c.options.Limits, in.Every, counted)
	}
	tell := limitTenants(c.options.Limits, compared, yield)
	err = inOrder(ctx, workers, units, in.Early, tell)
	if errors.Is(err, errTenants) {
		return errors.Join(missing, failed.err())
	}
	if err != nil {
		return errors.Join(err, failed.err())
	}
	if in.Coverage != nil {
		in.Coverage.rules.Add(set)
	}
	if err := c.yieldNotes(set, in, judged, yield); err != nil {
		return errors.Join(err, failed.err())
	}
	if diags := c.waiverProblems(in, waivers); len(diags) > 0 {
		if err := yield(Unit{Diagnostics: diags}); err != nil {
			return errors.Join(err, failed.err())
		}
	}
	if !in.Shard.whole() {
		return errors.Join(missing, failed.err()) // an unused tag or a missing tenant may belong to another shard
	}
	if diags := held.noTenants(in.Paths); len(diags) > 0 && missing == nil {
		if err := yield(Unit{Diagnostics: diags}); err != nil {
			return err
		}
	}
	return errors.Join(missing, failed.err(), tags.Unused(in.OptionalTags))
}

// counts are the numbers of tenants and of other tools' files in a run.
type counts struct{ tenants, skipped, diags int }

func (c *counts) add(u Unit) {
	c.tenants += u.Count
	c.diags += len(u.Diagnostics)
	if u.Skipped {
		c.skipped++
	}
}

// noTenants reports a run that skipped files and found no tenant: its paths are probably wrong.
func (c *counts) noTenants(paths []string) (diags diag.List) {
	if c.tenants == 0 && c.diags == 0 && c.skipped > 0 {
		d := diags.Errorf(diag.NotATenant, nil, "no tenant here: other tools' files were skipped")
		d.File = strings.Join(paths, " ")
	}
	return diags
}

func libraryOf(reg *provider.Registry) (*library.Library, error) {
	var all []provider.Provider
	for _, name := range reg.Names() {
		p, err := reg.Get(name)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return library.Of(all...)
}

// shapes are the providers' compiled schemas, each compiled on first use. It is nil for a
// schema that cannot be compiled: CUE checks against that one, more slowly.
type shapes map[string]func() *shape.Shape

func shapesOf(reg *provider.Registry, lib *library.Library) (shapes, error) {
	all := shapes{}
	for _, name := range reg.Names() {
		p, err := reg.Get(name)
		if err != nil {
			return nil, err
		}
		own := p.Info().Schema
		all[own.ImportPath] = sync.OnceValue(func() *shape.Shape {
			s, err := shape.Of(lib, own.ImportPath, own.Compiled)
			if err != nil {
				return nil
			}
			return s
		})
	}
	return all, nil
}

// CheckSchema returns an error if a provider's schema cannot be compiled: it names the first
// unsupported construct and its position. CUE itself then checks that provider's tenants, about
// ten times slower.
func CheckSchema(p provider.Provider) error {
	lib, err := library.Of(p)
	if err == nil {
		_, err = shape.Compile(lib, p.Info().Schema.ImportPath)
	}
	return err
}

func (c *Compiler) worker(in Input, tags *load.Tags, set *policy.Set, evaluator load.Evaluator, waivers *waiver.Run) *worker {
	if in.FS != nil {
		evaluator.Pool = nil // a child cannot read the files
	}
	w := &worker{
		registry: c.registry,
		observer: c.observer,
		options:  c.options,
		input:    in,
		library:  c.library,
		loader: load.New(c.library, load.Options{
			Tags: tags, Stdin: in.Stdin, Lang: in.Lang, FS: in.FS, Overlay: in.Overlay, Limits: c.options.Limits, Evaluator: evaluator,
		}),
		waivers: waivers,
		shapes:  c.shapes,
		judge:   unify.New(c.library),
	}
	w.newPolicies = func() *policy.Judge {
		j := policy.NewJudge(set, c.library, func(p *policy.Policy) (*build.Instance, diag.List) {
			inst, _, diags := c.policyLoader(tags).Instance(p.Path, p.Text)
			return inst, diags
		})
		j.SupplyOnly, j.Settle = c.options.SupplyOnly, waivers.Settle
		return j
	}
	w.policies = w.newPolicies()
	for _, p := range set.Policies() {
		w.sources = append(w.sources, p.Sources())
	}
	return w
}

type task struct {
	unit find.Unit
	done chan result
}

type result struct {
	unit Unit
	err  error
}

// inOrder distributes units over workers, and yields their verdicts in the units' order. early,
// if it is not nil, gets each at once.
func inOrder(ctx context.Context, workers []*worker, units []find.Unit, early func(Unit), yield func(Unit) error) error {
	ctx, cancel := context.WithCancel(ctx)
	ahead := 4 * len(workers) // limits how far workers get ahead of yield
	if early != nil {
		ahead = max(ahead, len(units))
	}
	tasks, order := make(chan task, ahead), make(chan task, ahead)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	wg.Go(func() {
		defer close(tasks)
		defer close(order)
		for _, u := range units {
			t := task{u, make(chan result, 1)}
			for _, c := range []chan task{order, tasks} {
				select {
				case c <- t:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for _, w := range workers {
		wg.Go(func() {
			for t := range tasks {
				u, err := w.unit(ctx, t.unit)
				if err == nil && early != nil {
					early(u)
				}
				t.done <- result{u, err}
			}
		})
	}
	for t := range order {
		select {
		case r := <-t.done:
			if r.err != nil {
				return r.err
			}
			if err := yield(r.unit); err != nil {
				return err
			}
		case <-ctx.Done():
			wg.Wait()
			return unfinished(ctx, t, order)
		}
	}
	return ctx.Err()
}

// unfinished returns the error of a run whose context ended before its workers: that of a
// provider which ignores the context, if there is one.
func unfinished(ctx context.Context, t task, rest <-chan task) error {
	for ok := true; ok; t, ok = <-rest {
		select {
		case r := <-t.done:
			if stuck, ok := errors.AsType[*ProviderError](r.err); ok {
				return stuck
			}
		default: // not started
		}
	}
	return ctx.Err()
}
