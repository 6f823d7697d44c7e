package shape_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile/compiletest"
	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/providers"
)

// FuzzCheck checks real tenants with a few changes. A check does not change them, gives the
// same result twice, and either fills in defaults, so that a second check changes nothing, or
// reports mistakes at positions of the text.
func FuzzCheck(f *testing.F) {
	reg := compiletest.Registry(f, providers.All()...)
	tenants := compiletest.Tenants(f, reg, "../../../testdata/tenants/...")
	lib := newLibrary(f)
	var shapes []*shape.Shape
	for _, p := range providers.All() {
		s, err := shape.Compile(lib, p.Info().Schema.ImportPath)
		if err != nil {
			f.Fatal(err)
		}
		shapes = append(shapes, s)
	}
	var checker shape.Checker // reused from one tenant to the next
	datatest.AddScripts(f, len(tenants), func(i int) any { return i % len(tenants) }, func(i int) any { return i % len(shapes) })
	f.Fuzz(func(t *testing.T, which, platform int, script []byte) {
		tenant := tenants[uint(which)%uint(len(tenants))]
		s := shapes[uint(platform)%uint(len(shapes))]
		src := data.NewSource("-", datatest.Write("json", datatest.Changed(script, tenant, tenants, datatest.Edit, datatest.Recombine)))
		root := read(t, src)
		if root == nil {
			return
		}
		filled, diags := s.Check(root)
		if diff := datatest.Diff(read(t, src), root); diff != "" {
			t.Errorf("it changed the tenant:\n%s", diff)
		}
		again, diagsAgain := checker.Check(s, root)
		if diff := datatest.Diff(filled, again); diff != "" {
			t.Errorf("filled in otherwise the second time:\n%s", diff)
		}
		if diff := cmp.Diff(diags, diagsAgain); diff != "" {
			t.Errorf("other mistakes the second time:\n%s", diff)
		}
		if (filled == nil) != diags.HasErrors() {
			t.Errorf("filled in is %v, with %v", filled != nil, diags)
		}
		if err := datatest.DiagnosticsInside(src, diags); err != nil {
			t.Error(err)
		}
		for _, d := range diags {
			if d.Line == 0 || d.Message == "" {
				t.Errorf("%+v has no place, or says nothing", d)
			}
		}
		if filled == nil {
			return
		}
		twice, diags := s.Check(filled)
		if diff := datatest.Diff(filled, twice); diff != "" {
			t.Errorf("what was filled in is refused, or filled in once more: %v\n%s", diags, diff)
		}
	})
}

// read parses a tenant in JSON, nil if it cannot.
func read(t *testing.T, src *data.Source) *data.Node {
	t.Helper()
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := load.New(nil, load.Options{Tags: tags, Stdin: bytes.NewReader(src.Text), Lang: "json"}).Load(t.Context(), find.Unit{Path: "-"})
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded.Documents) != 1 {
		return nil
	}
	return loaded.Documents[0].Root
}
