package policy

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestNothingIsLost runs [bench.losesNothing] with random policies and tenants. SEED sets other
// ones.
func TestNothingIsLost(t *testing.T) {
	b := newBench(t)
	tenants := b.tenants(t)
	first := uint64(number("SEED", seed))
	refused, planned := 0, 0
	for i := range uint64(150) {
		r := rand.New(rand.NewPCG(first, i))
		text, tenant := policies{r}.wildFile(), b.tenant(r, tenants)
		if b.losesNothing(t, text, tenant) {
			planned++
		} else {
			refused++
		}
		if t.Failed() {
			t.Fatalf("policy %d of seed %d\n--- policy\n%s\n--- tenant\n%s", i, first, text, datatest.Write("cue", tenant))
		}
	}
	if planned == 0 || refused == 0 {
		t.Errorf("%d planned and %d refused show nothing", planned, refused)
	}
}

// FuzzNothingIsLost is TestNothingIsLost with the choices made by the fuzzer.
func FuzzNothingIsLost(f *testing.F) {
	b := newBench(f)
	tenants := b.tenants(f)
	r := rand.New(rand.NewPCG(20261129, 1))
	for range 40 {
		scripts := [2][]byte{make([]byte, 64), make([]byte, 256)}
		for _, s := range scripts {
			for i := range s {
				s[i] = byte(r.Uint32())
			}
		}
		f.Add(scripts[0], scripts[1])
	}
	f.Fuzz(func(t *testing.T, tenant, policy []byte) {
		text, n := policies{datatest.NewScript(policy)}.wildFile(), b.tenant(datatest.NewScript(tenant), tenants)
		b.losesNothing(t, text, n)
		if t.Failed() {
			t.Logf("--- policy\n%s\n--- tenant\n%s", text, datatest.Write("cue", n))
		}
	})
}

// losesNothing applies a policy to a tenant, compiled and with CUE. Nothing panics, the verdict
// is the same twice, and each value of the author is either in the planned tenant or reported.
// It returns whether the tenant is planned.
func (b *bench) losesNothing(t *testing.T, text string, tenant *data.Node) (planned bool) {
	p := b.read(t, text)
	if p == nil {
		return false // CUE refuses the policy
	}
	planned = true
	for _, p := range []*Policy{p, p.byCUE()} {
		v, again := b.verdict(t, b.judge(p), tenant), b.verdict(t, b.judge(p), tenant)
		if x, y := messages(v.diags), messages(again.diags); !slices.Equal(x, y) {
			t.Errorf("another verdict the second time:\n%q\n%q", x, y)
		}
		if written(v.own) != written(again.own) {
			t.Error("other values are supplied the second time")
		}
		for _, path := range lost(v.own, tenant, nil) {
			if !slices.ContainsFunc(v.diags, func(d diag.Diagnostic) bool { return isPrefix(d.Path, path) }) {
				t.Errorf("%s is lost: %v", path, v.diags)
			}
		}
		if v.diags.HasErrors() {
			planned = false
			continue
		}
		for _, path := range unplanned(v.plan, tenant) {
			t.Errorf("%s is not in the plan", path)
		}
	}
	return planned
}

func messages(diags diag.List) []string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Path.String()+": "+d.Message)
	}
	return all
}

func isPrefix(of, path diag.Path) bool {
	return len(of) <= len(path) && slices.Equal(of, path[:len(of)])
}

// lost returns the paths of the author's values that a tenant lacks.
func lost(n, author *data.Node, at diag.Path) (paths []diag.Path) {
	if n == nil || n.Kind != author.Kind || n.Text != author.Text || len(n.Elems) != len(author.Elems) {
		return []diag.Path{at}
	}
	for _, f := range author.Fields {
		paths = append(paths, lost(n.Get(f.Name), f.Value, at.To(f.Name))...)
	}
	for i, e := range author.Elems {
		paths = append(paths, lost(n.Elems[i], e, at.To(i))...)
	}
	return paths
}

// unplanned returns the paths of the author's names that a plan lacks.
func unplanned(p *plan.Plan, author *data.Node) (paths []diag.Path) {
	names := func(has func(name string) bool, path ...any) {
		n := author.Find(diag.At(path...))
		if n == nil {
			return
		}
		for _, f := range n.Fields {
			if !has(f.Name) {
				paths = append(paths, diag.At(path...).To(f.Name))
			}
		}
	}
	names(func(name string) bool { return p.Labels[name] == author.Get("labels", name).Text }, "labels")
	names(func(name string) bool { _, ok := p.Workloads[name]; return ok }, "workloads")
	for name, w := range p.Workloads {
		names(func(name string) bool { _, ok := w.Volumes[name]; return ok }, "workloads", name, "volumes")
		names(func(name string) bool { _, ok := w.Containers[name]; return ok }, "workloads", name, "containers")
		for container, c := range w.Containers {
			of := []any{"workloads", name, "containers", container}
			names(func(name string) bool { _, ok := c.Env[name]; return ok }, append(of, "env")...)
			names(func(name string) bool { _, ok := c.Ports[name]; return ok }, append(of, "ports")...)
			names(func(path string) bool { _, ok := c.Mounts[path]; return ok }, append(of, "mounts")...)
		}
	}
	return paths
}
