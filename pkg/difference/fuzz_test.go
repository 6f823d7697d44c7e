package difference_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/compile/compiletest"
	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// FuzzDifference compares two plans with independent changes: applying the changes to one gives
// the other, the reverse comparison has the same changes, and every format reports all of them.
func FuzzDifference(f *testing.F) {
	reg := registry(f)
	tenants := compiletest.Tenants(f, reg, "../../testdata/tenants/...")
	c, err := compile.New(reg, compile.Options{})
	if err != nil {
		f.Fatal(err)
	}
	datatest.AddScripts(f, len(tenants), func(i int) any { return i }, func(i int) any { return []byte(strconv.Itoa(7 * i)) })
	f.Fuzz(func(t *testing.T, which int, oldScript, newScript []byte) {
		tenant := tenants[uint(which)%uint(len(tenants))]
		side := func(script []byte) *compile.Tenant {
			changed := datatest.Changed(script, tenant, tenants, datatest.Recombine)
			changed.Set("id", data.Pos{}, &data.Node{Kind: data.String, Text: "acme"})
			named := tenant.Get("provider")
			if named == nil {
				named = &data.Node{Text: "kubernetes"}
			}
			return compiletest.Judge(t, c, named.Text, datatest.Write("json", changed))
		}
		old, now := side(oldScript), side(newScript)
		if old == nil || now == nil {
			return
		}
		from, to := old.Plans[0], now.Plans[0]
		changes := diffOf(t, from, to)
		checkChanges(t, from, to, changes)
		for _, same := range []*plan.Plan{from, reread(t, from)} {
			if found := diffOf(t, from, same); len(found) > 0 {
				t.Errorf("a plan differs from itself: %+v", found)
			}
		}
		checkForms(t, reg, old, now, len(changes))
	})
}

func diffOf(t *testing.T, from, to *plan.Plan) []plan.Change {
	t.Helper()
	changes, err := plan.Diff(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func reread(t *testing.T, p *plan.Plan) *plan.Plan {
	t.Helper()
	again, err := plan.ReadAll(strings.NewReader(string(encoded(t, p))))
	if err != nil {
		t.Fatal(err)
	}
	return again[0]
}

// unmarked returns a plan without the origins of its values.
func unmarked(t *testing.T, p *plan.Plan) *plan.Plan {
	t.Helper()
	again := reread(t, p)
	again.Defaults = nil
	for name, w := range again.Workloads {
		w.Written = nil
		again.Workloads[name] = w
		for _, c := range w.Containers {
			for _, check := range c.Checks() {
				check.Written = nil
			}
		}
	}
	return again
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// checkChanges compares the changes of two plans with the reverse changes, and applies them.
func checkChanges(t *testing.T, from, to *plan.Plan, changes []plan.Change) {
	t.Helper()
	backwards := diffOf(t, to, from)
	for i := range backwards {
		c := &backwards[i]
		c.Old, c.New = c.New, c.Old
		c.Kind = map[plan.ChangeKind]plan.ChangeKind{plan.Added: plan.Removed, plan.Removed: plan.Added, plan.Changed: plan.Changed}[c.Kind]
	}
	if diff := cmp.Diff(changes, backwards); diff != "" {
		t.Errorf("other changes backwards:\n%s", diff)
	}
	made, want := decoded(t, unmarked(t, from)), decoded(t, unmarked(t, to))
	for _, c := range changes {
		if strings.Contains(string(encoded(t, c)), mask.Masked) {
			return // masked values are not available
		}
		made = changed(t, made, c.Path, c)
	}
	if got := decoded(t, made); !reflect.DeepEqual(got, want) {
		t.Errorf("the changes do not make the one plan of the other (-want +got):\n%s", cmp.Diff(want, got))
	}
}

func decoded(t *testing.T, v any) any {
	t.Helper()
	var out any
	if err := json.Unmarshal(encoded(t, v), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// changed applies a change to a plan's JSON.
func changed(t *testing.T, tree any, at []string, c plan.Change) any {
	t.Helper()
	if len(at) == 0 {
		return c.New
	}
	switch tree := tree.(type) {
	case map[string]any:
		if c.Kind == plan.Removed && len(at) == 1 {
			delete(tree, at[0])
		} else {
			tree[at[0]] = changed(t, tree[at[0]], at[1:], c)
		}
	case []any:
		i, err := strconv.Atoi(strings.Trim(at[0], "[]"))
		if err != nil || i >= len(tree) {
			t.Fatalf("%s is not in %v", c.Path, tree)
		}
		tree[i] = changed(t, tree[i], at[1:], c)
	default:
		t.Fatalf("%s leads into %v", c.Path, tree)
	}
	return tree
}

// checkForms checks that the formats of a difference are consistent.
func checkForms(t *testing.T, reg *provider.Registry, old, now *compile.Tenant, changes int) {
	t.Helper()
	compare := func() *difference.Difference {
		x := difference.NewComparison(reg)
		x.Old(old.Plans[0], old.For(""))
		if err := x.New(now.Plans[0], now.For("")); err != nil {
			t.Fatal(err)
		}
		d, err := x.Difference()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := compare()
	if diff := cmp.Diff(d, compare()); diff != "" {
		t.Errorf("another difference the second time:\n%s", diff)
	}
	if (changes == 0) != (len(d.Tenants) == 0) || d.Summary.Unchanged+d.Summary.Tenants.Sum() != 1 {
		t.Errorf("%d changes, and %+v", changes, d.Summary)
	}
	counted, worst := 0, provider.EffectNone
	for _, tenant := range d.Tenants {
		counted += len(tenant.Changes)
		for _, c := range tenant.Changes {
			worst = provider.Worse(worst, c.Effect)
			if len(c.Path) == 0 || c.Effect == "" || c.Kind == "" {
				t.Errorf("%+v is not told whole", c)
			}
		}
	}
	if counted != d.Summary.Changes.Sum() || worst != d.Summary.Worst {
		t.Errorf("%d changes up to %s, and %+v", counted, worst, d.Summary)
	}
	for _, ext := range []string{".txt", ".md", ".json"} {
		text := written(t, d, ext)
		if i := slices.IndexFunc([]rune(string(text)), func(r rune) bool { return r != '\n' && r != ' ' && !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%s is not to be printed: %q", ext, text)
		}
		if ext == ".json" && !json.Valid(text) {
			t.Errorf("not JSON: %s", text)
		}
	}
}
