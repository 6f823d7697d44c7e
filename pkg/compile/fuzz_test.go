package compile_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// maxSeed is the size limit of seeds: mutations of a larger file find nothing more.
const maxSeed = 16 << 10

// FuzzCompile compiles any text in any of the languages: it refuses every tenant, or plans and
// renders it, reports mistakes at positions in the text, and gives the same result twice.
func FuzzCompile(f *testing.F) {
	err := filepath.WalkDir("../../testdata", func(path string, d fs.DirEntry, err error) error {
		lang := strings.TrimPrefix(filepath.Ext(path), ".")
		if err != nil || d.IsDir() || !slices.Contains(datatest.Languages, lang) {
			return err
		}
		text, err := os.ReadFile(path)
		if len(text) <= maxSeed {
			f.Add(slices.Index(datatest.Languages, lang), text)
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	c, err := compile.New(registry(f), compile.Options{Evaluation: compile.Evaluation{Timeout: time.Second, Memory: 256 << 20}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(c.Close)
	f.Fuzz(func(t *testing.T, lang int, text []byte) {
		in := compile.Input{
			Paths: []string{"-"}, Lang: datatest.Languages[uint(lang)%uint(len(datatest.Languages))], Jobs: 1, Render: true,
		}
		first := judgeText(t, c, in, text)
		if (len(first.plans) == 0 || len(first.plans) < first.count) != first.diags.HasErrors() {
			t.Errorf("%d tenants, %d plans and these diagnostics: %v", first.count, len(first.plans), first.diags)
		}
		src := data.NewSource("-", bytes.TrimPrefix(text, []byte("\ufeff")))
		if err := datatest.DiagnosticsInside(src, first.diags); err != nil {
			t.Error(err)
		}
		for _, d := range first.diags {
			if d.Code == "" || d.Message == "" || d.File == "" {
				t.Errorf("%+v does not tell all", d)
			}
		}
		for _, p := range first.plans {
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			again, err := plan.ReadAll(bytes.NewReader(text))
			if err != nil || len(again) != 1 {
				t.Fatalf("%v: %s", err, text)
			}
			if diff := cmp.Diff(p, again[0]); diff != "" {
				t.Errorf("the plan is read back as another:\n%s", diff)
			}
		}
		again := judgeText(t, c, in, text)
		if first.stopped() || again.stopped() {
			return // depends on the machine's speed
		}
		if diff := cmp.Diff(first, again, cmp.AllowUnexported(judged{})); diff != "" {
			t.Errorf("another verdict the second time:\n%s", diff)
		}
	})
}

// judged is the verdict on a text.
type judged struct {
	plans []*plan.Plan
	diags diag.List
	count int
}

func (j judged) stopped() bool {
	return slices.ContainsFunc(j.diags, func(d diag.Diagnostic) bool { return d.Code == diag.Limit })
}

func judgeText(t *testing.T, c *compile.Compiler, in compile.Input, text []byte) judged {
	t.Helper()
	in.Stdin = bytes.NewReader(text)
	var j judged
	err := c.Each(t.Context(), in, func(u compile.Unit) error {
		j.diags, j.count = append(j.diags, u.Diagnostics...), j.count+u.Count
		for _, tenant := range u.Tenants {
			j.plans = append(j.plans, tenant.Plans...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// FuzzSameVerdictAsCUE mutates real tenants, and compares the structural verdict with CUE's
// own: see [TestSameVerdictAsCUE].
func FuzzSameVerdictAsCUE(f *testing.F) {
	tenants := realTenants(f)
	datatest.AddScripts(f, len(tenants), func(i int) any { return i }, func(i int) any { return i % len(datatest.Languages) })
	j, judged := newComparer(f), 0
	f.Fuzz(func(t *testing.T, which, language int, script []byte) {
		if judged++; judged%perContext == 0 {
			j = newComparer(t)
		}
		tenant := tenants[uint(which)%uint(len(tenants))]
		lang := datatest.Languages[uint(language)%uint(len(datatest.Languages))]
		changed := datatest.Changed(script, tenant, tenants, datatest.Edit, datatest.Recombine)
		j.compare(t, lang, datatest.Write(lang, changed), tenant.Get("provider").Text)
	})
}
