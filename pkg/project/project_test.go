package project_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/project"
)

// TestEachFieldIsRead compares the read fields with the definition: a defined field that is not
// read would be ignored silently.
func TestEachFieldIsRead(t *testing.T) {
	text, err := project.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Type string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	fields := schema.Defs["project.Project"].Properties
	if len(fields) < 5 {
		t.Fatalf("%d fields: the test reads another schema", len(fields))
	}
	for name, field := range fields {
		value := "[a]"
		if field.Type == "object" {
			value = map[string]string{"limits": "{depth: 3}", "tags": "{a: b}", "severity": "{approximated: error}"}[name]
		}
		f, diags := project.Read("p.yaml", []byte(name+": "+value), nil)
		if len(diags) > 0 {
			t.Errorf("%s: %s", name, diags[0].Message)
			continue
		}
		v := reflect.ValueOf(*f)
		read := slices.ContainsFunc(slices.Collect(fieldsOf(v)), func(s []project.Setting) bool { return len(s) == 1 })
		if !read {
			t.Errorf("%s is not read", name)
		}
	}
}

// fieldsOf returns the lists of settings of a file.
func fieldsOf(v reflect.Value) func(yield func([]project.Setting) bool) {
	return func(yield func([]project.Setting) bool) {
		for i := range v.NumField() {
			if s, ok := v.Field(i).Interface().([]project.Setting); ok && !yield(s) {
				return
			}
		}
	}
}
