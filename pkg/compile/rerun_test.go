package compile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// TestRunsSeeTheirOwnFiles: each run of a compiler sees the current contents of imports, and
// the current module.
func TestRunsSeeTheirOwnFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := compile.New(registry(t), compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	image := func() string {
		t.Helper()
		plans, _, err := c.Compile(t.Context(), compile.Input{Paths: []string{filepath.Join(dir, "tenant.cue")}, Jobs: 1})
		if err != nil || len(plans) != 1 {
			return ""
		}
		return plans[0].Workloads["web"].Containers["app"].Image
	}
	write("tenant.cue", "import \"example.com/specs/lib\"\nid: \"acme\"\nprovider: \"compose\"\nworkloads: web: containers: app: image: lib.image")
	write("lib/lib.cue", "package lib\nimage: \"nginx:1\"")
	if got := image(); got != "" {
		t.Errorf("without a module it is %q", got)
	}
	write("cue.mod/module.cue", "module: \"example.com/specs\"\nlanguage: version: \"v0.17.0\"")
	if got := image(); got != "nginx:1" {
		t.Errorf("in a module it is %q", got)
	}
	write("lib/lib.cue", "package lib\nimage: \"nginx:2\"")
	if got := image(); got != "nginx:2" {
		t.Errorf("after a change it is %q", got)
	}
	write("lib/more.cue", "package lib\nimage: \"nginx:2\" | \"nginx:3\"")
	if got := image(); got != "nginx:2" {
		t.Errorf("after another file it is %q", got)
	}
	write("lib/other.cue", "package lib\nimage: 4")
	if got := image(); got != "" {
		t.Errorf("with a conflict it is %q", got)
	}
}
