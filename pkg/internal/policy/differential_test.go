package policy

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cuelang.org/go/cue/build"
	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/providers"
)

// pairs is the number of policies and tenants that the differential test compares, and seed its
// random seed. PAIRS and SEED override them for a longer run.
var pairs, seed = 600, 20261128

// perPolicy is the number of tenants for each policy.
const perPolicy = 20

// number returns an environment variable's number, or otherwise.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// TestSameVerdictAsCUE compares compiled random policies with CUE's evaluator: the same verdict
// on random tenants, the same supplied values, the same plan.
func TestSameVerdictAsCUE(t *testing.T) {
	count, first := number("PAIRS", pairs), number("SEED", seed)
	b := newBench(t)
	tenants := b.tenants(t)
	var judged, refused, supplied, asked, restated int
	for i := 0; judged < count && !t.Failed(); i++ {
		r := rand.New(rand.NewPCG(uint64(first), uint64(i)))
		text := policies{r}.file()
		p := b.read(t, text)
		if p == nil || p.tenant.term == nil {
			continue // CUE refuses the policy, or has to evaluate it
		}
		ours, cues := b.judge(p), b.judge(p.byCUE())
		for range perPolicy {
			tenant := b.tenant(r, tenants)
			x, y := b.verdict(t, ours, tenant), b.verdict(t, cues, tenant)
			if judged++; judged%10000 == 0 {
				t.Logf("%d pairs", judged)
			}
			if x.diags.HasErrors() {
				refused++
			} else if x.own != tenant {
				supplied++
			}
			if x.byCUE {
				asked++
			}
			if x.restates(y) {
				restated++
				continue
			}
			if diff := x.diff(y); diff != "" {
				t.Errorf("policy %d of seed %d: %s\n%s\n--- policy\n%s\n--- tenant\n%s", i, first, diff, said(x.diags, y.diags), text, datatest.Write("cue", tenant))
				break
			}
		}
	}
	t.Logf("%d pairs of seed %d: %d refused, %d supplied, %d left to CUE, %d restate a default", judged, first, refused, supplied, asked, restated)
	if restated > max(1, judged/10000) {
		t.Errorf("%d pairs restate a default: that is no rare case any more", restated)
	}
	if refused == 0 || supplied == 0 || refused+supplied >= judged || asked > judged/5 {
		t.Error("the pairs do not tell the two apart")
	}
}

// bench is the setup of this package's tests.
type bench struct {
	library *library.Library
	loader  *load.Loader
	spec    Spec
	checker shape.Checker
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{spec: Spec{}}
	var err error
	if b.library, err = library.Of(providers.All()...); err != nil {
		t.Fatal(err)
	}
	for _, p := range providers.All() {
		s := p.Info().Schema
		if b.spec[p.Info().Name], err = shape.Of(b.library, s.ImportPath, s.Compiled); err != nil {
			t.Fatal(err)
		}
	}
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.loader = load.New(b.library, load.Options{Tags: tags, Evaluator: load.Evaluator{Unbounded: true}})
	return b
}

// read reads a policy, nil if CUE refuses it.
func (b *bench) read(t testing.TB, text string) *Policy {
	t.Helper()
	inst, sources, diags := b.loader.Instance("policy.cue", []byte(text))
	if len(diags) > 0 {
		t.Fatalf("%v\n%s", diags, text)
	}
	p, _ := Read(b.library, b.spec, "policy.cue", []byte(text), inst, sources)
	return p
}

// byCUE returns the policy with nothing compiled.
func (p *Policy) byCUE() *Policy {
	q := *p
	q.tenant.term, q.plan.term = nil, nil
	return &q
}

func (b *bench) judge(p *Policy) *Judge {
	return NewJudge(NewSet(p), b.library, func(p *Policy) (*build.Instance, diag.List) {
		inst, _, diags := b.loader.Instance(p.Path, p.Text)
		return inst, diags
	})
}

// tenants returns the tenants of testdata.
func (b *bench) tenants(t testing.TB) []*data.Node {
	t.Helper()
	units, _, err := find.Find(t.Context(), find.Disk{}, []string{"../../../testdata/tenants/..."})
	if err != nil {
		t.Fatal(err)
	}
	var all []*data.Node
	for _, u := range units {
		loaded, err := b.loader.Load(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range loaded.Documents {
			if doc.Root.Get("provider") != nil {
				all = append(all, doc.Root)
			}
		}
	}
	if len(all) < 15 {
		t.Fatalf("only %d tenants", len(all))
	}
	return all
}

// tenant returns a random tenant. Most pass the schema, because a refused one never reaches the
// policy.
func (b *bench) tenant(r *rand.Rand, tenants []*data.Node) *data.Node {
	for {
		tenant := small(r, tenants[r.IntN(len(tenants))])
		switch r.IntN(4) {
		case 0:
			tenant = datatest.Edit(r, tenant, tenants)
		case 1, 2:
			tenant = datatest.Recombine(r, tenant, tenants)
		}
		of, _ := b.of(tenant)
		if _, diags := b.checker.Fill(of, tenant); !diags.HasErrors() || r.IntN(8) == 0 {
			return tenant
		}
	}
}

// needed are the required fields of a tenant, a workload and a container.
var needed = []string{"id", "provider", "workloads", "containers", "image"}

// small returns a tenant with one or two of its workloads, and some of their fields: it is
// checked faster, and lacks more values to supply.
func small(r *rand.Rand, tenant *data.Node) *data.Node {
	return someFields(r, tenant, func(name string, workloads *data.Node) *data.Node {
		if name != "workloads" {
			return workloads
		}
		return someEntries(r, workloads, 1+r.IntN(2), func(workload *data.Node) *data.Node {
			return someFields(r, workload, func(name string, containers *data.Node) *data.Node {
				if name != "containers" {
					return containers
				}
				return someEntries(r, containers, 1+r.IntN(2), func(container *data.Node) *data.Node {
					return someFields(r, container, func(name string, value *data.Node) *data.Node {
						if name == "env" || name == "ports" || name == "mounts" {
							return someEntries(r, value, 2, func(n *data.Node) *data.Node { return n })
						}
						return value
					})
				})
			})
		})
	})
}

func someFields(r *rand.Rand, n *data.Node, change func(string, *data.Node) *data.Node) *data.Node {
	some := &data.Node{Kind: n.Kind, Text: n.Text, Elems: n.Elems, At: n.At}
	for _, f := range n.Fields {
		if slices.Contains(needed, f.Name) || r.IntN(2) == 0 {
			f.Value = change(f.Name, f.Value)
			some.Fields = append(some.Fields, f)
		}
	}
	return some
}

func someEntries(r *rand.Rand, n *data.Node, limit int, change func(*data.Node) *data.Node) *data.Node {
	some := &data.Node{Kind: n.Kind, Text: n.Text, Elems: n.Elems, At: n.At}
	for _, i := range r.Perm(len(n.Fields))[:min(limit, len(n.Fields))] {
		f := n.Fields[i]
		f.Value = change(f.Value)
		some.Fields = append(some.Fields, f)
	}
	return some
}

type verdict struct {
	own    *data.Node
	filled *data.Node // with the schema's defaults
	plan   *plan.Plan
	diags  diag.List
	byCUE  bool
}

// verdict returns the result of compiling a tenant.
func (b *bench) verdict(t testing.TB, j *Judge, tenant *data.Node) verdict {
	t.Helper()
	var v verdict
	before := j.cue.evaluated
	of, name := b.of(tenant)
	own, filled, diags, err := j.Tenant(tenant, func(n *data.Node) (*data.Node, diag.List, error) {
		filled, diags := b.checker.Fill(of, n)
		return filled, diags, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v.own, v.filled, v.diags = own, filled, diags
	if !diags.HasErrors() {
		v.plan, _ = plan.Build(filled, nil, name)
		if v.diags, err = j.Plan(v.plan, tenant); err != nil {
			t.Fatal(err)
		}
	}
	v.byCUE = j.cue.evaluated != before
	return v
}

// of returns the shape and name of a tenant's provider.
func (b *bench) of(tenant *data.Node) (*shape.Shape, string) {
	if n := tenant.Get("provider"); n != nil && b.spec[n.Text] != nil {
		return b.spec[n.Text], n.Text
	}
	return b.spec["kubernetes"], "kubernetes"
}

// diff describes the difference of two verdicts.
func (v verdict) diff(other verdict) string {
	if v.diags.HasErrors() != other.diags.HasErrors() {
		return "another verdict"
	}
	if v.diags.HasErrors() {
		return ""
	}
	if x, y := written(v.own), written(other.own); x != y {
		return "other values are supplied: " + cmp.Diff(x, y)
	}
	return cmp.Diff(v.plan, other.plan)
}

// restates reports whether two verdicts differ only in whether the policy supplies a value that
// is the schema's default anyway. Where a condition on a field sets the same field (if kind ==
// "service" {kind: "service"}), CUE sees either the default or the missing value, never both.
func (v verdict) restates(other verdict) bool {
	return !v.diags.HasErrors() && !other.diags.HasErrors() && written(v.own) != written(other.own) &&
		written(v.filled) == written(other.filled) && cmp.Diff(v.plan, other.plan) == ""
}

func said(x, y diag.List) string {
	var b strings.Builder
	for side, diags := range map[string]diag.List{"compiled": x, "by CUE": y} {
		for _, d := range diags {
			b.WriteString(side + ": " + d.Path.String() + ": " + d.Message + "\n")
		}
	}
	return b.String()
}

// written encodes a tree as text, with sorted fields.
func written(n *data.Node) string {
	var lines []string
	var walk func(at diag.Path, n *data.Node)
	walk = func(at diag.Path, n *data.Node) {
		lines = append(lines, at.String()+" "+n.Kind.String()+" "+n.Text)
		for _, f := range n.Fields {
			walk(at.To(f.Name), f.Value)
		}
		for i, e := range n.Elems {
			walk(at.To(i), e)
		}
	}
	walk(nil, n)
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
