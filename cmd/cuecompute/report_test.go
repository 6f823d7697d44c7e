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

// TestReportSchema validates real reports against the published schema, closed to find
// undescribed fields, and checks that every described field occurs.
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
	for name, text := range map[string]string{
		"policy.cue":   "tenant: labels: owner: string\ntenant: labels: tier: string\n",
		"waivers.yaml": "waivers: [{owner: platform, reason: until the move, tenant: \"*\", code: policy, path: labels.owner, until: 2027-01-01}]\n",
		"before.json":  `{"version": 1, "summary": {"tenants": 1, "errors": 1, "warnings": 0}, "diagnostics": [{"severity": "error", "code": "policy", "message": "labels.tier must be a string, and is not set", "tenant": "acme", "provider": "nomad", "path": "labels.tier", "file": "acme.yaml", "line": 1, "column": 1}]}`,
		"acme.yaml":    "id: acme\nprovider: nomad\nworkloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n",
	} {
		if err := os.WriteFile(filepath.Join(foreign, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(foreign, name) }
	for _, args := range [][]string{
		{"--policy", in("policy.cue"), "--waivers", in("waivers.yaml"), "--today", "2026-11-29", "--new-since", in("before.json"), in("acme.yaml")},
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
		remove(text, missing)
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

// closedSchema makes a schema refuse undescribed fields, and collects the described ones.
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
		if _, place := properties["endColumn"]; ok && !place { // other types embed this one
			v["unevaluatedProperties"] = false
		}
	}
	return v
}

// remove removes the names that occur in a report.
func remove(v any, names map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			remove(e, names)
		}
	case map[string]any:
		for key, inner := range v {
			delete(names, key)
			remove(inner, names)
		}
	}
}
