package providertest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var living = []fault{
	{"Provision again is an error", "provision", "again", but(func(f *faulty) {
		f.provision = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			res, err := f.sound.Provision(ctx, p)
			if err == nil && len(res.Changes) == 0 {
				return provider.Result{}, provider.ErrTenantExists
			}
			return res, err
		}
	})},
	{"Provision takes another plan", "provision", "not ErrTenantExists", but(func(f *faulty) {
		f.provision = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			res, err := f.sound.Provision(ctx, p)
			if errors.Is(err, provider.ErrTenantExists) && p.ID != "concurrent" {
				res, err = f.sound.Update(ctx, p)
				res.Operation = provider.OpProvision
			}
			return res, err
		}
	})},
	{"Update does not say what changed", "update", "0 changes", but(func(f *faulty) {
		f.update = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			res, err := f.sound.Update(ctx, p)
			if err == nil && p.ID == "update" {
				res.Changes = []provider.Change{}
			}
			return res, err
		}
	})},
	{"Update of an absent tenant makes it", "update", "not ErrTenantNotFound", but(func(f *faulty) {
		f.update = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			res, err := f.sound.Update(ctx, p)
			if errors.Is(err, provider.ErrTenantNotFound) {
				return f.sound.Provision(ctx, p)
			}
			return res, err
		}
	})},
	{"an effect that is none", "update", "effect", but(func(f *faulty) {
		f.Recorder = provider.NewRecorder("sound", func(_, _ *plan.Plan, _ plan.Change) provider.Effect { return "restart" })
	})},
	{"changes that nobody foretold", "changes", "does not say what update does", but(func(f *faulty) {
		f.changes = func(from, to *plan.Plan) ([]provider.Change, error) {
			changes, err := f.sound.Changes(from, to)
			if from != nil && to != nil {
				changes = nil
			}
			return changes, err
		}
	})},
	{"a volume goes unnoticed", "changes", "persistent volume", but(func(f *faulty) {
		f.changes = func(from, to *plan.Plan) ([]provider.Change, error) {
			changes, err := f.sound.Changes(from, to)
			if to == nil {
				soften(changes)
			}
			return changes, err
		}
		f.destroy = func(ctx context.Context, id string) (provider.Result, error) {
			res, err := f.sound.Destroy(ctx, id)
			soften(res.Changes)
			return res, err
		}
	})},
	{"Destroy of an absent tenant is an error", "destroy", "absent", but(func(f *faulty) {
		f.destroy = func(ctx context.Context, id string) (provider.Result, error) {
			if _, err := f.sound.GetStatus(ctx, id); err != nil && !strings.HasPrefix(id, "concurrent") {
				return provider.Result{}, err
			}
			return f.sound.Destroy(ctx, id)
		}
	})},
	{"Destroy does not forget", "destroy", "after Destroy", but(func(f *faulty) {
		f.destroy = func(ctx context.Context, id string) (provider.Result, error) {
			if id != "destroy" {
				return f.sound.Destroy(ctx, id)
			}
			return provider.Result{Provider: "sound", Tenant: id, Operation: provider.OpDestroy, Outcome: provider.Recorded, Changes: []provider.Change{}}, ctx.Err()
		}
	})},
	{"the list has tenants that are gone", "list", "not the status of each tenant", but(func(f *faulty) {
		f.list = func(ctx context.Context) ([]provider.Status, error) {
			all, err := f.sound.List(ctx)
			return append(all, provider.Status{Provider: "sound", Tenant: "zeta"}), err
		}
	})},
	{"the record is the first one", "record", "another than Update took", but(func(f *faulty) {
		var first *provider.Record
		f.record = func(ctx context.Context, id string) (*provider.Record, error) {
			r, err := f.sound.GetRecord(ctx, id)
			if id != "records" || err != nil {
				return r, err
			}
			if first == nil {
				first = r
			}
			stale := *r
			stale.Plan = first.Plan
			return &stale, nil
		}
	})},
	{"the expected revision is not looked at", "conditions", "expects another revision", but(func(f *faulty) {
		f.updateIf = func(ctx context.Context, p *plan.Plan, c provider.Condition) (provider.Result, error) {
			return f.sound.UpdateIf(ctx, p, provider.Condition{Digest: c.Digest, Allow: c.Allow})
		}
	})},
	{"the allowed effect is not looked at", "conditions", "allows no effect", but(func(f *faulty) {
		f.updateIf = func(ctx context.Context, p *plan.Plan, c provider.Condition) (provider.Result, error) {
			return f.sound.UpdateIf(ctx, p, provider.Condition{Revision: c.Revision, Digest: c.Digest})
		}
	})},
	{"a tenant ends whatever its revision", "conditions", "DestroyIf that expects another revision", but(func(f *faulty) {
		f.destroyIf = func(ctx context.Context, id string, c provider.Condition) (provider.Result, error) {
			return f.sound.Destroy(ctx, id)
		}
	})},
	{"a retry is refused", "conditions", "UpdateIf again", but(func(f *faulty) {
		f.updateIf = func(ctx context.Context, p *plan.Plan, c provider.Condition) (provider.Result, error) {
			if held, err := f.sound.GetRecord(ctx, p.ID); err == nil && c.Revision != 0 && held.Revision != c.Revision {
				return provider.Result{}, provider.ErrRevision
			}
			return f.sound.UpdateIf(ctx, p, c)
		}
	})},
	{"the status of an absent tenant is nothing", "status", "not ErrTenantNotFound", but(func(f *faulty) {
		f.status = func(ctx context.Context, id string) (provider.Status, error) {
			if id == "status" {
				status, _ := f.sound.GetStatus(ctx, id)
				return status, nil
			}
			return f.sound.GetStatus(ctx, id)
		}
	})},
	{"the status has its workloads in any order", "status", "Workloads", but(func(f *faulty) {
		f.status = func(ctx context.Context, id string) (provider.Status, error) {
			status, err := f.sound.GetStatus(ctx, id)
			slices.Reverse(status.Workloads)
			return status, err
		}
	})},
	{"plans of others are taken", "foreign", "not ErrWrongProvider", but(func(f *faulty) {
		f.provision = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			if p == nil {
				return f.sound.Provision(ctx, nil)
			}
			mine := *p
			mine.Provider = "sound"
			return f.sound.Provision(ctx, &mine)
		}
	})},
	{"no plan is a panic", "foreign", "panicked", but(func(f *faulty) {
		f.update = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			if p.ID == "" {
				return provider.Result{}, errors.New("a plan without an id")
			}
			return f.sound.Update(ctx, p)
		}
	})},
	{"it says that it runs", "results", "running", but(func(f *faulty) {
		f.provision = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			res, err := f.sound.Provision(ctx, p)
			res.Outcome = "running"
			return res, err
		}
	})},
	{"no changes are null", "results", "nil", but(func(f *faulty) {
		f.destroy = func(ctx context.Context, id string) (provider.Result, error) {
			res, err := f.sound.Destroy(ctx, id)
			if len(res.Changes) == 0 {
				res.Changes = nil
			}
			return res, err
		}
	})},
}

var (
	ticks  atomic.Int64 // a clock that is never twice the same
	shared = newSound()
)

var sharing = []fault{
	{"a memory for all providers", "memory", "of another", but(func(f *faulty) {
		f.provision = func(ctx context.Context, p *plan.Plan) (provider.Result, error) {
			if p != nil && p.ID == "memory" {
				return shared.Provision(ctx, p)
			}
			return f.sound.Provision(ctx, p)
		}
		f.status = func(ctx context.Context, id string) (provider.Status, error) {
			if id == "memory" {
				return shared.GetStatus(ctx, id)
			}
			return f.sound.GetStatus(ctx, id)
		}
	})},
	{"what it checks is in the provider", "concurrent", "Validate, which says", but(func(f *faulty) {
		var mu sync.Mutex
		var current diag.List
		f.validate = func(ctx context.Context, p *plan.Plan) (diag.List, error) {
			mu.Lock()
			current = nil
			mu.Unlock()
			for name := range plan.Sorted(p.Workloads) {
				mu.Lock()
				current.Approximate("replicas", diag.At("workloads", name), "one machine for all")
				mu.Unlock()
				time.Sleep(time.Microsecond)
			}
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(current), ctx.Err()
		}
	})},
	{"one file at a time is made in the provider", "concurrent", "file", but(func(f *faulty) {
		var mu sync.Mutex
		var current []provider.File
		f.render = func(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
			files, err := f.sound.Render(ctx, p)
			mu.Lock()
			current = files
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			return current, err
		}
	})},
}

var makingFiles = []fault{
	{"a clock in a file", "render", "other bytes", rendering(func(_ *plan.Plan, files []provider.File) []provider.File {
		if len(files) > 2 {
			files[0].Data = fmt.Appendf(nil, "{\"at\": %d, \"was\": %s}\n", ticks.Add(1), files[0].Data)
		}
		return files
	})},
	{"a directory in a file's name", "files", "no plain file name", rendering(func(p *plan.Plan, files []provider.File) []provider.File {
		files[0].Name = p.ID + "/" + files[0].Name
		return files
	})},
	{"a way out of the directory", "files", "no plain file name", rendering(func(_ *plan.Plan, files []provider.File) []provider.File {
		files[0].Name = ".."
		return files
	})},
	{"two files of one name", "files", "two files", rendering(func(_ *plan.Plan, files []provider.File) []provider.File {
		return append(files, provider.File{Name: strings.ToUpper(files[0].Name), Data: files[0].Data})
	})},
	{"JSON that is none", "files", "cannot be read", rendering(func(_ *plan.Plan, files []provider.File) []provider.File {
		files[0].Data = append(files[0].Data, "}\n"...)
		return files
	})},
	{"YAML that is none", "files", "cannot be read", rendering(func(p *plan.Plan, files []provider.File) []provider.File {
		return append(files, provider.File{Name: "names.yaml", Data: []byte("name: " + p.ID + ": \"%\n")})
	})},
	{"no newline at the end", "files", "newline", rendering(func(_ *plan.Plan, files []provider.File) []provider.File {
		files[0].Data = files[0].Data[:len(files[0].Data)-1]
		return files
	})},
	{"a workload is forgotten", "images", "in no file", rendering(func(_ *plan.Plan, files []provider.File) []provider.File {
		return files[:1]
	})},
	{"names without the tenant", "names", "under any id", but(func(f *faulty) {
		f.names = func(p *plan.Plan) ([]provider.NativeName, error) {
			names, err := f.sound.Names(p)
			for i := range names {
				names[i].Name = strings.TrimPrefix(names[i].Name, p.ID+"-")
			}
			return names, err
		}
	})},
	{"names in the order of a map", "names", "at another", but(func(f *faulty) {
		f.names = func(p *plan.Plan) ([]provider.NativeName, error) {
			var names []provider.NativeName
			for name := range maps.Keys(p.Workloads) {
				names = append(names, provider.NativeName{Scope: "thing", Name: p.ID + "-" + name, Path: diag.At("workloads", name)})
			}
			return names, nil
		}
	})},
}

// soften makes the end of everything a mere end.
func soften(changes []provider.Change) {
	for i := range changes {
		changes[i].Effect = provider.EffectDestroy
	}
}
