package compile_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// TestMemory changes one file after another, and compares the next run with a memory to one
// without.
func TestMemory(t *testing.T) {
	const tenant = "id: %q\nprovider: \"kubernetes\"\nworkloads: web: containers: app: image: %q\n"
	steps := []struct {
		reason string
		files  map[string]string // "" removes the file
		want   string            // expected diagnostics
	}{
		{"nothing", nil, ""},
		{"a file of its own", map[string]string{"a.yaml": "id: a\nprovider: kubernetes\nworkloads: {web: {containers: {app: {imge: x}}}}\n"}, "unknown-field"},
		{"a file of the same size", map[string]string{"a.yaml": "id: a\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: x}}}} \n"}, "bad-format"},
		{"an id that another file has", map[string]string{"a.yaml": "id: b\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: 'x:1'}}}}\n"}, "duplicate"},
		{"the file is gone", map[string]string{"a.yaml": ""}, ""},
		{"what a package inherits", map[string]string{"fleet/fleet.cue": "package fleet\nprovider: \"kubernets\"\n"}, "unknown-provider"},
		{"a file more that it inherits", map[string]string{"fleet/more.cue": "package fleet\nlabels: a: 1\n", "fleet/fleet.cue": "package fleet\nprovider: \"kubernetes\"\n"}, "wrong-type"},
		{"the file less", map[string]string{"fleet/more.cue": ""}, ""},
		{"a file that leaves the package", map[string]string{"fleet/fleet.cue": "package other\nprovider: \"kubernetes\"\n"}, "missing-field"},
		{"the file comes back", map[string]string{"fleet/fleet.cue": "package fleet\nprovider: \"kubernetes\"\n"}, ""},
		{"an imported package", map[string]string{"lib/lib.cue": "package lib\nimage: \"nothing\"\n"}, "bad-format"},
		{"a file more of the imported package", map[string]string{"lib/lib.cue": "package lib\n", "lib/more.cue": "package lib\nimage: \"x:1\"\n"}, ""},
		{"the module's name", map[string]string{"cue.mod/module.cue": "module: \"example.com/other\"\nlanguage: version: \"v0.17.0\"\n"}, "import"},
		{"the name as it was", map[string]string{"cue.mod/module.cue": "module: \"example.com/m\"\nlanguage: version: \"v0.17.0\"\n"}, ""},
		{"the policy", map[string]string{"../policy.cue": "tenant: labels: by: \"other\"\ntenant: id: !=\"b\"\n"}, "policy"},
		{"the policy as it was", map[string]string{"../policy.cue": "tenant: labels: by: \"landlord\"\n"}, ""},
	}
	dir := filepath.Join(t.TempDir(), "specs")
	// Times are long ago, because recent files are always checked again.
	clock := time.Now().Add(-time.Hour)
	write := func(files map[string]string) {
		clock = clock.Add(time.Second)
		for name, text := range files {
			path := filepath.Join(dir, name)
			err := os.MkdirAll(filepath.Dir(path), 0o700)
			if text == "" {
				err = os.Remove(path)
			} else if err == nil {
				err = os.WriteFile(path, []byte(text), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		err := filepath.WalkDir(filepath.Dir(dir), func(path string, _ fs.DirEntry, err error) error {
			if info, e := os.Stat(path); err == nil && e == nil && time.Since(info.ModTime()) < time.Minute {
				err = os.Chtimes(path, clock, clock)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(map[string]string{
		"cue.mod/module.cue": "module: \"example.com/m\"\nlanguage: version: \"v0.17.0\"\n",
		"b.yaml":             "id: b\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: 'x:1'}}}}\n",
		"fleet/fleet.cue":    "package fleet\nprovider: \"kubernetes\"\n",
		"fleet/c/c.cue":      "package fleet\nid: \"c\"\nworkloads: web: containers: app: image: \"x:1\"\n",
		"lib/lib.cue":        "package lib\nimage: \"x:1\"\n",
		"d.cue":              "import \"example.com/m/lib\"\n" + strings.Replace(fmt.Sprintf(tenant, "d", "@"), `"@"`, "lib.image", 1),
		"../policy.cue":      "tenant: labels: by: \"landlord\"\n",
	})
	memory := &compile.Memory{}
	in := compile.Input{Paths: []string{dir, filepath.Join(dir, "fleet") + "/..."}}
	opts := compile.Options{Policies: compile.Policies{Files: []string{filepath.Join(dir, "../policy.cue")}}}
	say := func(in compile.Input) string {
		_, diags, err := compile.Compile(t.Context(), registry(t), opts, in)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, d := range diags {
			said = append(said, describe(d))
		}
		return strings.Join(said, "\n")
	}
	for _, tt := range steps {
		write(tt.files)
		plain := say(in)
		again := in
		again.Memory = memory
		if got := say(again); got != plain {
			t.Fatalf("%s: with a memory it says\n%s\nand without\n%s", tt.reason, got, plain)
		}
		if !strings.Contains(plain, "["+tt.want+"]") && plain+tt.want != "" {
			t.Fatalf("%s: no %s is in\n%s", tt.reason, tt.want, plain)
		}
	}
	in.Memory = memory
	if say(in); memory.Judged() > 0 {
		t.Errorf("%d units are judged again, and nothing has changed", memory.Judged())
	}
	if paths := memory.Paths(); !slices.Contains(paths, filepath.Join(dir, "lib", "more.cue")) {
		t.Errorf("what is imported is not among %q", paths)
	}
}

// TestOverlay checks unsaved texts.
func TestOverlay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(path, []byte("id: a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{path}, Memory: &compile.Memory{}}
	for i, text := range []string{"", "id: a\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: 'x:1'}}}}\n", ""} {
		if in.Overlay = nil; text != "" {
			in.Overlay = map[string][]byte{path: []byte(text)}
		}
		if _, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{}, in); err != nil || diags.HasErrors() != (text == "") {
			t.Errorf("%d: %v%s", i, err, listing(diags))
		}
	}
}
