package compile_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/data/datatest"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestFleeting has the same said of the tenants and mistakes of testdata, and of each once
// more, which is a duplicate, whether the memory of their data is used again or not: many
// at once, by several workers.
func TestFleeting(t *testing.T) {
	dir := t.TempDir()
	n := 0
	write := func(name string, text []byte) {
		if ext := filepath.Ext(name); ext != ".yaml" && ext != ".json" {
			return
		}
		for range 2 {
			n++
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d-%s", n, filepath.Base(name))), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	mistakes, _ := filepath.Glob("../../testdata/mistakes/*.txtar")
	for _, path := range mistakes {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			write(f.Name, f.Data)
		}
	}
	tenants, _ := filepath.Glob("../../testdata/tenants/*/*")
	for _, path := range tenants {
		if text, err := os.ReadFile(path); err == nil {
			write(path, text)
		}
	}
	if n < 200 {
		t.Fatalf("%d files", n)
	}
	reg := registry(t)
	told := func(fleeting bool) string {
		var b strings.Builder
		in := compile.Input{Paths: []string{dir}, Jobs: 4, Fleeting: fleeting}
		err := compile.Each(t.Context(), reg, in, func(u compile.Unit) error {
			enc := json.NewEncoder(&b)
			for _, d := range u.Diagnostics {
				if err := enc.Encode(d); err != nil {
					return err
				}
			}
			for _, tenant := range u.Tenants {
				b.Write(datatest.Write("json", tenant.Data))
				for _, p := range tenant.Plans {
					if err := enc.Encode(p); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := told(false)
	if plans, _, err := compile.Compile(t.Context(), reg, compile.Input{Paths: []string{dir}, Fleeting: true}); err != nil || !inside(want, plans) {
		t.Errorf("Compile, which keeps plans and no data, returns others: %v", err)
	}
	for range 3 {
		if diff := cmp.Diff(want, told(true)); diff != "" {
			t.Fatalf("fleeting data differ (-kept +fleeting):\n%s", diff)
		}
	}
}

// inside reports whether a text holds plans.
func inside(text string, plans []*plan.Plan) bool {
	for _, p := range plans {
		b, err := json.Marshal(p)
		if err != nil || !strings.Contains(text, string(b)) {
			return false
		}
	}
	return len(plans) > 0
}
