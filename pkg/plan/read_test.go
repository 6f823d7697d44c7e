package plan_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestOldVersionReads decodes a plan in the first form of version 1, and finds all of its
// fields.
func TestOldVersionReads(t *testing.T) {
	text, err := os.ReadFile("testdata/version1.json")
	if err != nil {
		t.Fatal(err)
	}
	plans, err := plan.ReadAll(strings.NewReader(string(text)))
	if err != nil || len(plans) != 1 {
		t.Fatal(len(plans), err)
	}
	again, err := json.Marshal(plans[0])
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(text, &want), json.Unmarshal(again, &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read and written again (-old +new):\n%s", diff)
	}
}

// TestPlansReadBack reads the plans of all real tenants.
func TestPlansReadBack(t *testing.T) {
	files, err := filepath.Glob("../../testdata/plans/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no plans", err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if plans, err := plan.ReadAll(f); err != nil || len(plans) == 0 {
			t.Errorf("%s: %d plans, %v", name, len(plans), err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]error{
		`{"version": 2, "id": "acme"}`: plan.ErrVersion,
		`{"id": "acme"}`:               plan.ErrVersion,
	} {
		if _, err := plan.ReadAll(strings.NewReader(text)); !errors.Is(err, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	plans, err := plan.ReadAll(strings.NewReader(`{"version": 1, "id": "acme", "later": {}}`))
	if err != nil || len(plans) != 1 || plans[0].ID != "acme" {
		t.Errorf("a field of a later release: %v, %v", plans, err)
	}
}
