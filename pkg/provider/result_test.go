package provider_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestReadBack: the JSON forms decode to the original values.
func TestReadBack(t *testing.T) {
	result := provider.Result{
		Provider: "nomad", Tenant: "acme", Operation: provider.OpUpdate, Outcome: provider.Recorded,
		Changes: []provider.Change{{
			Change: plan.Change{Path: diag.At("workloads", "web", "containers", "a.b", "args", 0), Kind: plan.Changed, Old: "x", New: "y"},
			Effect: provider.Rolling,
		}, {Change: plan.Change{Kind: plan.Added}, Effect: provider.EffectCreate}},
	}
	var list diag.List
	d := list.Errorf(diag.Limit, diag.At("config", "x", "weird \"key\" ü", 12), "message")
	d.Range = diag.Range{File: "a.yaml", Line: 1, Column: 2, EndLine: 1, EndColumn: 5}
	d.Related = []diag.Related{{Range: diag.Range{File: "b.yaml"}, Message: "there"}}
	d.Fix = &diag.Edit{Range: d.Range, NewText: "text"}
	list.Warnf(diag.Syntax, nil, "of no path")
	for _, tt := range []struct{ is, read any }{{&result, new(provider.Result)}, {&list, new(diag.List)}} {
		text, err := json.Marshal(tt.is)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, tt.read); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if !reflect.DeepEqual(tt.is, tt.read) {
			t.Errorf("%+v, not %+v", tt.read, tt.is)
		}
	}
	for _, text := range []string{`[{"path": "a..b"}]`, `[{"path": "a[x]"}]`, `[{"path": 1}]`} {
		if err := json.Unmarshal([]byte(text), new(diag.List)); err == nil {
			t.Errorf("%s is read", text)
		}
	}
	for _, text := range []string{`{"id": "a"}`, `{"version": 99, "id": "a"}`} {
		if err := json.Unmarshal([]byte(text), new(plan.Plan)); !errors.Is(err, plan.ErrVersion) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
