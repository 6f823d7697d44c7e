package plan_test

import (
	"slices"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/schema"
)

// TestEachFieldIsInThePlan: each field of the schema is declared in the plan, and vice versa.
func TestEachFieldIsInThePlan(t *testing.T) {
	lib, err := library.New()
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := shape.Compile(lib, schema.ImportPath)
	if err != nil {
		t.Fatal(err)
	}
	var inSchema []string
	fieldsOf("", tenant.Tenant, func(path string) { inSchema = append(inSchema, path[1:]) })
	inPlan := plan.SpecFields()
	for _, path := range inSchema {
		if !slices.Contains([]string{"provider", "overrides"}, path) && !slices.Contains(inPlan, path) {
			t.Errorf("the schema has %s, and no field of package plan has it: add one", path)
		}
	}
	for _, path := range inPlan {
		if !slices.Contains(inSchema, path) {
			t.Errorf("package plan reads %s, which the schema does not have", path)
		}
	}
}

// fieldsOf walks the fields of the schema's types, except those of extensions.
func fieldsOf(at string, types shape.Types, found func(path string)) {
	for _, t := range types {
		for _, alternative := range t.Union {
			fieldsOf(at, alternative, found)
		}
		if t.Struct != nil {
			fieldsOfStruct(at, t.Struct, found)
		}
		if t.List != nil {
			fieldsOf(at+".*", t.List.Rest, found)
		}
	}
}

func fieldsOfStruct(at string, s *shape.Struct, found func(path string)) {
	for _, f := range s.Fields {
		found(at + "." + f.Name)
		if f.Name != "extensions" {
			fieldsOf(at+"."+f.Name, f.Types, found)
		}
	}
	for _, p := range s.Patterns {
		fieldsOf(at+".*", p.Value, found)
	}
	for _, c := range s.Ifs {
		fieldsOfStruct(at, c.Then, found)
	}
}
