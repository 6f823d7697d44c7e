package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../../.."

// TestLaid lays a provider in a module of its own, as one outside this repository is, and
// runs its tests there.
func TestLaid(t *testing.T) {
	dir := t.TempDir()
	if err := lay(os.DirFS("../"+template), dir, "skyhook9"); err != nil {
		t.Fatal(err)
	}
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(root + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	const ours = "github.com/cuecompute/cuecompute"
	text := strings.Replace(string(mod), "module "+ours, "module example.com/skyhook9", 1) +
		"\nrequire " + ours + " v0.0.0\nreplace " + ours + " => " + checkout + "\n"
	sum, err := os.ReadFile(root + "/go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"go.mod": []byte(text), "go.sum": sum} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"vet", "./..."}, {"test", "./..."}} {
		c := exec.Command("go", args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	trace := regexp.MustCompile("(?i)" + template)
	err = filepath.WalkDir(filepath.Join(dir, "skyhook9"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if trace.Match(data) || trace.MatchString(filepath.Base(path)) {
			t.Errorf("%s still refers to %s", path, template)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSmall: what is laid can be read at one sitting: the kit does what all providers do alike.
func TestSmall(t *testing.T) {
	names, err := filepath.Glob("../" + template + "/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	lines := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			lines += strings.Count(string(text), "\n")
		}
	}
	if lines >= 250 {
		t.Errorf("%d lines of Go", lines)
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "nomad"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"":         "no name of a provider",
		"My Cloud": "no name of a provider",
		"my-cloud": "no name of a provider",
		"../up":    "no name of a provider",
		"9lives":   "no name of a provider",
		"func":     "no name of a provider",
		"all":      "is taken",
		"internal": "is taken",
		template:   "is taken",
		"nomad":    "is there already",
	} {
		if err := lay(os.DirFS("../"+template), dir, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", name, err, want)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%d entries are left (%v)", len(left), err)
	}
}
