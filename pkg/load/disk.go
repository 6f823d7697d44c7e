package load

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// disk is where files are read: the system's, or those of a file system in memory, whose
// root is the directory that relative paths begin in.
type disk struct{ memory fs.FS }

// inside is a path as package fs has it.
func inside(name string) string { return path.Clean(filepath.ToSlash(name)) }

func (d disk) stat(name string) (fs.FileInfo, error) {
	if d.memory != nil {
		return fs.Stat(d.memory, inside(name))
	}
	return os.Stat(name)
}

func (d disk) lstat(name string) (fs.FileInfo, error) {
	if d.memory != nil {
		return fs.Lstat(d.memory, inside(name))
	}
	return os.Lstat(name)
}

func (d disk) readDir(name string) ([]fs.DirEntry, error) {
	if d.memory != nil {
		return fs.ReadDir(d.memory, inside(name))
	}
	return os.ReadDir(name)
}

func (d disk) open(name string) (fs.File, error) {
	if d.memory != nil {
		return d.memory.Open(inside(name))
	}
	return os.Open(name)
}

// isRoot reports whether no directory is above one.
func (d disk) isRoot(dir string) bool {
	if d.memory != nil {
		return inside(dir) == "."
	}
	abs, err := filepath.Abs(dir)
	return err != nil || filepath.Dir(abs) == abs
}
