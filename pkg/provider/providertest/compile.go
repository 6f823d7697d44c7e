package providertest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// compiled is what becomes of a spec up to Validate: the tenants whose plans Validate
// would be given, and what is found before.
type compiled struct {
	tenants []*tenant
	diags   diag.List
}

// compile compiles specs with the provider's schema, each for itself.
func (s *suite) compile(specs []spec) ([]compiled, error) {
	seen := &recording{Provider: s.fresh()}
	var all []compiled
	err := s.units(seen, specs, func(u compile.Unit) error {
		sp := specs[len(all)]
		var c compiled
		for _, d := range u.Diagnostics {
			if d.Concept != recorded {
				c.diags = append(c.diags, d)
				continue
			}
			p, err := seen.plan(d.Message)
			if err != nil {
				return err
			}
			t, err := newTenant(sp, p)
			if err != nil {
				return err
			}
			c.tenants = append(c.tenants, t)
		}
		all = append(all, c)
		return nil
	})
	return all, err
}

// units compiles specs with a provider's schema, and calls look with what becomes of each.
func (s *suite) units(p provider.Provider, specs []spec, look func(compile.Unit) error) error {
	reg, err := provider.NewRegistry(p, elsewhere{p})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "providertest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	opts := compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}
	in := compile.Input{Providers: []string{s.info.Name}, Jobs: 1}
	for i, text := range s.policies {
		name := filepath.Join(dir, fmt.Sprintf("policy%d.cue", i))
		opts.Policies.Files = append(opts.Policies.Files, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return err
		}
	}
	for i, sp := range specs {
		name := filepath.Join(dir, fmt.Sprintf("tenant%04d%s", i, path.Ext(sp.name)))
		in.Paths = append(in.Paths, name)
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(sp.text, "PROVIDER", s.info.Name)), 0o600); err != nil {
			return err
		}
	}
	return compile.Each(s.ctx, reg, opts, in, look)
}

// recording is a provider whose Validate only notes the plans that it is given, so that
// what the schema says is told apart from what the provider does. It renders nothing.
type recording struct {
	provider.Provider
	mu    sync.Mutex // the worker's verdicts are read while it goes on
	plans []*plan.Plan
}

// recorded marks the note that says which plan was given.
const recorded diag.Concept = "recorded"

func (r *recording) Validate(_ context.Context, p *plan.Plan) (diag.List, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var diags diag.List
	diags.Notef(recorded, diag.At("id"), "%d", len(r.plans))
	r.plans = append(r.plans, p)
	return diags, nil
}

// plan returns the plan that a note says was given.
func (r *recording) plan(note string) (*plan.Plan, error) {
	i, err := strconv.Atoi(note)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.plans[i], nil
}

// elsewhere is another provider beside the one under test, so that a tenant may have
// extensions for both.
type elsewhere struct{ provider.Provider }

const elsewhereName = "elsewhere"

func (elsewhere) Info() provider.Info {
	return provider.Info{
		Name:   elsewhereName,
		Doc:    "another platform",
		Schema: provider.Schema{ImportPath: "example.com/" + elsewhereName, Files: cueFiles(elsewhereName)},
	}
}

// cueFiles is the package of a provider that takes whatever the core takes.
func cueFiles(name string) fs.FS {
	text := fmt.Sprintf("package %s\n\nimport \"github.com/cuecompute/cuecompute/schema\"\n\n#Tenant: schema.#Tenant & {provider!: %[1]q}\n", name)
	return fstest.MapFS{name + ".cue": {Data: []byte(text)}}
}
