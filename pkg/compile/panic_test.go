package compile

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// TestPanicCostsOneTenant: if one provider's schema panics, its tenant is reported with the
// stage, and the others are checked.
func TestPanicCostsOneTenant(t *testing.T) {
	reg := &provider.Registry{}
	for _, p := range providers.All() {
		if err := reg.Register(p); err != nil {
			t.Fatal(err)
		}
	}
	c, err := New(reg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p, err := reg.Get("nomad")
	if err != nil {
		t.Fatal(err)
	}
	c.shapes[p.Info().Schema.ImportPath] = func() *shape.Shape { panic("broken") }
	tenant := func(id, provider string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("id: " + id + "\nprovider: " + provider + "\nworkloads: {web: {containers: {app: {image: \"web:1\"}}}}\n")}
	}
	files := fstest.MapFS{"a.yaml": tenant("a", "kubernetes"), "b.yaml": tenant("b", "nomad"), "c.yaml": tenant("c", "kubernetes"), "d.yaml": tenant("d", "nomad")}
	plans, _, err := c.Compile(t.Context(), Input{FS: files, Paths: []string{"a.yaml", "b.yaml", "c.yaml", "d.yaml"}, Jobs: 1})
	if len(plans) != 2 {
		t.Errorf("%d plans, not those of a and c", len(plans))
	}
	failed, ok := errors.AsType[*PanicError](err)
	if !ok || failed.Tenant != "b" || failed.Stage != "check" || !strings.Contains(string(failed.Stack), "TestPanicCostsOneTenant") {
		t.Errorf("the error is %v", err)
	}
	if want := "tenant b: check panicked: broken (and so for 1 more)"; err == nil || err.Error() != want {
		t.Errorf("the error is %v, not %s", err, want)
	}
}
