package fix_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/fix"
)

// TestWriteRefuses leaves files as they are, and no temporary files.
func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode fs.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := filepath.Join(dir, "link.yaml")
	if err := os.Symlink(file("there.yaml", "was", 0o600), link); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		reason, path string
		want         error // nil: any
	}{
		{"it changed meanwhile", file("changed.yaml", "another", 0o600), fix.ErrChanged},
		{"it is gone", filepath.Join(dir, "gone.yaml"), fs.ErrNotExist},
		{"it is a link", link, nil},
		{"it is a directory", dir, nil},
	}
	if os.Geteuid() != 0 {
		tests = append(tests, struct {
			reason, path string
			want         error
		}{"it may not be written", file("locked.yaml", "was", 0o400), fs.ErrPermission})
	}
	before := texts(t, dir)
	for _, tt := range tests {
		err := fix.Write(fix.File{Name: tt.path, Was: []byte("was"), Now: []byte("now")})
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.reason, err)
		}
	}
	if after := texts(t, dir); len(after) != len(before) {
		t.Errorf("there were %q, and are %q", before, after)
	} else {
		for name, text := range before {
			if after[name] != text {
				t.Errorf("%s was %q and is %q", name, text, after[name])
			}
		}
	}
}

// texts returns the files of a directory.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}
