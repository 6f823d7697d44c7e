package providertest_test

import (
	"context"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// fault is a provider that breaks one promise, the check that is meant to catch it, and a
// part of what that check says.
type fault struct {
	what, check, message string
	fresh                func() provider.Provider
}

// faulty is sound but for the methods that are given.
type faulty struct {
	sound
	info      func(*provider.Info)
	validate  func(context.Context, *plan.Plan) (diag.List, error)
	provision func(context.Context, *plan.Plan) (provider.Result, error)
	update    func(context.Context, *plan.Plan) (provider.Result, error)
	destroy   func(context.Context, string) (provider.Result, error)
	status    func(context.Context, string) (provider.Status, error)
	render    func(context.Context, *plan.Plan) ([]provider.File, error)
	names     func(*plan.Plan) ([]provider.NativeName, error)
	changes   func(from, to *plan.Plan) ([]provider.Change, error)
	list      func(context.Context) ([]provider.Status, error)
	record    func(context.Context, string) (*provider.Record, error)
	updateIf  func(context.Context, *plan.Plan, provider.Condition) (provider.Result, error)
	destroyIf func(context.Context, string, provider.Condition) (provider.Result, error)
}

func (f *faulty) Info() provider.Info {
	i := f.sound.Info()
	if f.info != nil {
		f.info(&i)
	}
	return i
}

func (f *faulty) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	if f.validate != nil {
		return f.validate(ctx, p)
	}
	return f.sound.Validate(ctx, p)
}

func (f *faulty) Provision(ctx context.Context, p *plan.Plan) (provider.Result, error) {
	if f.provision != nil {
		return f.provision(ctx, p)
	}
	return f.sound.Provision(ctx, p)
}

func (f *faulty) Update(ctx context.Context, p *plan.Plan) (provider.Result, error) {
	if f.update != nil {
		return f.update(ctx, p)
	}
	return f.sound.Update(ctx, p)
}

func (f *faulty) Destroy(ctx context.Context, id string) (provider.Result, error) {
	if f.destroy != nil {
		return f.destroy(ctx, id)
	}
	return f.sound.Destroy(ctx, id)
}

func (f *faulty) GetStatus(ctx context.Context, id string) (provider.Status, error) {
	if f.status != nil {
		return f.status(ctx, id)
	}
	return f.sound.GetStatus(ctx, id)
}

func (f *faulty) List(ctx context.Context) ([]provider.Status, error) {
	if f.list != nil {
		return f.list(ctx)
	}
	return f.sound.List(ctx)
}

func (f *faulty) GetRecord(ctx context.Context, id string) (*provider.Record, error) {
	if f.record != nil {
		return f.record(ctx, id)
	}
	return f.sound.GetRecord(ctx, id)
}

func (f *faulty) UpdateIf(ctx context.Context, p *plan.Plan, c provider.Condition) (provider.Result, error) {
	if f.updateIf != nil {
		return f.updateIf(ctx, p, c)
	}
	return f.sound.UpdateIf(ctx, p, c)
}

func (f *faulty) DestroyIf(ctx context.Context, id string, c provider.Condition) (provider.Result, error) {
	if f.destroyIf != nil {
		return f.destroyIf(ctx, id, c)
	}
	return f.sound.DestroyIf(ctx, id, c)
}

func (f *faulty) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	if f.render != nil {
		return f.render(ctx, p)
	}
	return f.sound.Render(ctx, p)
}

func (f *faulty) Names(p *plan.Plan) ([]provider.NativeName, error) {
	if f.names != nil {
		return f.names(p)
	}
	return f.sound.Names(p)
}

func (f *faulty) Changes(from, to *plan.Plan) ([]provider.Change, error) {
	if f.changes != nil {
		return f.changes(from, to)
	}
	return f.sound.Changes(from, to)
}

// but makes a provider that is sound but for what spoil does to it.
func but(spoil func(*faulty)) func() provider.Provider {
	return func() provider.Provider {
		f := &faulty{sound: newSound()}
		spoil(f)
		return f
	}
}

// info makes a provider whose Info is spoilt.
func info(spoil func(*provider.Info)) func() provider.Provider {
	return but(func(f *faulty) { f.info = spoil })
}

// schema makes a provider whose CUE is edited.
func schema(old, now string) func() provider.Provider {
	return info(func(i *provider.Info) { i.Schema.Files = cueFile(strings.Replace(soundSchema, old, now, 1)) })
}

// row makes a provider with one more row in its table.
func row(s provider.Support) func() provider.Provider {
	return info(func(i *provider.Info) { i.Support = append(i.Support, s) })
}

func rule(r provider.RuleInfo) func() provider.Provider {
	return info(func(i *provider.Info) { i.Rules = append(i.Rules, r) })
}

// saying makes a provider that says one thing of every plan.
func saying(say func(diags *diag.List, p *plan.Plan)) func() provider.Provider {
	return but(func(f *faulty) {
		f.validate = func(ctx context.Context, p *plan.Plan) (diag.List, error) {
			var diags diag.List
			say(&diags, p)
			return diags, ctx.Err()
		}
	})
}

// rendering makes a provider whose files are spoilt.
func rendering(spoil func(p *plan.Plan, files []provider.File) []provider.File) func() provider.Provider {
	return but(func(f *faulty) {
		f.render = func(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
			files, err := f.sound.Render(ctx, p)
			return spoil(p, files), err
		}
	})
}

func faults() []fault {
	return slices.Concat(describing, judging, living, sharing, makingFiles)
}
