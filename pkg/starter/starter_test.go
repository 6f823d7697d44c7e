package starter

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestMerge checks patches against RFC 7396, and the comments and order that it does not
// define.
func TestMerge(t *testing.T) {
	for name, tt := range map[string]struct{ spec, patch, want string }{
		"another value":              {"a: 1\nb: 2\n", "b: 3\n", "a: 1\nb: 3\n"},
		"mappings are merged":        {"a:\n  b: 1\n", "a:\n  c: 2\n", "a:\n  b: 1\n  c: 2\n"},
		"lists are replaced":         {"a: [1, 2]\n", "a: [3]\n", "a: [3]\n"},
		"null removes":               {"a: 1\nb: 2\n", "a: null\n", "b: 2\n"},
		"null of what is not there":  {"a: 1\n", "b: null\n", "a: 1\n"},
		"new before what follows":    {"a: 1\nb: 2\n", "c: 3\nb: 4\n", "a: 1\nc: 3\nb: 4\n"},
		"new before what is removed": {"a: 1\nb: 2\nc: 3\n", "d: 4\nb: null\n", "a: 1\nd: 4\nc: 3\n"},
		"a comment stays":            {"# one\na: 1\n", "a: 2\n", "# one\na: 2\n"},
		"a comment is replaced":      {"# one\na: 1\n", "# two\na: 2\n", "# two\na: 2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			spec, err := mapping([]byte(tt.spec))
			if err != nil {
				t.Fatal(err)
			}
			patch, err := mapping([]byte(tt.patch))
			if err != nil {
				t.Fatal(err)
			}
			merge(spec, patch)
			var got strings.Builder
			e := yaml.NewEncoder(&got)
			e.SetIndent(2)
			if err := e.Encode(spec); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSpecRefuses: a mistake in a provider's Starter is reported, never ignored.
func TestSpecRefuses(t *testing.T) {
	for starter, want := range map[string]string{
		"webb: {}": `the starter of acmecloud: line 1: no part is called "webb": known are all, cron, database, web, worker`,
		"[web]":    "the starter of acmecloud: line 1: not a mapping",
		"web: {":   "the starter of acmecloud: yaml: ",
	} {
		_, err := Spec(Templates()[0], provider.Info{Name: "acmecloud", Starter: []byte(starter)}, "acme", "yaml")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, not %s", starter, err, want)
		}
	}
}
