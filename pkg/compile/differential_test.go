package compile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	cuejson "cuelang.org/go/encoding/json"
	cueyaml "cuelang.org/go/encoding/yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/internal/unify"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// edited is the number of texts that the differential test checks, and seed its random seed.
// EDITS and SEED override them for a longer run.
var edited, seed = 900, 20261123

// TestSameVerdictAsCUE edits real tenants at random, one to three times, writes them in each
// language, with scalars that languages read differently, and compares the structural verdict
// with the cue command's: `cue vet -c ./providers/P FILE -d '#Tenant'` for YAML and JSON; for
// CUE, `cue export FILE` piped to the same. The command's steps are done in this process, or by
// the command that the variable CUE names. If the text is admitted, the plan is the same as
// with CUE's own defaults.
func TestSameVerdictAsCUE(t *testing.T) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	count, first := number("EDITS", edited), number("SEED", seed)
	tenants := realTenants(t)
	var next, refused atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			j := newComparer(t)
			for {
				i := int(next.Add(1)) - 1
				if i >= count || t.Failed() {
					return
				}
				if i%perContext == 0 {
					j = newComparer(t)
				}
				r := rand.New(rand.NewPCG(uint64(first), uint64(i)))
				tenant := tenants[r.IntN(len(tenants))]
				lang := datatest.Languages[i%len(datatest.Languages)]
				n := datatest.Edit(r, tenant, tenants)
				for range r.IntN(3) {
					n = datatest.Edit(r, n, tenants)
				}
				if !j.compare(t, lang, datatest.Write(lang, n), tenant.Get("provider").Text) {
					t.Errorf("that was edit %d of seed %d", i, first)
				}
				if j.refused {
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d edits of seed %d, %d of them refused", count, first, refused.Load())
	if n := int(refused.Load()); n == 0 || n == count {
		t.Error("the edits do not tell the two apart")
	}
}

// perContext is the number of texts after which CUE's state is replaced.
const perContext = 100

// comparer compares the two verdicts, for one goroutine.
type comparer struct {
	library *library.Library
	schemas map[string]provider.Schema
	shapes  map[string]*shape.Shape
	judge   *unify.Judge
	ctx     *cue.Context
	build   *build.Context
	stock   map[string]cue.Value
	refused bool // the last text
}

func newComparer(t testing.TB) *comparer {
	t.Helper()
	j := &comparer{schemas: map[string]provider.Schema{}, shapes: map[string]*shape.Shape{}, stock: map[string]cue.Value{}}
	var all []provider.Schema
	for _, p := range providers.All() {
		j.schemas[p.Info().Name] = p.Info().Schema
		all = append(all, p.Info().Schema)
	}
	var err error
	if j.library, err = library.New(all...); err != nil {
		t.Fatal(err)
	}
	for name, s := range j.schemas {
		if j.shapes[name], err = shape.Compile(j.library, s.ImportPath); err != nil {
			t.Fatal(err)
		}
	}
	j.judge, j.ctx, j.build = unify.New(j.library), cuecontext.New(), build.NewContext()
	return j
}

// beyond64Bits matches integers that CUE's YAML reader takes for floats, or refuses.
var beyond64Bits = regexp.MustCompile(`: -?[1-9][0-9]{18,}\b`)

// wholeFloat matches floats without a fraction, which CUE's YAML reader refuses and ours
// accepts as floats.
var wholeFloat = regexp.MustCompile(`!!float (-?[0-9]+)\b`)

// compare compares the two verdicts on a text.
func (j *comparer) compare(t *testing.T, lang string, text []byte, name string) bool {
	root, filled, diags := j.ours(t, lang, text, name)
	j.refused = filled == nil
	if lang == "yaml" && beyond64Bits.Match(text) {
		return true
	}
	if lang == "yaml" {
		text = wholeFloat.ReplaceAll(text, []byte("${1}.0"))
	}
	want := j.admits(t, lang, text, j.schemas[name])
	if want == j.refused {
		t.Errorf("%s, %s: admitted is %v, and by the cue command %v: %v\n%s", name, lang, !j.refused, want, diags, text)
		return false
	}
	if j.refused {
		return true
	}
	byCUE, _, err := j.judge.Tenant(j.schemas[name], root)
	if err != nil || byCUE == nil {
		t.Errorf("%s, %s: refused by unify: %v\n%s", name, lang, err, text)
		return false
	}
	p, _ := plan.Build(filled, nil, name)
	q, _ := plan.Build(byCUE, nil, name)
	if diff := cmp.Diff(q, p); diff != "" {
		t.Errorf("%s, %s: plan (-by CUE +by shape):\n%s\n%s", name, lang, diff, text)
		return false
	}
	return true
}

// ours returns the structural verdict of load and shape: the loaded data, and the same with
// defaults, nil if refused.
func (j *comparer) ours(t *testing.T, lang string, text []byte, name string) (root, filled *data.Node, diags fmt.Stringer) {
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := load.New(j.library, load.Options{Tags: tags, Stdin: bytes.NewReader(text), Lang: lang, Evaluator: load.Evaluator{Unbounded: true}})
	loaded, err := l.Load(t.Context(), find.Unit{Path: "-"})
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Diagnostics.HasErrors() || len(loaded.Documents) != 1 {
		return nil, nil, said{loaded.Diagnostics}
	}
	root = loaded.Documents[0].Root
	filled, found := j.shapes[name].Check(root)
	return root, filled, said{found}
}

type said struct{ any }

func (s said) String() string { return fmt.Sprintf("%+v", s.any) }

// admits returns the cue command's verdict.
func (j *comparer) admits(t *testing.T, lang string, text []byte, s provider.Schema) bool {
	if command := os.Getenv("CUE"); command != "" {
		return commandAdmits(t, command, lang, text, s)
	}
	tenant, ok := j.stock[s.ImportPath]
	if !ok {
		inst := j.library.Load(j.build, j.library.Loader(j.build), s.ImportPath)
		tenant = j.ctx.BuildInstance(inst).LookupPath(cue.ParsePath("#Tenant"))
		j.stock[s.ImportPath] = tenant
	}
	if lang == "yaml" {
		f, err := cueyaml.Extract("t.yaml", text)
		return err == nil && tenant.Unify(j.ctx.BuildFile(f)).Validate(cue.Concrete(true)) == nil
	}
	if lang == "cue" {
		exported, err := j.ctx.CompileBytes(text).MarshalJSON()
		if err != nil {
			return false
		}
		text = exported
	}
	x, err := cuejson.Extract("t.json", text)
	return err == nil && tenant.Unify(j.ctx.BuildExpr(x)).Validate(cue.Concrete(true)) == nil
}

// commandAdmits returns the verdict of the cue command itself.
func commandAdmits(t *testing.T, command, lang string, text []byte, s provider.Schema) bool {
	path := filepath.Join(t.TempDir(), "t."+lang)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	vet := exec.Command(command, "vet", "-c", "-d", "#Tenant", "./"+strings.TrimPrefix(s.ImportPath, "github.com/cuecompute/cuecompute/"), path)
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

// realTenants returns the tenants of testdata that name their provider, which the cue command
// needs.
func realTenants(t testing.TB) []*data.Node {
	t.Helper()
	units, diags, err := find.Find(t.Context(), find.Disk{}, []string{"../../testdata/tenants/..."})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := load.New(newComparer(t).library, load.Options{Tags: tags, Evaluator: load.Evaluator{Unbounded: true}})
	var tenants []*data.Node
	for _, u := range units {
		loaded, err := l.Load(t.Context(), u)
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
