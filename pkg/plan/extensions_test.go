package plan_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestExtensions decodes many extensions repeatedly, from several goroutines, and the defaults
// do not change.
func TestExtensions(t *testing.T) {
	type extension struct {
		Name  string
		Zones []string
	}
	x := plan.Extensions[extension]{Defaults: func() extension { return extension{Name: "web", Zones: []string{"*"}} }}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 4000 {
				zone := fmt.Sprint(i % 700)
				for text, want := range map[string]extension{
					``:                               {"web", []string{"*"}},
					`{"zones":["` + zone + `"]}`:     {"web", []string{zone}},
					`{"name":"n` + zone + `"}`:       {"n" + zone, []string{"*"}},
					`{"zones":["a","` + zone + `"]}`: {"web", []string{"a", zone}},
				} {
					got, err := x.Decode(plan.Extension(text))
					if diff := cmp.Diff(&want, got); err != nil || diff != "" {
						t.Errorf("%s: %v %s", text, err, diff)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	for range 2 {
		if _, err := x.Decode(`{"nam":"x"}`); err == nil {
			t.Error("an unknown field is no error")
		}
	}
}
