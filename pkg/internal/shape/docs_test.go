package shape

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// TestOwnText: every field, including those of extensions, has its own description, different
// from its parent's.
func TestOwnText(t *testing.T) {
	var all []provider.Schema
	for _, p := range providers.All() {
		all = append(all, p.Info().Schema)
	}
	lib, err := library.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	for _, s := range all {
		compiled, err := Compile(lib, s.ImportPath)
		if err != nil {
			t.Fatal(err)
		}
		var walk func(path diag.Path, ts Types, above string)
		walk = func(path diag.Path, ts Types, above string) {
			for _, spot := range within(ts) {
				here := path.To(spot.Name)
				fields++
				e, err := compiled.Explain(here)
				if err != nil {
					t.Errorf("%s: %v", here, err)
					continue
				}
				doc := e.Forms[0].Doc
				switch {
				case doc == "" && len(path) > 0 && path[len(path)-1] == "extensions": // a platform, which explain describes itself
				case doc == "":
					t.Errorf("%s %s: no text", s.ImportPath, here)
				case doc == above:
					t.Errorf("%s %s: the text of the field above: %q", s.ImportPath, here, doc)
				}
				walk(here, spot.Types, doc)
			}
		}
		walk(nil, compiled.Tenant, "")
	}
	if fields < 400 {
		t.Errorf("%d fields", fields)
	}
}
