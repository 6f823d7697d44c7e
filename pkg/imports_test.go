package pkg_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportsStayLight: a program that imports what a control plane needs of plans, their
// providers, differences and reports links no CUE, and little else; compile with one provider
// links no other platform's code.
func TestImportsStayLight(t *testing.T) {
	const cue = "cuelang.org/go"
	sdks := map[string][]string{
		"compose":    nil, // the file's own types
		"ecs":        {"github.com/aws/aws-sdk-go-v2"},
		"kubernetes": {"k8s.io/api", "k8s.io/apimachinery"},
		"nomad":      {"github.com/hashicorp/nomad/api"},
	}
	for _, tt := range []struct {
		imports []string
		most    int // packages of others that are linked
	}{
		{[]string{"pkg/diag"}, 1},
		{[]string{"pkg/plan", "pkg/provider"}, 2},
		{[]string{"pkg/report"}, 5},
		{[]string{"pkg/difference"}, 12},
	} {
		linked := depends(t, tt.imports...)
		if len(linked) > tt.most {
			t.Errorf("%s links %d packages of others, more than %d: %q", tt.imports, len(linked), tt.most, linked)
		}
		if found := within(linked, cue); len(found) > 0 {
			t.Errorf("%s links CUE: %q", tt.imports, found)
		}
	}
	for name := range sdks {
		linked := depends(t, "pkg/compile", "providers/"+name)
		for other, roots := range sdks {
			for _, root := range roots {
				if found := within(linked, root); (len(found) > 0) != (other == name) {
					t.Errorf("compile with %s links of %s: %q", name, root, found)
				}
			}
		}
	}
}

// depends are the packages outside the project and the standard library that packages of the
// project link, sorted.
func depends(t *testing.T, imports ...string) []string {
	t.Helper()
	args := []string{"list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}"}
	for _, p := range imports {
		args = append(args, "./"+p)
	}
	c := exec.CommandContext(t.Context(), "go", args...)
	c.Dir = ".."
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := slices.DeleteFunc(strings.Fields(string(out)), func(p string) bool { return strings.HasPrefix(p, module) })
	slices.Sort(all)
	return all
}

// within are the packages at a path or below it.
func within(packages []string, root string) []string {
	return slices.DeleteFunc(slices.Clone(packages), func(p string) bool {
		return p != root && !strings.HasPrefix(p, root+"/")
	})
}
