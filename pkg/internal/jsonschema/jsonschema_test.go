package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/jsonschema"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// verifier is the shapes, and an independent validator of the schemas made from them.
type verifier struct {
	library *library.Library
	shapes  map[string]*shape.Shape
	schemas map[string]*validator.Schema // by provider; "" for all providers
	text    any                          // the schema of all providers
}

func newVerifier(t *testing.T) *verifier {
	t.Helper()
	lib, err := library.Of(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	j := &verifier{lib, map[string]*shape.Shape{}, map[string]*validator.Schema{}, nil}
	for _, p := range providers.All() {
		name := p.Info().Name
		if j.shapes[name], err = shape.Compile(lib, p.Info().Schema.ImportPath); err != nil {
			t.Fatal(err)
		}
		one := generated(t, map[string]*shape.Shape{name: j.shapes[name]})
		j.schemas[name] = compiled(t, compiler(t, one), "")
	}
	j.text = generated(t, j.shapes)
	j.schemas[""] = compiled(t, compiler(t, j.text), "")
	return j
}

func generated(t *testing.T, shapes map[string]*shape.Shape) any {
	t.Helper()
	text, err := jsonschema.Of(shapes)
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, text)
}

func compiler(t *testing.T, schema any) *validator.Compiler {
	t.Helper()
	c := validator.NewCompiler()
	if err := c.AddResource("file:///schema.json", schema); err != nil {
		t.Fatal(err)
	}
	return c
}

// compiled returns the part of a schema at a JSON pointer.
func compiled(t *testing.T, c *validator.Compiler, pointer string) *validator.Schema {
	t.Helper()
	s, err := c.Compile("file:///schema.json#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	v, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return v
}

// tenants reads the tenants of a path, or a JSON text where path is "-". It leaves out what
// cannot be read.
func (j *verifier) tenants(t *testing.T, path string, text []byte) []*data.Node {
	t.Helper()
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	units, _, err := find.Find(t.Context(), find.Disk{}, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	l := load.New(j.library, load.Options{Tags: tags, Stdin: bytes.NewReader(text), Lang: "json", Evaluator: load.Evaluator{Unbounded: true}})
	var roots []*data.Node
	for _, u := range units {
		loaded, err := l.Load(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range loaded.Documents {
			if doc.Broken {
				continue // editors do not see what CUE cannot evaluate
			}
			if p := doc.Root.Get("provider"); p != nil && j.shapes[p.Text] != nil {
				roots = append(roots, doc.Root)
			}
		}
	}
	return roots
}

// sameVerdict compares the schemas' verdict on a tenant with the shape's, and returns it.
func (j *verifier) sameVerdict(t *testing.T, tenant *data.Node, name string) bool {
	t.Helper()
	text := datatest.Write("json", tenant)
	_, diags := j.shapes[name].Check(wholeAsInt(tenant))
	for schema, s := range map[string]*validator.Schema{name: j.schemas[name], "": j.schemas[""]} {
		if err := s.Validate(decoded(t, text)); (err == nil) == diags.HasErrors() {
			t.Errorf("schema %q: by shape %v, by schema %v\n%s", schema, diags, err, text)
		}
	}
	return !diags.HasErrors()
}

// wholeAsInt returns data whose numbers without a fraction are ints, as in JSON Schema.
func wholeAsInt(n *data.Node) *data.Node {
	m := *n
	if whole, fraction, _ := strings.Cut(n.Text, "."); n.Kind == data.Float && strings.Trim(fraction, "0") == "" {
		m.Kind, m.Text = data.Int, whole
	}
	m.Fields, m.Elems = nil, nil
	for _, f := range n.Fields {
		m.Fields = append(m.Fields, data.Field{Name: f.Name, Value: wholeAsInt(f.Value)})
	}
	for _, e := range n.Elems {
		m.Elems = append(m.Elems, wholeAsInt(e))
	}
	return &m
}

const realTenants = "../../../testdata/tenants/..."

func TestRealTenantsAreValid(t *testing.T) {
	j := newVerifier(t)
	for _, tenant := range j.tenants(t, realTenants, nil) {
		if !j.sameVerdict(t, tenant, tenant.Get("provider").Text) {
			t.Errorf("%s is refused", tenant.At.File())
		}
	}
}

func TestTenantsMap(t *testing.T) {
	j := newVerifier(t)
	tenant := `{"provider": "nomad", "workloads": {"web": {"containers": {"app": {"image": "nginx:1.29"}}}}}`
	for text, valid := range map[string]bool{
		`{"tenants": {"acme": ` + tenant + `}}`:            true,
		`{"tenants": {"Acme": ` + tenant + `}}`:            false,
		`{"tenants": {}}`:                                  false,
		`{"tenants": {"acme": ` + tenant + `}, "more": 1}`: false,
		strings.Replace(tenant, `{`, `{"id": "acme", `, 1): true,
		tenant: false,
		strings.Replace(tenant, `{"provider": "nomad"`, `{"id":"a"`, 1): false,
	} {
		for name, s := range map[string]*validator.Schema{"nomad": j.schemas["nomad"], "": j.schemas[""]} {
			if err := s.Validate(decoded(t, []byte(text))); (err == nil) != valid {
				t.Errorf("schema %q: %v\n%s", name, err, text)
			}
		}
	}
}

// TestConstructs compares verdicts on constructs that only third-party schemas use.
func TestConstructs(t *testing.T) {
	for constraint, values := range map[string][]string{
		`int & (*1 | number)`:                    {`1`, `2`, `2.5`, `"x"`},
		`>=0 & <=10 & >=5`:                       {`1`, `5`, `5.5`, `11`},
		`string & !~"^a" & =~"c$"`:               {`"bc"`, `"ac"`, `"b"`, `1`},
		`[int, string, ...bool]`:                 {`[1, "a"]`, `[1]`, `[1, "a", true]`, `[1, "a", 2]`},
		`[int, string]`:                          {`[1, "a"]`, `[1, "a", 1]`, `[]`},
		`[int, ...] & [...(1 | 2 | "b")]`:        {`[1]`, `[3]`, `["b"]`, `[1, "b"]`, `[1, 4]`},
		`{a?: int, [=~"^x"]: string}`:            {`{}`, `{"a": 1, "x1": "s"}`, `{"x1": 1}`, `{"b": 1}`},
		`{[string]: int, a?: >3}`:                {`{"a": 4, "b": 1}`, `{"a": 2}`, `{"b": "s"}`, `{"a": 4.5}`},
		`{a?: int, b?: int} & {[=~"^a"]: >3}`:    {`{"a": 4, "b": 1}`, `{"a": 2}`, `{"aa": 4}`, `{"b": 1}`},
		`{k: *"a" | "b", if k != "b" {x!: int}}`: {`{}`, `{"x": 1}`, `{"k": "b"}`, `{"k": "b", "x": 1}`},
		`null | "a" | true`:                      {`null`, `"a"`, `true`, `false`},
		`_`:                                      {`null`, `[]`},
	} {
		lib, shapes := thirdParty(t, constraint)
		s := compiled(t, compiler(t, generated(t, shapes)), "")
		j := &verifier{library: lib, shapes: shapes, schemas: map[string]*validator.Schema{"p": s, "": s}}
		for _, value := range values {
			for _, tenant := range j.tenants(t, "-", []byte(`{"id": "a", "provider": "p", "v": `+value+`}`)) {
				j.sameVerdict(t, tenant, "p")
			}
		}
	}
}

// thirdParty returns the library and shape of a provider "p" whose tenants have a field v.
func thirdParty(t *testing.T, constraint string) (*library.Library, map[string]*shape.Shape) {
	t.Helper()
	source := "package p\n#Tenant: {id!: string, provider!: \"p\", v!: #V}\n#V: " + constraint
	schema := provider.Schema{ImportPath: "example.com/p", Files: fstest.MapFS{"p.cue": {Data: []byte(source)}}}
	lib, err := library.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shape.Compile(lib, schema.ImportPath)
	if err != nil {
		t.Fatalf("%s: %v", constraint, err)
	}
	return lib, map[string]*shape.Shape{"p": s}
}

// TestRefused: a rule that JSON Schema cannot express is an error with its position.
func TestRefused(t *testing.T) {
	for _, constraint := range []string{`=~"(?i)a"`, `=~"^\\pL"`, `{a?: int, [=~"^x" & =~"y$"]: string}`} {
		_, shapes := thirdParty(t, constraint)
		if _, err := jsonschema.Of(shapes); err == nil || !strings.Contains(err.Error(), "p.cue:3:") {
			t.Errorf("%s: %v", constraint, err)
		}
	}
}

// TestMistakes: what the shape refuses, the schema refuses.
func TestMistakes(t *testing.T) {
	j := newVerifier(t)
	archives, err := filepath.Glob("../../../testdata/mistakes/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, f := range a.Files {
			if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, tenant := range j.tenants(t, dir, nil) {
			if !j.sameVerdict(t, tenant, tenant.Get("provider").Text) {
				refused++
			}
		}
	}
	if refused < 100 {
		t.Errorf("only %d mistakes are of structure", refused)
	}
}

// TestSameVerdictAsShape edits real tenants at random, and compares verdicts.
func TestSameVerdictAsShape(t *testing.T) {
	j := newVerifier(t)
	tenants := j.tenants(t, realTenants, nil)
	const edits, seed = 2000, 20261123
	admitted := 0
	for i := range edits {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		tenant := tenants[r.IntN(len(tenants))]
		for _, edited := range j.tenants(t, "-", datatest.Write("json", datatest.Edit(r, tenant, tenants))) {
			if j.sameVerdict(t, edited, edited.Get("provider").Text) {
				admitted++
			}
		}
		if t.Failed() {
			t.Fatalf("that was edit %d", i)
		}
	}
	if admitted == 0 || admitted == edits {
		t.Error("the edits do not tell the two apart")
	}
}

// TestExamplesAndDefaults checks each example and default against its own schema.
func TestExamplesAndDefaults(t *testing.T) {
	j := newVerifier(t)
	c := compiler(t, j.text)
	examples := 0
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		if list, ok := v.([]any); ok {
			for i, e := range list {
				walk(fmt.Sprintf("%s/%d", pointer, i), e)
			}
		}
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		values, _ := m["examples"].([]any)
		examples += len(values)
		if value, ok := m["default"]; ok && m["description"] != nil {
			values = append(values, value)
		}
		for _, value := range values {
			if err := compiled(t, c, pointer).Validate(value); err != nil {
				said, _ := json.Marshal(value)
				t.Errorf("%s: %s: %v", pointer, said, err)
			}
		}
		for key, e := range m {
			if key != "examples" && key != "default" {
				walk(pointer+"/"+strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1"), e)
			}
		}
	}
	walk("", j.text)
	if examples < 100 {
		t.Errorf("only %d examples", examples)
	}
}
