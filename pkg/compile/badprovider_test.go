package compile_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// bad is a provider that fails for one tenant, called bad.
type bad struct {
	*provider.Recorder
	name     string
	validate func(context.Context) (diag.List, error)
	render   func() ([]provider.File, error)
	names    func() ([]provider.NativeName, error)
}

var _ provider.Renderer = bad{}

func (b bad) Info() provider.Info {
	return provider.Info{
		Name: b.name,
		Doc:  "a provider that is at fault",
		Schema: provider.Schema{
			ImportPath: "example.com/" + b.name,
			Files: fstest.MapFS{"bad.cue": {Data: []byte(`package bad

import "github.com/cuecompute/cuecompute/schema"

#Tenant: schema.#Tenant
`)}},
		},
	}
}

func (b bad) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	if p.ID == "bad" && b.validate != nil {
		return b.validate(ctx)
	}
	return nil, ctx.Err()
}

func (b bad) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	if p.ID == "bad" && b.render != nil {
		return b.render()
	}
	return []provider.File{{Name: "file.txt", Data: []byte("text\n")}}, ctx.Err()
}

func (b bad) Names(p *plan.Plan) ([]provider.NativeName, error) {
	if p.ID == "bad" && b.names != nil {
		return b.names()
	}
	return nil, nil
}

// threeTenants are a tenant for which the bad provider fails, between two others.
const threeTenants = `
tenants:
  a-first: {provider: bad, workloads: {web: {containers: {app: {image: "a:1"}}}}}
  bad: {provider: bad, workloads: {web: {containers: {app: {image: "a:1"}}}}}
  c-last: {provider: bad, workloads: {web: {containers: {app: {image: "a:1"}}}}}
`

// compileWith compiles the three tenants with a bad and a good provider.
func compileWith(ctx context.Context, t *testing.T, b bad, render bool) (plans []string, files int, diags diag.List, err error) {
	t.Helper()
	b.name, b.Recorder = "bad", provider.NewRecorder("bad", nil)
	reg, err := provider.NewRegistry(b, bad{name: "good", Recorder: provider.NewRecorder("good", nil)})
	if err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(threeTenants), Lang: "yaml", Providers: []string{"bad", "good"}, Render: render}
	err = compile.Each(ctx, reg, compile.Options{}, in, func(u compile.Unit) error {
		for _, tenant := range u.Tenants {
			for _, p := range tenant.Plans {
				plans = append(plans, p.ID+" on "+p.Provider)
			}
			files += len(tenant.Files)
		}
		diags = append(diags, u.Diagnostics...)
		return nil
	})
	return plans, files, diags, err
}

// TestProviderAtFault: a failure of a provider is an error of the run that names the provider
// and the tenant. Only that tenant has no plan for that provider.
func TestProviderAtFault(t *testing.T) {
	file := func(names ...string) func() ([]provider.File, error) {
		return func() (files []provider.File, err error) {
			for _, name := range names {
				files = append(files, provider.File{Name: name, Data: []byte("text\n")})
			}
			return files, nil
		}
	}
	for name, tt := range map[string]struct {
		bad  bad
		want string
	}{
		"Validate panics":          {bad{validate: func(context.Context) (diag.List, error) { panic("boom") }}, "Validate: panicked: boom"},
		"Validate exits":           {bad{validate: func(context.Context) (diag.List, error) { runtime.Goexit(); return nil, nil }}, "Validate: ended its goroutine"},
		"Validate fails":           {bad{validate: func(context.Context) (diag.List, error) { return nil, errors.New("no table") }}, "Validate: no table"},
		"its own context is done":  {bad{validate: func(context.Context) (diag.List, error) { return nil, context.Canceled }}, "Validate: context canceled"},
		"Render panics":            {bad{render: func() ([]provider.File, error) { panic("boom") }}, "Render: panicked: boom"},
		"Render fails":             {bad{render: func() ([]provider.File, error) { return nil, errors.New("no form") }}, "Render: no form"},
		"a file has no name":       {bad{render: file("")}, `Render: file name "" is not plain`},
		"a file leads out":         {bad{render: file("..")}, `Render: file name ".." is not plain`},
		"a file in a directory":    {bad{render: file("a/b.yaml")}, `Render: file name "a/b.yaml" is not plain`},
		"two files share one name": {bad{render: file("a.yaml", "a.yaml")}, `Render: file name "a.yaml" stands twice`},
		"Names panics":             {bad{names: func() ([]provider.NativeName, error) { panic("boom") }}, "Names: panicked: boom"},
		"Names fails":              {bad{names: func() ([]provider.NativeName, error) { return nil, errors.New("no name") }}, "Names: no name"},
	} {
		t.Run(name, func(t *testing.T) {
			plans, files, diags, err := compileWith(t.Context(), t, tt.bad, true)
			if err == nil || err.Error() != "provider bad: tenant bad: "+tt.want {
				t.Errorf("error is %v, not of %s", err, tt.want)
			}
			want := "a-first on bad, a-first on good, bad on good, c-last on bad, c-last on good"
			if got := strings.Join(plans, ", "); got != want || files != 5 || len(diags) > 0 {
				t.Errorf("%d renderings and plans %s, not %s; diagnostics %v", files, got, want, diags)
			}
		})
	}
}

// TestProviderAtFaultOften names the first tenant for which a provider fails, and counts the
// others.
func TestProviderAtFaultOften(t *testing.T) {
	b := bad{name: "bad", Recorder: provider.NewRecorder("bad", nil), validate: func(context.Context) (diag.List, error) { panic("boom") }}
	reg, err := provider.NewRegistry(b)
	if err != nil {
		t.Fatal(err)
	}
	const one = "---\nid: bad\nprovider: bad\nworkloads: {web: {containers: {app: {image: \"a:1\"}}}}\n"
	in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(strings.Repeat(one, 3)), Lang: "yaml"}
	_, _, err = compile.Compile(t.Context(), reg, compile.Options{}, in)
	if want := "provider bad: tenant bad: Validate: panicked: boom (and so for 2 tenants more)"; err == nil || err.Error() != want {
		t.Errorf("error is %v, not %s", err, want)
	}
}

// TestProviderBlocks: a run ends with its context, even if a provider ignores the context. The
// error names such a provider.
func TestProviderBlocks(t *testing.T) {
	forever := make(chan struct{})
	t.Cleanup(func() { close(forever) })
	for name, tt := range map[string]struct {
		validate func(context.Context) (diag.List, error)
		want     string
	}{
		"until the context is done": {func(ctx context.Context) (diag.List, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, "context canceled"},
		"for ever": {func(context.Context) (diag.List, error) {
			<-forever
			return nil, nil
		}, "provider bad: tenant bad: Validate: does not return: context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			validate := func(ctx context.Context) (diag.List, error) {
				cancel()
				return tt.validate(ctx)
			}
			ended := make(chan error, 1)
			go func() {
				_, _, _, err := compileWith(ctx, t, bad{validate: validate}, false)
				ended <- err
			}()
			select {
			case err := <-ended:
				if !errors.Is(err, context.Canceled) || err.Error() != tt.want {
					t.Errorf("error is %v, not %s", err, tt.want)
				}
			case <-time.After(30 * time.Second):
				t.Fatal("the run goes on without its context")
			}
		})
	}
}

// TestPathsThatAreNot: a diagnostic for a missing path has the nearest existing position.
func TestPathsThatAreNot(t *testing.T) {
	for _, tt := range []struct {
		path diag.Path
		line int
	}{
		{nil, 4},
		{diag.At("nowhere"), 4},
		{diag.At("nowhere", 3, ""), 4},
		{diag.At("workloads", "web", "stopGraceSeconds"), 4},
		{diag.At("workloads", "nobody", "containers", "app"), 4},
		{diag.At("workloads", "web", "containers", "app", "image", "tag", 0), 4},
	} {
		validate := func(context.Context) (diag.List, error) {
			var diags diag.List
			diags.Errorf(diag.Unsupported, tt.path, "not here")
			return diags, nil
		}
		plans, _, diags, err := compileWith(t.Context(), t, bad{validate: validate}, false)
		if err != nil || len(plans) != 5 || len(diags) != 1 {
			t.Errorf("%s: plans %v, diagnostics %v, error %v", tt.path, plans, diags, err)
			continue
		}
		if d := diags[0]; d.Line != tt.line || d.Tenant != "bad" || d.Provider != "bad" {
			t.Errorf("%s: at line %d, of tenant %q and provider %q", tt.path, d.Line, d.Tenant, d.Provider)
		}
	}
}
