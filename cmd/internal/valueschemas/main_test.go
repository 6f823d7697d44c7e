package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	cuejson "cuelang.org/go/encoding/json"
	"cuelang.org/go/encoding/jsonschema"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/schemas"
)

// TestGenerated: the schemas in pkg/schemas are those of the types; run make generate.
func TestGenerated(t *testing.T) {
	var names []string
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
	if !slices.Equal(names, schemas.Values()) {
		t.Errorf("schemas of %q, not of %q", schemas.Values(), names)
	}
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
