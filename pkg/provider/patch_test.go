package provider_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// thing is a platform's own type.
type thing struct {
	Name  string
	Count *int
	Tags  map[string]string
	Args  []string
	Parts []part
	Any   map[string]any
	Inner struct{ Mode string }
}

type part struct {
	Name string
	Size int
}

var native = &provider.Native{
	Name:  "thing",
	Field: func(f reflect.StructField) (string, bool) { return f.Name, f.Anonymous },
	Key: func(f reflect.StructField) string {
		if f.Name == "Parts" {
			return "Name"
		}
		return ""
	},
	Kept: map[string]string{"Name": "it has one", "Parts.+": "there are no others"},
}

func patchOf(t *testing.T, text string) provider.Patch {
	t.Helper()
	var p provider.Patch
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPatchShares: what a document shares with others is not changed by a patch of it.
func TestPatchShares(t *testing.T) {
	count, tags, parts := 1, map[string]string{"a": "1"}, []part{{"x", 1}, {"y", 2}}
	doc := &thing{Name: "n", Count: &count, Tags: tags, Args: []string{"a"}, Parts: parts, Any: map[string]any{"k": map[string]any{"l": true}}}
	patch := patchOf(t, `{"Count": 2, "Tags": {"a": null, "b": "2"}, "Args": ["b", "c"], "Parts": [{"Name": "y", "Size": 3}], "Any": {"k": {"m": 7}}, "Inner": {"Mode": "on"}}`)
	var found diag.List
	if native.Check(&found, diag.At("patch"), patch, doc); len(found) > 0 {
		t.Fatal(found)
	}
	native.Apply(doc, patch)
	two := 2
	want := &thing{Name: "n", Count: &two, Tags: map[string]string{"b": "2"}, Args: []string{"b", "c"}, Parts: []part{{"x", 1}, {"y", 3}},
		Any: map[string]any{"k": map[string]any{"l": true, "m": int64(7)}}}
	want.Inner.Mode = "on"
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Error(diff)
	}
	if count != 1 || len(tags) != 1 || parts[1].Size != 2 {
		t.Error("the patch changed what the document shares:", count, tags, parts)
	}
}

// TestPatchMistakes: each mistake of a patch is reported where it stands.
func TestPatchMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{"Nam": "x"}`:                       `patch.Nam: unknown field "Nam" of a thing`,
		`{"Name": "x"}`:                      `patch.Name: a patch leaves Name of a thing as it is`,
		`{"Name": null}`:                     `patch.Name: a patch leaves Name of a thing as it is`,
		`{"Count": "x"}`:                     `patch.Count: Count of a thing is a string, not a whole number that fits`,
		`{"Count": 1.5}`:                     `patch.Count: Count of a thing is a number, not a whole number that fits`,
		`{"Tags": {"a": 1}}`:                 `patch.Tags.a: Tags.a of a thing is a number, not a string`,
		`{"Tags": []}`:                       `patch.Tags: Tags of a thing is a list, not a struct`,
		`{"Args": {}}`:                       `patch.Args: Args of a thing is a struct, not a list`,
		`{"Args": [true]}`:                   `patch.Args[0]: Args of a thing is a bool, not a string`,
		`{"Inner": {"Mode": {}}}`:            `patch.Inner.Mode: Inner.Mode of a thing is a struct, not a string`,
		`{"Inner": "x"}`:                     `patch.Inner: Inner of a thing is a string, not a struct`,
		`{"Parts": [{"Size": 1}]}`:           `patch.Parts[0]: an element of Parts has no Name, which tells it from the others`,
		`{"Parts": [{"Name": "z"}]}`:         `patch.Parts[0]: a patch adds none to Parts of a thing, and "z" is none of them`,
		`{"Parts": null}`:                    `patch.Parts: a patch leaves Parts of a thing as it is`,
		`{"Parts": [{"Name": "x", "S": 1}]}`: `patch.Parts[0].S: unknown field "S" of Parts of a thing`,
	} {
		var found diag.List
		native.Check(&found, diag.At("patch"), patchOf(t, text), &thing{Parts: []part{{"x", 1}}})
		if len(found) != 1 {
			t.Errorf("%s: %d mistakes are found: %v", text, len(found), found)
			continue
		}
		if got := found[0].Path.String() + ": " + found[0].Message; got != want {
			t.Errorf("%s: found %s, not %s", text, got, want)
		}
	}
}
