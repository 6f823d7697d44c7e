package gitrev_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
)

// repository makes a repository of the files, by name, commits them, and removes them from the
// work tree. A text that begins with "-> " is a link.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	run(t, root, "init", "-q")
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if to, isLink := strings.CutPrefix(text, "-> "); isLink {
			err = errors.Join(err, os.Symlink(to, path))
		} else {
			err = errors.Join(err, os.WriteFile(path, []byte(text), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	run(t, root, "add", "-A")
	run(t, root, "commit", "-q", "-m", "one")
	run(t, root, "rm", "-q", "-r", ".")
	return root
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	c := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false"}, args...)...)
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// taken returns the files below a directory, with their texts.
func taken(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(path)
			files[filepath.ToSlash(rel)] = "-> " + to
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFiles(t *testing.T) {
	root := repository(t, map[string]string{
		".gitattributes":         "* text=auto eol=crlf export-subst\nplain export-ignore\n",
		"plain/a.yaml":           "id: $Format:%H$\r\n",
		"plain/b c\n.yaml":       "",
		"plain-too/x.yaml":       "x",
		"mod/cue.mod/module.cue": "module: \"example.com/x@v0\"\n",
		"mod/base.cue":           "package x\n",
		"mod/deep/tenant.cue":    "package x\n",
		"links/in.yaml":          "-> ../plain/a.yaml",
		"links/out.yaml":         "-> ../../../etc/passwd",
		"links/absolute.yaml":    "-> /etc/passwd",
		"links/tenant.yaml":      "id: a\n",
		"links/through":          "-> ../plain",
	})
	for _, test := range []struct {
		why, path string
		at        string
		want      []string
	}{
		{"a directory, byte for byte", "plain", "plain", []string{"plain/a.yaml", "plain/b c\n.yaml"}},
		{"a file, and what stands beside it", "plain/a.yaml", "plain/a.yaml", []string{"plain/a.yaml", "plain/b c\n.yaml"}},
		{"all below, with its module", "mod/deep/...", "mod/deep/...", []string{"mod/base.cue", "mod/cue.mod/module.cue", "mod/deep/tenant.cue"}},
		{"links that stay, and what they lead to", "links", "links", []string{"links/in.yaml", "links/tenant.yaml", "links/through", "plain/a.yaml", "plain/b c\n.yaml"}},
		{"what was not there", "nothing", "", nil},
	} {
		t.Run(test.why, func(t *testing.T) {
			dir := t.TempDir()
			got := take(t, "HEAD", dir, filepath.Join(root, test.path))
			want := gitrev.Taken{Now: filepath.Join(dir, "0000"), Root: root}
			if test.at != "" {
				want.Path = filepath.Join(want.Now, test.at)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			files := taken(t, dir)
			var names []string
			for name, text := range files {
				name = strings.TrimPrefix(name, "0000/")
				names = append(names, name)
				if name == "plain/a.yaml" && text != "id: $Format:%H$\r\n" && text != "id: $Format:%H$\n" {
					t.Errorf("%s is %q", name, text)
				}
			}
			slices.Sort(names)
			if diff := cmp.Diff(test.want, names); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFilesOfTheRoot(t *testing.T) {
	root := repository(t, map[string]string{"a.yaml": "a", "deep/b.yaml": "b"})
	t.Chdir(root)
	for _, path := range []string{".", "./...", root} {
		dir := t.TempDir()
		take(t, "HEAD", dir, path, "deep")
		if diff := cmp.Diff(map[string]string{"0000/a.yaml": "a", "0000/deep/b.yaml": "b"}, taken(t, dir)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestNoRevision(t *testing.T) {
	root := repository(t, map[string]string{"a.yaml": "a"})
	for _, test := range []struct{ rev, path string }{
		{"nothing", root},
		{"--help", root},
		{"-", root},
		{"HEAD:a.yaml", root}, // a file, not a revision
		{"", root},
		{"HEAD", t.TempDir()},
	} {
		dir := t.TempDir()
		c, err := gitrev.At(test.rev, dir)
		if err == nil {
			_, err = c.Take(t.Context(), test.path)
		}
		if !errors.Is(err, gitrev.ErrRevision) {
			t.Errorf("%q of %s: %v", test.rev, test.path, err)
		}
		if files := taken(t, dir); len(files) > 0 {
			t.Errorf("%q: %v", test.rev, files)
		}
	}
}

func TestNoGit(t *testing.T) {
	root := repository(t, map[string]string{"a.yaml": "a"})
	t.Setenv("PATH", "")
	c, err := gitrev.At("HEAD", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Take(t.Context(), root)
	if !errors.Is(err, exec.ErrNotFound) || errors.Is(err, gitrev.ErrRevision) {
		t.Error(err)
	}
}

// take extracts paths at a revision, and returns the first.
func take(t *testing.T, rev, dir string, paths ...string) gitrev.Taken {
	t.Helper()
	c, err := gitrev.At(rev, dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []gitrev.Taken
	for _, p := range paths {
		taken, err := c.Take(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, taken)
	}
	return all[0]
}
