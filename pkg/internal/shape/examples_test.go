package shape

import (
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue/cuecontext"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
	"github.com/cuecompute/cuecompute/providers/kubernetes"
)

// TestExamples checks the example of every field against the field's own type, including the
// fields of extensions.
func TestExamples(t *testing.T) {
	var all []provider.Schema
	for _, p := range providers.All() {
		all = append(all, p.Info().Schema)
	}
	lib, err := library.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	ctx := cuecontext.New()
	tried := map[diag.Range]bool{}
	var walk func(path diag.Path, ts Types)
	walk = func(path diag.Path, ts Types) {
		for _, s := range within(ts) {
			here := path.To(s.Name)
			walk(here, s.Types)
			text := exampleOf(s.Doc)
			if text == "" || tried[s.At] {
				continue
			}
			tried[s.At] = true
			if strings.Contains(text, ": ") && !strings.ContainsAny(text[:1], `{["`) || quotedKey(text) {
				text = "{" + text + "}"
			}
			n, err := cuedata.Node(ctx.CompileString(text), nil, nil)
			if err != nil || n == nil {
				t.Errorf("%s: example %s is no data: %v", here, text, err)
				continue
			}
			if !admits(n, s.Types) {
				t.Errorf("%s does not take its example %s", here, text)
			}
		}
	}
	for _, s := range all {
		compiled, err := Compile(lib, s.ImportPath)
		if err != nil {
			t.Fatal(err)
		}
		walk(nil, compiled.Tenant)
	}
	if len(tried) == 0 {
		t.Error("no field has an example")
	}
}

// quotedKey reports whether a text is a field with a quoted name.
func quotedKey(text string) bool {
	parts := strings.SplitN(text, `"`, 3)
	return len(parts) == 3 && parts[0] == "" && strings.HasPrefix(parts[2], ":")
}

// TestExplain follows paths with and without the names that authors choose.
func TestExplain(t *testing.T) {
	schema := kubernetes.New().Info().Schema
	lib, err := library.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Compile(lib, schema.ImportPath)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ reason, path, want string }{
		{"keys left out", "workloads.containers.image", ""},
		{"keys as in a diagnostic", "workloads.web.containers.app.image", ""},
		{"a key with a slash", `workloads.web.containers.app.mounts."/data".readOnly`, ""},
		{"an index", "workloads.web.ingress[0].tls.secret", ""},
		{"an extension", "workloads.extensions.kubernetes.tolerations.effect", ""},
		{"a misspelt name is not taken for a key", "workloads.contaners.image", `workloads has no field "contaners": did you mean "containers"?`},
		{"what is wrong below a key", "workloads.web.replicsa", `workloads.web has no field "replicsa": did you mean "replicas"?`},
		{"nothing is below a text", "id.x", `id has no field "x"`},
	}
	for _, tt := range tests {
		path, err := diag.ParsePath(tt.path)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if e, err := s.Explain(path); err != nil {
			got = err.Error()
		} else if len(e.Forms) == 0 || slices.ContainsFunc(e.Forms, func(f Form) bool { return f.Type == "" || f.At.Line == 0 }) {
			t.Errorf("%s: %s has no explanation", tt.reason, tt.path)
		}
		if got != tt.want {
			t.Errorf("%s: %s: %q, not %q", tt.reason, tt.path, got, tt.want)
		}
	}
}
