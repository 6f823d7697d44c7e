package gitrev_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
)

// output runs git, and returns its output.
func output(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// write writes a file of a work tree.
func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// TestForged: nothing that a pull request can commit changes the contents of a revision, nor do
// the environment and pushed objects.
func TestForged(t *testing.T) {
	const honest, forged = "image: honest\n", "image: forged\n"
	for _, test := range []struct {
		why  string
		with func(t *testing.T, root string)
	}{
		{"the files of a bare repository", func(t *testing.T, root string) {
			other := repository(t, map[string]string{"a.yaml": forged, "tenants/a.yaml": forged})
			run(t, root, "clone", "-q", "--bare", other, "tenants/bare")
			run(t, root, "clone", "-q", "--bare", other, "x")
			for _, name := range []string{"HEAD", "config", "objects", "refs", "packed-refs"} {
				_ = os.Rename(filepath.Join(root, "x", name), filepath.Join(root, "tenants", name))
			}
			run(t, root, "config", "-f", "tenants/config", "core.bare", "false")
			run(t, root, "config", "-f", "tenants/config", "core.worktree", root)
		}},
		{"a replaced commit", func(t *testing.T, root string) {
			old := output(t, root, "rev-parse", "HEAD")
			write(t, root, "tenants/a.yaml", forged)
			run(t, root, "add", "-A")
			run(t, root, "commit", "-q", "-m", "forged")
			forgery := output(t, root, "rev-parse", "HEAD")
			run(t, root, "reset", "-q", "--hard", old)
			run(t, root, "replace", old, forgery)
		}},
		{"a replaced file", func(t *testing.T, root string) {
			write(t, root, "forged", forged)
			blob := output(t, root, "hash-object", "-w", "forged")
			run(t, root, "replace", output(t, root, "rev-parse", "HEAD:tenants/a.yaml"), blob)
		}},
		{"a submodule in place of the directory", func(t *testing.T, root string) {
			other := repository(t, map[string]string{"a.yaml": forged})
			run(t, root, "rm", "-q", "-r", "--ignore-unmatch", "tenants")
			run(t, root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "tenants")
		}},
		{"a directory .git that is none", func(t *testing.T, root string) {
			write(t, root, "tenants/.git/config", "[core]\n\tworktree = /\n")
		}},
		{"another repository in the environment", func(t *testing.T, root string) {
			other := repository(t, map[string]string{"tenants/a.yaml": forged})
			t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
			t.Setenv("GIT_WORK_TREE", other)
		}},
		{"other objects in the environment", func(t *testing.T, root string) {
			t.Setenv("GIT_OBJECT_DIRECTORY", t.TempDir())
		}},
		{"settings in the environment", func(t *testing.T, root string) {
			t.Setenv("GIT_CONFIG_COUNT", "1")
			t.Setenv("GIT_CONFIG_KEY_0", "core.worktree")
			t.Setenv("GIT_CONFIG_VALUE_0", t.TempDir())
		}},
	} {
		t.Run(test.why, func(t *testing.T) {
			root := repository(t, map[string]string{"tenants/a.yaml": honest})
			t.Chdir(root)
			test.with(t, root)
			for _, path := range []string{".", "tenants", "tenants/...", "./..."} {
				dir := t.TempDir()
				got := take(t, "HEAD", dir, path)
				text, err := os.ReadFile(filepath.Join(got.Now, "tenants", "a.yaml"))
				if err != nil || string(text) != honest {
					t.Errorf("%s: %q, %v", path, text, err)
				}
			}
		})
	}
}

// TestWorkTrees: linked work trees and submodules have a file .git.
func TestWorkTrees(t *testing.T) {
	root := repository(t, map[string]string{"a.yaml": "a"})
	run(t, root, "worktree", "add", "-q", "--detach", filepath.Join(root, "further"))
	inner := repository(t, map[string]string{"b.yaml": "b"})
	run(t, root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "inner")
	run(t, root, "commit", "-q", "-m", "two")
	t.Chdir(t.TempDir())
	if diff := cmp.Diff("a", text(t, take(t, "HEAD", t.TempDir(), filepath.Join(root, "further")), "a.yaml")); diff != "" {
		t.Error(diff)
	}
	c, err := gitrev.At("HEAD", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Take(t.Context(), filepath.Join(root, "inner", "b.yaml")); err == nil || !strings.Contains(err.Error(), "inner is a submodule of "+root) {
		t.Error(err)
	}
	t.Chdir(filepath.Join(root, "inner"))
	if diff := cmp.Diff("b", text(t, take(t, "HEAD", t.TempDir(), "."), "b.yaml")); diff != "" {
		t.Error(diff)
	}
}

func text(t *testing.T, taken gitrev.Taken, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(taken.Now, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSparse: files that a sparse checkout omits are not reported as removed; removed files
// are.
func TestSparse(t *testing.T) {
	root := repository(t, map[string]string{"in/a.yaml": "a", "in/gone.yaml": "g", "out/b.yaml": "b"})
	run(t, root, "reset", "-q", "--hard")
	run(t, root, "sparse-checkout", "set", "in")
	if err := os.Remove(filepath.Join(root, "in", "gone.yaml")); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	got := take(t, "HEAD", dir, filepath.Join(root, "..."))
	if got.Sparse != 1 {
		t.Errorf("%d files are left out", got.Sparse)
	}
	if diff := cmp.Diff(map[string]string{"0000/in/a.yaml": "a", "0000/in/gone.yaml": "g"}, taken(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPartialClone: a partial clone fetches no missing files.
func TestPartialClone(t *testing.T) {
	origin := repository(t, map[string]string{"in/a.yaml": "old", "out/b.yaml": "b"})
	run(t, origin, "reset", "-q", "--hard")
	run(t, origin, "config", "uploadpack.allowFilter", "true")
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, origin, "clone", "-q", "--sparse", "--filter=blob:none", "file://"+filepath.ToSlash(origin), clone)
	run(t, clone, "sparse-checkout", "set", "in")
	got := take(t, "HEAD", t.TempDir(), filepath.Join(clone, "in"))
	if text(t, got, "in/a.yaml") != "old" || got.Sparse != 0 {
		t.Errorf("%+v", got)
	}
	before := missingObjects(t, clone)
	write(t, origin, "in/a.yaml", "new")
	run(t, origin, "commit", "-q", "-a", "-m", "two")
	run(t, clone, "fetch", "-q")
	c, err := gitrev.At("origin/HEAD", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Take(t.Context(), filepath.Join(clone, "in")); err == nil || !strings.Contains(err.Error(), "the clone is a partial one") {
		t.Error("a file that the clone does not have:", err)
	}
	if after := missingObjects(t, clone); len(after) < len(before) {
		t.Errorf("files were fetched: %s", after)
	}
}

// missingObjects returns the objects that a partial clone does not have.
func missingObjects(t *testing.T, root string) string {
	t.Helper()
	return output(t, root, "rev-list", "--objects", "--all", "--missing=print", "--no-object-names")
}
