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

// Disk is where files are read: the system's, or those of a file system in memory, whose
// root is the directory that relative paths begin in. Files of the overlay are read from
// there.
type Disk struct {
	Memory  fs.FS
	Overlay map[string][]byte
}

// inside is a path as package fs has it.
func inside(name string) string { return path.Clean(filepath.ToSlash(name)) }

// Stat is [os.Stat].
func (d Disk) Stat(name string) (fs.FileInfo, error) {
	if d.Memory != nil {
		return fs.Stat(d.Memory, inside(name))
	}
	return os.Stat(name)
}

// Lstat is [os.Lstat].
func (d Disk) Lstat(name string) (fs.FileInfo, error) {
	if d.Memory != nil {
		return fs.Lstat(d.Memory, inside(name))
	}
	return os.Lstat(name)
}

// ReadDir is [os.ReadDir].
func (d Disk) ReadDir(name string) ([]fs.DirEntry, error) {
	if d.Memory != nil {
		return fs.ReadDir(d.Memory, inside(name))
	}
	return os.ReadDir(name)
}

func (d Disk) open(name string) (fs.File, error) {
	if d.Memory == nil {
		return os.OpenFile(name, readOnly, 0)
	}
	return d.Memory.Open(inside(name))
}

// openBelow opens a file of a directory, or of one below it. Links lead nowhere out of
// the directory; in memory, there is none to follow.
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
		if ofGit(rel) {
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
		if to, err := resolved(root, name); err != nil || ofGit(to) {
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

// leaves reports whether the links on a path below a directory lead out of it, or to what
// is git's. A file system in memory has bounds of its own.
func (d Disk) leaves(root, name string) bool {
	if d.Memory != nil {
		return false
	}
	to, err := resolved(root, name)
	return err != nil || !filepath.IsLocal(to) || ofGit(to)
}

// leadsToGit reports whether a link that was named leads to what is git's: a shell names
// whatever an author has put beside his specs.
func (d Disk) leadsToGit(name string) bool {
	if d.Memory != nil {
		return false
	}
	to, err := filepath.EvalSymlinks(name)
	return err != nil || ofGit(to)
}

// resolved is the path from one directory to a file, links resolved.
func resolved(root, name string) (string, error) {
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

// ofGit reports whether a file is among those that git keeps for itself: in CI, its
// configuration holds the token that the repository was fetched with.
func ofGit(rel string) bool {
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	return false
}

// IsRoot reports whether no directory is above one.
func (d Disk) IsRoot(dir string) bool {
	if d.Memory != nil {
		return inside(dir) == "."
	}
	abs, err := filepath.Abs(dir)
	return err != nil || filepath.Dir(abs) == abs
}
