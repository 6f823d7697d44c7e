package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

const reportSchema = "../../schema/report.schema.json"

// TestReportSchema holds real reports to the schema that is published for them, closed so
// that a field which it does not describe is found, and it to what the reports have.
func TestReportSchema(t *testing.T) {
	open, err := jsonschema.UnmarshalJSON(strings.NewReader(read(t, reportSchema)))
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	closed := closedSchema(open, missing)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", closed); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "compose.yaml"), []byte("services: {web: {image: nginx}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"../../testdata/tenants/portable", foreign + "/..."},
		{"../../testdata/tenants/..."},
		{"../../testdata/broken"},
		{"--notes", "--provider", "all", "../../testdata/broken", "../../testdata/tenants/..."},
	} {
		cmd := exec.Command("cuecompute", append([]string{"vet", "--format", "json"}, args...)...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		text, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(text); err != nil {
			t.Errorf("%q: %v", args, err)
		}
		tell(text, missing)
	}
	if len(missing) > 0 {
		t.Errorf("no report has the fields %v", missing)
	}
	for _, code := range diag.Codes() {
		report := map[string]any{
			"version": json.Number("1"), "summary": map[string]any{"tenants": json.Number("0"), "errors": json.Number("0"), "warnings": json.Number("0")},
			"diagnostics": []any{map[string]any{"severity": "error", "code": string(code.Code), "message": "m"}},
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("%s: %v", code.Code, err)
		}
	}
}

// closedSchema refuses fields that a schema does not name, and notes those that it does.
func closedSchema(v any, names map[string]bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = closedSchema(v[i], names)
		}
	case map[string]any:
		for key, inner := range v {
			v[key] = closedSchema(inner, names)
		}
		properties, ok := v["properties"].(map[string]any)
		for name := range properties {
			names[name] = true
		}
		if _, place := properties["endColumn"]; ok && !place { // which others are made of
			v["unevaluatedProperties"] = false
		}
	}
	return v
}

// tell strikes the names that a report has.
func tell(v any, names map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			tell(e, names)
		}
	case map[string]any:
		for key, inner := range v {
			delete(names, key)
			tell(inner, names)
		}
	}
}
