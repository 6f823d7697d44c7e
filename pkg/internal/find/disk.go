package find

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// Disk reads files: the system's, or those of a file system in memory, whose root is the base
// of relative paths. Files of the overlay take precedence, and need not exist on the system.
type Disk struct {
	Memory  fs.FS
	Overlay map[string][]byte
}

// fsPath returns a path in the form that package fs requires.
func fsPath(name string) string { return path.Clean(filepath.ToSlash(name)) }

// Stat is [os.Stat].
func (d Disk) Stat(name string) (fs.FileInfo, error) {
	if d.Memory != nil {
		return fs.Stat(d.Memory, fsPath(name))
	}
	info, err := os.Stat(name)
	return d.orOverlay(name, info, err)
}

// Lstat is [os.Lstat].
func (d Disk) Lstat(name string) (fs.FileInfo, error) {
	if d.Memory != nil {
		return fs.Lstat(d.Memory, fsPath(name))
	}
	info, err := os.Lstat(name)
	return d.orOverlay(name, info, err)
}

// ReadDir is [os.ReadDir].
func (d Disk) ReadDir(name string) ([]fs.DirEntry, error) {
	if d.Memory != nil {
		return fs.ReadDir(d.Memory, fsPath(name))
	}
	entries, err := os.ReadDir(name)
	if err != nil || len(d.Overlay) == 0 {
		return entries, err
	}
	return d.withOverlay(name, entries), nil
}

func (d Disk) open(name string) (fs.File, error) {
	if d.Memory == nil {
		return os.OpenFile(name, readOnly, 0)
	}
	return d.Memory.Open(fsPath(name))
}

// openBelow opens a file in a directory or below it. A link that leaves the directory is an
// error, and so is any link in memory.
func (d Disk) openBelow(root, name string) (fs.File, error) {
	rel, err := relative(root, name)
	if err != nil {
		return nil, err
	}
	if d.Memory != nil {
		at := root
		for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
			at = filepath.Join(at, part)
			if d.isLink(at) {
				return nil, errors.New("it is a link, and none is followed in memory")
			}
		}
		if belongsToGit(rel) {
			return nil, errGit
		}
		return d.open(name)
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	f, err := dir.OpenFile(rel, readOnly, 0)
	var system syscall.Errno
	switch {
	case err == nil:
		if to, err := resolveLinks(root, name); err != nil || belongsToGit(to) {
			f.Close()
			return nil, errGit
		}
		return f, nil
	case errors.As(err, &system):
		return nil, err
	}
	return nil, fmt.Errorf("the link leads out of %s", root)
}

func relative(root, name string) (string, error) {
	from, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.Rel(from, to)
}

// linkEscapes reports whether the links on a path below a directory lead out of it, or into git's
// own files. A file system in memory needs no such check.
func (d Disk) linkEscapes(root, name string) bool {
	if d.Memory != nil {
		return false
	}
	to, err := resolveLinks(root, name)
	return err != nil || !filepath.IsLocal(to) || belongsToGit(to)
}

// leadsToGit reports whether a named link leads into git's own files: a shell's glob names any
// link that an author has put beside a spec.
func (d Disk) leadsToGit(name string) bool {
	if d.Memory != nil {
		return false
	}
	to, err := filepath.EvalSymlinks(name)
	return err != nil || belongsToGit(to)
}

// resolveLinks returns the path from one directory to a file, with links resolved.
func resolveLinks(root, name string) (string, error) {
	from, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", err
	}
	to, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	return relative(from, to)
}

var errGit = errors.New("it is git's own, and no file of the author's")

// belongsToGit reports whether a file belongs to git's own directory: in CI, its configuration holds
// the token that the repository was fetched with.
func belongsToGit(rel string) bool {
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	return false
}

// IsRoot reports whether a directory has no parent.
func (d Disk) IsRoot(dir string) bool {
	if d.Memory != nil {
		return fsPath(dir) == "."
	}
	abs, err := filepath.Abs(dir)
	return err != nil || filepath.Dir(abs) == abs
}
