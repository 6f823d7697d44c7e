package gitrev

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// Root returns the root of a directory's work tree: the nearest directory, itself or above it,
// that contains .git. It does not use Git's own search, which accepts any directory with the
// files of a bare repository, and a repository can contain such files. It cannot contain a file
// named .git.
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

// isRoot reports whether a directory contains a .git that Git would accept: a directory with a
// HEAD, or a file with the path of one (gitrepository-layout(5)).
func isRoot(dir string) bool {
	at := filepath.Join(dir, ".git")
	if _, ok := linked(at); ok {
		return true
	}
	_, err := os.Lstat(filepath.Join(at, "HEAD"))
	return err == nil
}

// linked returns the target of a file .git: that of a submodule, or of a linked work tree.
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

// rootFor returns the root of the repository that tracks a file. A file in a submodule counts
// as one of the enclosing repository, unless the working directory is in the submodule too: a
// pull request can add a submodule with any revisions.
func rootFor(abs string) (string, bool) {
	root, ok := Root(abs)
	here, err := os.Getwd()
	for ok && err == nil && isSubmodule(root) && !within(root, here) {
		root, ok = Root(filepath.Dir(root))
	}
	return root, ok
}

// isSubmodule reports whether a work tree's repository is stored in that of another one
// (gitsubmodules(7)).
func isSubmodule(root string) bool {
	dir, ok := linked(filepath.Join(root, ".git"))
	return ok && strings.Contains(filepath.ToSlash(dir), "/.git/modules/")
}

// within reports whether a path is a directory or below it, by name or with links resolved.
func within(dir, p string) bool {
	_, ok := relativeTo(dir, p)
	return ok
}

// relativeTo returns a path relative to a directory that contains it, with slashes; "." for the
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

// resolved resolves the links in the existing part of a path.
func resolved(p string) (string, error) {
	real, err := filepath.EvalSymlinks(p)
	if os.IsNotExist(err) && filepath.Dir(p) != p {
		parent, err := resolved(filepath.Dir(p))
		return filepath.Join(parent, filepath.Base(p)), err
	}
	return real, err
}
