package providers_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/compile/compiletest"
	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
	"github.com/cuecompute/cuecompute/providers"
)

func FuzzRenderECS(f *testing.F)        { fuzzRender(f, "ecs") }
func FuzzRenderKubernetes(f *testing.F) { fuzzRender(f, "kubernetes") }
func FuzzRenderNomad(f *testing.F)      { fuzzRender(f, "nomad") }
func FuzzRenderCompose(f *testing.F)    { fuzzRender(f, "compose") }

// fuzzRender renders the tenants of a platform with a few changes: what Validate passes is
// rendered, to files that are what their names say and hold every image, the same the
// second time, and the plan stays what it was.
func fuzzRender(f *testing.F, platform string) {
	reg := compiletest.Registry(f, providers.All()...)
	all := compiletest.Tenants(f, reg, "../testdata/tenants/...")
	var own []*datatest.Node
	for _, tenant := range all {
		if named := tenant.Get("provider"); named != nil && named.Text == platform {
			own = append(own, tenant)
		}
	}
	if len(own) == 0 {
		own = all
	}
	target, err := reg.Get(platform)
	if err != nil {
		f.Fatal(err)
	}
	c, err := compile.New(reg, compile.Options{})
	if err != nil {
		f.Fatal(err)
	}
	datatest.AddScripts(f, 2*len(own), func(i int) any { return i })
	f.Fuzz(func(t *testing.T, which int, script []byte) {
		text := datatest.Write("json", datatest.Changed(script, own[uint(which)%uint(len(own))], all, datatest.Recombine))
		passed := compiletest.Judge(t, c, platform, text)
		if passed == nil {
			return
		}
		p, files := passed.Plans[0], passed.Files[0]
		before := planText(t, p)
		again, err := target.(provider.Renderer).Render(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(files, again); diff != "" {
			t.Errorf("rendered otherwise the second time:\n%s", diff)
		}
		if !bytes.Equal(before, planText(t, p)) {
			t.Error("the plan was changed")
		}
		var whole []byte
		for _, file := range files {
			if err := providertest.WellFormed(file); err != nil {
				t.Errorf("%s %v", file.Name, err)
			}
			whole = append(whole, file.Data...)
		}
		for name, w := range p.Workloads {
			for _, container := range w.Containers {
				if !bytes.Contains(whole, []byte(container.Image)) {
					t.Errorf("the image %s of %s is in no file", container.Image, name)
				}
			}
		}
	})
}

func planText(t *testing.T, p *plan.Plan) []byte {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
