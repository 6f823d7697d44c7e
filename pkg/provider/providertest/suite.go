package providertest

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// own are the suite's tenants: portable ones, which every #Tenant takes, and odd ones,
// which it may refuse. PROVIDER in them stands for the provider's name.
//
//go:embed tenants
var own embed.FS

// suite is a provider under test.
type suite struct {
	ctx      context.Context
	fresh    func() provider.Provider
	patience time.Duration
	specs    []spec
	archives []string
	policies []string
	only     []string          // checks; empty: all
	unseen   map[string]string // fields, and why they are in no document
	unescape func(field, text string) string

	info     provider.Info
	words    vocabulary
	closed   map[string]compiled // of misspelt extensions, by what they are of
	tenants  []*tenant           // whose plans the schema admits
	bases    []base              // which fields are set in
	trials   []*trial            // tenants with one field set
	stopped  bool
	varies   bool     // what Validate or Render makes of a plan is not always the same
	problems []string // of the check that runs
}

// spec is a text that an author might write.
type spec struct {
	name, text string
	portable   bool
	own        bool // the suite's
	tenant     bool // of the option Tenant
}

// tenant is a plan that Validate meets, and what it says of it.
type tenant struct {
	spec
	id    string
	json  []byte // the plan
	diags diag.List
}

func newTenant(sp spec, p *plan.Plan) (*tenant, error) {
	text, err := json.Marshal(p)
	return &tenant{spec: sp, id: p.ID, json: text}, err
}

// plan returns the plan, new at every call.
func (t *tenant) plan() *plan.Plan {
	var p plan.Plan
	if err := json.Unmarshal(t.json, &p); err != nil {
		panic(err) // json is what was made of a plan
	}
	return &p
}

// as returns the plan with another id.
func (t *tenant) as(id string) *plan.Plan {
	p := t.plan()
	p.ID = id
	return p
}

func (t *tenant) String() string { return fmt.Sprintf("tenant %s of %s", t.id, t.name) }

// passing are the tenants that Validate has nothing against.
func (s *suite) passing() []*tenant {
	var all []*tenant
	for _, t := range s.tenants {
		if !t.diags.HasErrors() {
			all = append(all, t)
		}
	}
	return all
}

// minimal is the least tenant, which passes.
func (s *suite) minimal() *tenant {
	for _, t := range s.tenants {
		if t.own && t.name == minimalName {
			return t
		}
	}
	return nil
}

const minimalName = "portable/minimal.yaml"

func newSuite(ctx context.Context, fresh func() provider.Provider, opts []Option) (*suite, error) {
	s := &suite{ctx: ctx, fresh: fresh, patience: 10 * time.Second, unseen: map[string]string{}}
	for _, opt := range opts {
		opt(s)
	}
	for _, dir := range s.archives {
		more, err := archived(dir)
		if err != nil {
			return nil, err
		}
		s.specs = append(s.specs, more...)
	}
	mine, err := ownSpecs()
	s.specs = append(mine, s.specs...)
	return s, err
}

func ownSpecs() ([]spec, error) {
	var specs []spec
	for _, dir := range []string{"portable", "odd"} {
		entries, err := own.ReadDir("tenants/" + dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name := dir + "/" + e.Name()
			text, err := own.ReadFile("tenants/" + name)
			if err != nil {
				return nil, err
			}
			specs = append(specs, spec{name: name, text: string(text), portable: dir == "portable", own: true})
		}
	}
	return specs, nil
}

// archived are the specs of the cases in a directory.
func archived(dir string) ([]spec, error) {
	archives, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err == nil && len(archives) == 0 {
		err = fmt.Errorf("no cases in %s", dir)
	}
	var specs []spec
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			return nil, err
		}
		for _, f := range a.Files {
			specs = append(specs, spec{name: filepath.Base(name) + "/" + f.Name, text: string(f.Data)})
		}
	}
	return specs, err
}
