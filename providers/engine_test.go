package providers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// engine is a platform's own admission code as a filter: the program of
// providers/<platform>/engine, whose documentation says what it judges.
type engine struct {
	provider.Renderer
	in  io.Writer
	out *bufio.Reader
}

// answer is what an engine says of a tenant's documents.
type answer struct {
	Errors    []problem `json:"errors"`
	Processes []process `json:"processes"`
}

type problem struct {
	Document string `json:"document"`
	Message  string `json:"message"`
}

// process is what the process of one container sees, after the platform's own expansion.
type process struct {
	Workload  string            `json:"workload"`
	Container string            `json:"container"`
	Command   []string          `json:"command"`
	Args      []string          `json:"args"`
	Env       map[string]string `json:"env"`
	Files     map[string]string `json:"files"`
}

// engines starts those of all providers. They are built by make engines, into the
// directory that ENGINES names.
func engines(t *testing.T) []*engine {
	t.Helper()
	dir := os.Getenv("ENGINES")
	if dir == "" {
		t.Skip("the platforms' engines are in the directory ENGINES: run make admission")
	}
	var all []*engine
	for _, p := range providers.All() {
		c := exec.Command(filepath.Join(dir, p.Info().Name))
		c.Stderr = os.Stderr
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			in.Close()
			if err := c.Wait(); err != nil {
				t.Errorf("engine of %s: %v", p.Info().Name, err)
			}
		})
		all = append(all, &engine{p.(provider.Renderer), in, bufio.NewReaderSize(out, 1<<20)})
	}
	return all
}

// admit asks the engine about a plan's documents.
func (e *engine) admit(t *testing.T, p *plan.Plan) answer {
	t.Helper()
	type document struct {
		Name string `json:"name"`
		Data string `json:"data"`
	}
	request := struct {
		Tenant    string     `json:"tenant"`
		Documents []document `json:"documents"`
	}{Tenant: p.ID}
	files, err := e.Render(t.Context(), p)
	if err != nil {
		t.Fatalf("%s on %s: %v", p.ID, p.Provider, err)
	}
	for _, f := range files {
		request.Documents = append(request.Documents, document{f.Name, string(f.Data)})
	}
	line, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	reply, err := e.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("%s on %s: %v", p.ID, p.Provider, err)
	}
	var a answer
	if err := json.Unmarshal(reply, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// lenient is a provider that finds nothing wrong, and notes what it would have found.
type lenient struct {
	provider.Provider
	mu    sync.Mutex
	found map[*plan.Plan]diag.List
}

func (l *lenient) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	diags, err := l.Provider.Validate(ctx, p)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found[p] = diags
	return nil, err
}

// judged is a plan, and what Validate says of it.
type judged struct {
	*plan.Plan
	diags diag.List
}

// compiled compiles specs for one provider under policies, and gives each plan, those that Validate
// refuses too.
func compiled(t *testing.T, p provider.Provider, in compile.Input, policies compile.Policies, each func(judged)) {
	t.Helper()
	l := &lenient{Provider: p, found: map[*plan.Plan]diag.List{}}
	all := []provider.Provider{l}
	for _, other := range providers.All() {
		if other.Info().Name != p.Info().Name {
			all = append(all, other)
		}
	}
	reg, err := provider.NewRegistry(all...)
	if err != nil {
		t.Fatal(err)
	}
	in.Providers = []string{p.Info().Name}
	opts := compile.Options{Policies: policies, Evaluation: compile.Evaluation{Unbounded: true}}
	err = compile.Each(t.Context(), reg, opts, in, func(u compile.Unit) error {
		for _, tenant := range u.Tenants {
			for _, p := range tenant.Plans {
				l.mu.Lock()
				found := l.found[p]
				delete(l.found, p)
				l.mu.Unlock()
				each(judged{p, found})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
