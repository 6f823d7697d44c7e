package gitrev

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// Root returns the root of the work tree that a directory is in: the nearest directory,
// the directory itself or one above it, that holds .git. Git's own search is not used: it
// takes any directory with the files of a bare repository for one, and those can be
// committed to a repository like other files. A file named .git cannot.
func Root(dir string) (string, bool) {
	for {
		if isRoot(dir) {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// isRoot reports whether a directory holds a .git that Git would take: a directory with a
// HEAD, or a file that says where there is one (gitrepository-layout(5)).
func isRoot(dir string) bool {
	at := filepath.Join(dir, ".git")
	if _, ok := linked(at); ok {
		return true
	}
	_, err := os.Lstat(filepath.Join(at, "HEAD"))
	return err == nil
}

// linked returns where a file .git leads: that of a submodule, or of a further work tree.
func linked(at string) (string, bool) {
	info, err := os.Stat(at)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<16 {
		return "", false
	}
	text, err := os.ReadFile(at)
	to, ok := bytes.CutPrefix(bytes.TrimRight(text, "\r\n"), []byte("gitdir: "))
	if err != nil || !ok {
		return "", false
	}
	if dir := filepath.FromSlash(string(to)); filepath.IsAbs(dir) {
		return dir, true
	}
	return filepath.Join(filepath.Dir(at), filepath.FromSlash(string(to))), true
}

// rootFor returns the root of the repository whose revisions a file belongs to. What is
// in a submodule belongs to the repository around it, unless the working directory is in
// the submodule too: a submodule that a pull request adds has whatever revisions its
// author likes.
func rootFor(abs string) (string, bool) {
	root, ok := Root(abs)
	here, err := os.Getwd()
	for ok && err == nil && isSubmodule(root) && !within(root, here) {
		root, ok = Root(filepath.Dir(root))
	}
	return root, ok
}

// isSubmodule reports whether a work tree's repository is kept in that of another one
// (gitsubmodules(7)).
func isSubmodule(root string) bool {
	dir, ok := linked(filepath.Join(root, ".git"))
	return ok && strings.Contains(filepath.ToSlash(dir), "/.git/modules/")
}

// within reports whether a path is a directory or below it, by their names or by what
// links lead to.
func within(dir, p string) bool {
	_, ok := relativeTo(dir, p)
	return ok
}

// relativeTo names a path from a directory that it is in, with slashes; "." for the
// directory itself.
func relativeTo(dir, p string) (string, bool) {
	for _, form := range []func(string) (string, error){func(s string) (string, error) { return s, nil }, resolved} {
		from, err := form(dir)
		if err != nil {
			continue
		}
		to, err := form(p)
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(from, to); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel), true
		}
	}
	return "", false
}

// resolved follows the links of what exists of a path.
func resolved(p string) (string, error) {
	real, err := filepath.EvalSymlinks(p)
	if os.IsNotExist(err) && filepath.Dir(p) != p {
		parent, err := resolved(filepath.Dir(p))
		return filepath.Join(parent, filepath.Base(p)), err
	}
	return real, err
}
