package find

import (
	"os"
	"path/filepath"
	"testing"

	"cuelang.org/go/cue/parser"
)

// TestPackageOf compares the package names found in files with those of CUE's parser.
func TestPackageOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.cue")
	for _, text := range []string{
		"package a", "package a\nx: 1", "package a;x: 1", "package a,", "\n;package a", "package\na", "package $a", "package _a",
		"// of b\n\npackage a // of c\nx: 1", "//\n//package b\npackage a", "@if(x)\n\npackage a\n", "@if(x)\n@y()\npackage a\n",
		"", "x: 1", "package: 1", "package _", "package #a", "package _#a", "package a b", "package \"a\"", "package if", "package true",
		"package /*", "package a\n@x()", "x: 1\npackage a", "import \"x\"\npackage a", "package", "package a\x00",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want := ""
		if f, err := parser.ParseFile(path, text, parser.PackageClauseOnly); err == nil && f.PackageName() != "_" {
			want = f.PackageName()
		}
		if _, got, _ := (Disk{}).readPackage(path); got != want {
			t.Errorf("%q is of package %q, not %q", text, want, got)
		}
	}
}
