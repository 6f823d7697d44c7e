package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	cuejson "cuelang.org/go/encoding/json"
	"cuelang.org/go/encoding/jsonschema"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/report"
	"github.com/cuecompute/cuecompute/pkg/schemas"
)

// TestGenerated: the schemas in pkg/schemas are those of the types; run make generate.
func TestGenerated(t *testing.T) {
	names := []string{"report"}
	for _, d := range documents {
		names = append(names, d.name)
		want, err := d.schema("../../..")
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := schemas.Value(d.name); !ok || string(got) != string(want) {
			t.Errorf("the schema of a %s is not that of its type: run make generate", d.name)
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, schemas.Values()) {
		t.Errorf("schemas of %q, not of %q", schemas.Values(), names)
	}
}

// TestReportHasTheFieldsOfItsType: the schema of the report, which is written by hand, names the
// fields of the Go type, and no others.
func TestReportHasTheFieldsOfItsType(t *testing.T) {
	text, err := document{"report", "", report.Report{}}.schema("../../..")
	if err != nil {
		t.Fatal(err)
	}
	published, _ := schemas.Value("report")
	if diff := cmp.Diff(fields(t, text), fields(t, published)); diff != "" {
		t.Errorf("fields of a report (-of the type +in the schema):\n%s", diff)
	}
}

// fields are the paths of all fields of a JSON Schema, sorted.
func fields(t *testing.T, text []byte) []string {
	t.Helper()
	var top map[string]any
	if err := json.Unmarshal(text, &top); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		if ref, ok := m["$ref"].(string); ok {
			defs, _ := top["$defs"].(map[string]any)
			walk(at, defs[strings.TrimPrefix(ref, "#/$defs/")])
		}
		properties, _ := m["properties"].(map[string]any)
		for name, p := range properties {
			found[at+"."+name] = true
			walk(at+"."+name, p)
		}
		walk(at+".*", m["items"])
		walk(at+".*", m["additionalProperties"])
		parts, _ := m["allOf"].([]any)
		for _, part := range parts {
			walk(at, part)
		}
	}
	walk("", top)
	return slices.Sorted(maps.Keys(found))
}

// TestSchemasTakeWhatIsPrinted: an independent reader of JSON Schema, that of CUE, takes what
// commands print, and refuses it with a mistake in it.
func TestSchemasTakeWhatIsPrinted(t *testing.T) {
	for _, tt := range []struct {
		name, files string
		wrong       map[string]any // a field at the top
	}{
		{"plan", "../../../testdata/plans/*.json", map[string]any{"workloads": map[string]any{"web": map[string]any{"kind": "deployment"}}}},
		{"difference", "../../../pkg/difference/testdata/*.txtar", map[string]any{"tenants": []any{map[string]any{"tenant": "acme"}}}},
		{"report", "../../../testdata/cli/*.txtar", map[string]any{"diagnostics": []any{map[string]any{"severity": "fatal"}}}},
		{"result", "../../../testdata/cli/lifecycle.txtar", map[string]any{"outcome": "running"}},
		{"status", "../../../testdata/cli/lifecycle.txtar", map[string]any{"revision": "1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, _ := schemas.Value(tt.name)
			ctx := cuecontext.New()
			expr, err := cuejson.Extract(tt.name, text)
			if err != nil {
				t.Fatal(err)
			}
			f, err := jsonschema.Extract(ctx.BuildExpr(expr), &jsonschema.Config{DefaultVersion: jsonschema.VersionDraft2020_12})
			if err != nil {
				t.Fatal(err)
			}
			schema := ctx.BuildFile(f)
			takes := func(v map[string]any) error {
				text, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				return schema.Unify(ctx.CompileBytes(text)).Validate(cue.Concrete(true))
			}
			values := printed(t, tt.files, keyOf[tt.name])
			if len(values) == 0 {
				t.Fatal("nothing is printed")
			}
			for _, v := range values {
				if err := takes(v); err != nil {
					t.Fatalf("%v\nrefuses %v", err, v)
				}
				for field, wrong := range tt.wrong {
					v[field] = wrong
				}
				if takes(v) == nil {
					t.Fatalf("it takes %v", v)
				}
			}
		})
	}
}

// keyOf is a field that a value of the name alone has.
var keyOf = map[string]string{"plan": "workloads", "difference": "tenants", "report": "diagnostics", "result": "operation", "status": "state"}

// printed are the JSON objects of files, and of files in archives, that have a field.
func printed(t *testing.T, pattern, field string) (all []map[string]any) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := []txtar.File{{Name: name, Data: text}}
		if filepath.Ext(name) == ".txtar" {
			files = txtar.Parse(text).Files
		}
		for _, f := range files {
			for d := json.NewDecoder(strings.NewReader(string(f.Data))); ; {
				var v map[string]any
				err := d.Decode(&v)
				if err != nil {
					break // the end, or it is no JSON
				}
				if _, ok := v[field]; ok {
					all = append(all, v)
				}
			}
		}
	}
	return all
}
