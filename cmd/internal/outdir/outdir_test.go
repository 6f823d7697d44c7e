package outdir_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/cmd/internal/outdir"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func file(name, text string) provider.File { return provider.File{Name: name, Data: []byte(text)} }

// tree returns the text of every file below dir, except records.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".cuecompute" {
			return err
		}
		text, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func open(t *testing.T, dir string) *outdir.Dir {
	t.Helper()
	d, err := outdir.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// TestWrite renders a tenant twice: obsolete files are removed.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "out")
	d := open(t, dir)
	for _, files := range [][]provider.File{
		{file("a.yaml", "a: 1\n"), file("b.yaml", "b: 1\n")},
		{file("b.yaml", "b: 2\n"), file("c.yaml", "c: 1\n")},
	} {
		if err := d.Write("acme", "kubernetes", files); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Write("acme", "nomad", []provider.File{file("a.json", "{}\n")}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"acme/kubernetes/b.yaml": "b: 2\n", "acme/kubernetes/c.yaml": "c: 1\n", "acme/nomad/a.json": "{}\n"}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestForeign does not change other files.
func TestForeign(t *testing.T) {
	for reason, set := range map[string]func(folder string) error{
		"a file of somebody's": func(folder string) error { return os.WriteFile(filepath.Join(folder, "mine.txt"), nil, 0o644) },
		"a folder":             func(folder string) error { return os.Mkdir(filepath.Join(folder, "mine"), 0o755) },
		"another's record": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, ".cuecompute"), []byte(`{"tenant":"other","provider":"kubernetes"}`), 0o644)
		},
		"a record that leads elsewhere": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, ".cuecompute"), []byte(`{"tenant":"acme","provider":"kubernetes","files":["../../x"]}`), 0o644)
		},
		"a broken record": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, ".cuecompute"), []byte(`{`), 0o644)
		},
	} {
		dir := t.TempDir()
		folder := filepath.Join(dir, "acme", "kubernetes")
		if err := errors.Join(os.MkdirAll(folder, 0o755), set(folder)); err != nil {
			t.Fatal(err)
		}
		before := tree(t, dir)
		if err := open(t, dir).Write("acme", "kubernetes", []provider.File{file("a.yaml", "a")}); !errors.Is(err, outdir.ErrForeign) {
			t.Errorf("%s: %v", reason, err)
		}
		if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
			t.Errorf("%s: files changed (-before +after):\n%s", reason, diff)
		}
	}
}

// TestNames refuses every name that leaves the folder, or occurs twice.
func TestNames(t *testing.T) {
	dir := t.TempDir()
	d := open(t, filepath.Join(dir, "out"))
	for _, names := range [][]string{{"../x"}, {"/etc/x"}, {".."}, {"."}, {""}, {"a/b"}, {".cuecompute"}, {"a", "a"}} {
		var files []provider.File
		for _, n := range names {
			files = append(files, file(n, "x"))
		}
		if err := d.Write("acme", "kubernetes", files); !errors.Is(err, outdir.ErrName) {
			t.Errorf("%q: %v", names, err)
		}
	}
	for _, id := range []string{"..", "../acme", "", "a/b"} {
		if err := d.Write(id, "kubernetes", nil); !errors.Is(err, outdir.ErrName) {
			t.Errorf("tenant %q: %v", id, err)
		}
	}
	if got := tree(t, dir); len(got) > 0 {
		t.Errorf("something was written: %v", got)
	}
}

// TestLinks does not follow a link out of the directory.
func TestLinks(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, "acme")); err != nil {
		t.Skip(err)
	}
	if err := open(t, dir).Write("acme", "kubernetes", []provider.File{file("a.yaml", "a")}); err == nil {
		t.Error("a link out of the directory was followed")
	}
	if got := tree(t, elsewhere); len(got) > 0 {
		t.Errorf("written elsewhere: %v", got)
	}
}

// TestUnfinished completes an interrupted run.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	folder := filepath.Join(dir, "acme", "kubernetes")
	if err := d.Write("acme", "kubernetes", []provider.File{file("a.yaml", "a")}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "b.yaml.cuecompute-part"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := d.Write("acme", "kubernetes", []provider.File{file("b.yaml", "b")}); err != nil {
		t.Fatal(err)
	}
	names := slices.Collect(func(yield func(string) bool) {
		for name := range tree(t, dir) {
			yield(name)
		}
	})
	if len(names) != 1 || !strings.HasSuffix(names[0], "b.yaml") {
		t.Errorf("files are %v", names)
	}
}

// TestKeep: the files of a tenant's other providers are removed, and no others.
func TestKeep(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	for _, name := range []string{"nomad", "ecs", "kubernetes"} {
		if err := d.Write("acme", name, []provider.File{file("a.yaml", "a: 1\n")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Write("globex", "nomad", []provider.File{file("a.yaml", "a: 1\n")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"acme/notes/b.txt", "acme/ecs/own.yaml"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Keep("acme", "kubernetes"); !errors.Is(err, outdir.ErrForeign) || !strings.Contains(err.Error(), "own.yaml") {
		t.Error(err)
	}
	want := map[string]string{"acme/kubernetes/a.yaml": "a: 1\n", "acme/ecs/a.yaml": "a: 1\n", "acme/ecs/own.yaml": "", "acme/notes/b.txt": "", "globex/nomad/a.yaml": "a: 1\n"}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "acme", "nomad")); !os.IsNotExist(err) {
		t.Errorf("the folder of nomad: %v", err)
	}
	if err := d.Keep("new", "kubernetes"); err != nil {
		t.Error(err)
	}
	if err := d.Keep("../acme", "kubernetes"); !errors.Is(err, outdir.ErrName) {
		t.Error(err)
	}
}
