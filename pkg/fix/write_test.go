package fix_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fix"
)

// TestWriteRefuses leaves files as they are, and nothing beside them.
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

// texts are the files of a directory.
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

// TestContradictions mends neither of two edits that write over each other, and what
// stands beside them all the same; a byte order mark, and an edit that two ask for, count
// once.
func TestContradictions(t *testing.T) {
	const text = "\uFEFFab cd\näé fg\n"
	edit := func(line, column, end int, now string) *diag.Edit {
		return &diag.Edit{Range: diag.Range{File: "f", Line: line, Column: column, EndLine: line, EndColumn: end}, NewText: now}
	}
	mistakes := diag.List{
		{Message: "1", Fix: edit(1, 1, 3, "x")},
		{Message: "2", Fix: edit(1, 2, 3, "y")},
		{Message: "3", Fix: edit(2, 1, 3, "ö")},
		{Message: "4", Fix: edit(2, 1, 3, "ö")},
		{Message: "5", Fix: edit(2, 4, 6, "long")},
	}
	for i := range mistakes {
		mistakes[i].Severity, mistakes[i].Path, mistakes[i].Range = diag.Error, diag.At(mistakes[i].Message), mistakes[i].Fix.Range
	}
	judge := func(_ context.Context, texts map[string][]byte) (diag.List, error) {
		if string(texts["f"]) == "\uFEFFab cd\nö long\n" {
			return mistakes[:2], nil
		}
		return mistakes, nil
	}
	files, refused, err := fix.Run(t.Context(), judge, func(string) ([]byte, error) { return []byte(text), nil })
	if err != nil || len(files) != 1 || files[0].Mended != 3 || string(files[0].Was) != text {
		t.Fatalf("%+v %v", files, err)
	}
	if len(refused) != 1 || refused[0] != (fix.Refusal{File: "f", Reason: "line 1 has mends that contradict each other"}) {
		t.Errorf("refused: %v", refused)
	}
}
