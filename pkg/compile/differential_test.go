package compile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/format"
	cuejson "cuelang.org/go/encoding/json"
	cueyaml "cuelang.org/go/encoding/yaml"
	"go.yaml.in/yaml/v3"

	"github.com/cuecompute/cuecompute/pkg/cuedata"
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/load"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/unify"
	"github.com/cuecompute/cuecompute/providers"
)

// edits is how many random edits the differential test judges in each language.
const edits = 300

// TestSameVerdictAsCUE edits real tenants at random, and holds the structural verdict
// against that of the cue command: `cue vet -c ./providers/P FILE -d '#Tenant'` for YAML
// and JSON; for CUE, `cue export FILE` piped to the same. Both are done as the command
// does them in this process, or by the command itself where CUE names one.
func TestSameVerdictAsCUE(t *testing.T) {
	schemas := map[string]provider.Schema{}
	var all []provider.Schema
	for _, p := range providers.All() {
		schemas[p.Info().Name] = p.Info().Schema
		all = append(all, p.Info().Schema)
	}
	lib, err := library.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	stock := newStock(lib)
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	loader := load.NewLoader(lib, tags, strings.NewReader(""), "")
	judge := unify.New(lib)
	tenants := realTenants(t, loader)
	dir := t.TempDir()

	for _, lang := range []string{"yaml", "json", "cue"} {
		t.Run(lang, func(t *testing.T) {
			const seed = 20261123
			r := rand.New(rand.NewPCG(seed, uint64(len(lang))))
			refused := 0
			for i := range edits {
				tenant := tenants[r.IntN(len(tenants))]
				edited := edit(r, tenant, tenants)
				text := write(t, lang, edited)
				path := filepath.Join(dir, fmt.Sprintf("%d.%s", i, lang))
				if err := os.WriteFile(path, text, 0o600); err != nil {
					t.Fatal(err)
				}
				schema := schemas[tenant.Get("provider").Text]
				want := stock.admits(t, lang, path, text, schema)
				if command := os.Getenv("CUE"); command != "" {
					want = commandAdmits(command, lang, path, schema)
				}
				if got := admits(t, loader, judge, path, schema); got != want {
					t.Errorf("edit %d of seed %d: admitted is %v, and by the cue command %v:\n%s", i, seed, got, want, text)
				}
				if !want {
					refused++
				}
			}
			t.Logf("%d edits, %d of them refused", edits, refused)
			if refused == 0 || refused == edits {
				t.Error("the edits do not tell the two apart")
			}
		})
	}
}

// admits is our structural verdict on a file of one tenant.
func admits(t *testing.T, l *load.Loader, j *unify.Judge, path string, s provider.Schema) bool {
	t.Helper()
	loaded, err := l.Load(load.Unit{Path: path, Files: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded.Diagnostics) > 0 || len(loaded.Documents) != 1 {
		return false
	}
	_, diags, err := j.Tenant(s, loaded.Documents[0].Root)
	if err != nil {
		t.Fatal(err)
	}
	return len(diags) == 0
}

// stock is the cue command's own way to a verdict.
type stock struct {
	ctx     *cue.Context
	build   *build.Context
	library *library.Library
	schemas map[string]cue.Value
}

func newStock(lib *library.Library) *stock {
	return &stock{cuecontext.New(), build.NewContext(), lib, map[string]cue.Value{}}
}

func (s *stock) admits(t *testing.T, lang, path string, text []byte, schema provider.Schema) bool {
	t.Helper()
	tenant, ok := s.schemas[schema.ImportPath]
	if !ok {
		inst := s.library.Load(s.build, s.library.Loader(s.build), schema.ImportPath)
		tenant = s.ctx.BuildInstance(inst).LookupPath(cue.ParsePath("#Tenant"))
		s.schemas[schema.ImportPath] = tenant
	}
	if lang == "yaml" {
		f, err := cueyaml.Extract(path, text)
		return err == nil && tenant.Unify(s.ctx.BuildFile(f)).Validate(cue.Concrete(true)) == nil
	}
	if lang == "cue" {
		exported, err := s.ctx.CompileBytes(text, cue.Filename(path)).MarshalJSON()
		if err != nil {
			return false
		}
		text = exported
	}
	x, err := cuejson.Extract(path, text)
	return err == nil && tenant.Unify(s.ctx.BuildExpr(x)).Validate(cue.Concrete(true)) == nil
}

// commandAdmits is the verdict of the cue command.
func commandAdmits(command, lang, path string, schema provider.Schema) bool {
	vet := exec.Command(command, "vet", "-c", "-d", "#Tenant", "./"+strings.TrimPrefix(schema.ImportPath, "github.com/cuecompute/cuecompute/"), path)
	if lang == "cue" {
		exported, err := exec.Command(command, "export", path).Output()
		if err != nil {
			return false
		}
		vet.Args[len(vet.Args)-1] = "json:"
		vet.Args = append(vet.Args, "-")
		vet.Stdin = bytes.NewReader(exported)
	}
	vet.Dir = "../.."
	return vet.Run() == nil
}

// realTenants are the tenants of testdata whose provider the cue command can be told.
func realTenants(t *testing.T, l *load.Loader) []*data.Node {
	t.Helper()
	units, diags, err := load.Find([]string{"../../testdata/tenants/..."})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	var tenants []*data.Node
	for _, u := range units {
		loaded, err := l.Load(u)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range loaded.Documents {
			if doc.Root.Get("provider") != nil {
				tenants = append(tenants, doc.Root)
			}
		}
	}
	if len(tenants) < 15 {
		t.Fatalf("only %d tenants", len(tenants))
	}
	return tenants
}

// write renders data in a language.
func write(t *testing.T, lang string, n *data.Node) []byte {
	t.Helper()
	x := cuedata.Expr(n)
	if lang == "cue" {
		b, err := format.Node(x)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	v := cuecontext.New().BuildExpr(x)
	b, err := v.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if lang == "json" {
		return b
	}
	var y yaml.Node
	if err := yaml.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	block(&y)
	var out bytes.Buffer
	if err := yaml.NewEncoder(&out).Encode(&y); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func block(y *yaml.Node) {
	if y.Kind != yaml.ScalarNode {
		y.Style = 0
	}
	for _, c := range y.Content {
		block(c)
	}
}
