package formats_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/importer/formats"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestBroken imports documents of which parts are gone or are of other kinds, and demands that
// no importer fails, and that each value has one entry.
func TestBroken(t *testing.T) {
	reg := registry(t)
	random := rand.New(rand.NewPCG(20, 3))
	for _, f := range formats.All() {
		if indistinct[f.Name] == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			n := 0
			rendered(t, reg, f.Provider, func(p *plan.Plan, files []provider.File) {
				for range 3 {
					texts, paths := map[string][]byte{}, []string{}
					for _, file := range files {
						texts[file.Name] = broken(t, random, file)
						paths = append(paths, file.Name)
					}
					n++
					r, err := importer.Import(context.Background(), importer.Options{
						Formats: formats.All(), Registry: reg, Paths: paths, From: f.Name, ID: p.ID,
						Read: func(name string) ([]byte, error) {
							if text, ok := texts[name]; ok {
								return text, nil
							}
							return nil, fs.ErrNotExist
						},
					})
					if err != nil {
						t.Errorf("%s: %v", p.ID, err)
						continue
					}
					type place struct {
						file         string
						line, column int
					}
					seen := map[place]bool{}
					for _, e := range r.Account.Entries {
						at := place{e.File, e.Line, e.Column}
						if seen[at] {
							t.Errorf("%s: two entries at %v", p.ID, at)
						}
						seen[at] = true
					}
				}
			})
			t.Logf("%d imports", n)
		})
	}
}

// broken is a file with a few of its values gone, or replaced.
func broken(t *testing.T, random *rand.Rand, file provider.File) []byte {
	t.Helper()
	var tree any
	if err := yaml.Unmarshal(file.Data, &tree); err != nil {
		t.Fatal(err)
	}
	for range 1 + random.IntN(3) {
		tree = damage(random, tree, 0)
	}
	if path.Ext(file.Name) == ".json" {
		text, err := json.MarshalIndent(tree, "", "  ")
		if err != nil {
			return file.Data
		}
		return text
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	if err := e.Encode(tree); err != nil {
		return file.Data
	}
	return b.Bytes()
}

// damage replaces or takes away one value of a tree.
func damage(random *rand.Rand, v any, depth int) any {
	if depth > 2 && random.IntN(6) == 0 {
		return []any{nil, "", "odd", 7, true, []any{}, map[string]any{}, []any{"a"}, map[string]any{"a": "b"}}[random.IntN(9)]
	}
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 {
			return v
		}
		k := keys[random.IntN(len(keys))]
		if depth > 1 && random.IntN(8) == 0 {
			delete(v, k)
			return v
		}
		v[k] = damage(random, v[k], depth+1)
	case []any:
		if len(v) > 0 {
			i := random.IntN(len(v))
			v[i] = damage(random, v[i], depth+1)
		}
	}
	return v
}
