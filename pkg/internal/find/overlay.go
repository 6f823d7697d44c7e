package find

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"time"
)

// orOverlay returns what the system says about a file or, of one that is not there, what the
// overlay has.
func (d Disk) orOverlay(name string, info fs.FileInfo, err error) (fs.FileInfo, error) {
	text, ok := d.Overlay[name]
	if !ok || !errors.Is(err, fs.ErrNotExist) {
		return info, err
	}
	return unsaved{filepath.Base(name), int64(len(text))}, nil
}

// withOverlay returns the entries of a directory with the files that are in the overlay alone.
func (d Disk) withOverlay(dir string, entries []fs.DirEntry) []fs.DirEntry {
	all := slices.Clone(entries)
	for name, text := range d.Overlay {
		base := filepath.Base(name)
		if filepath.Dir(name) != filepath.Clean(dir) || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base }) {
			continue
		}
		all = append(all, fs.FileInfoToDirEntry(unsaved{base, int64(len(text))}))
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return all
}

// unsaved is a file that is in the overlay and not there yet.
type unsaved struct {
	name string
	size int64
}

func (u unsaved) Name() string       { return u.name }
func (u unsaved) Size() int64        { return u.size }
func (u unsaved) Mode() fs.FileMode  { return 0o600 }
func (u unsaved) ModTime() time.Time { return time.Time{} }
func (u unsaved) IsDir() bool        { return false }
func (u unsaved) Sys() any           { return nil }
