package find

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/limit"
)

// ReadFile reads a file, or one byte more than the limit of a file that is too large.
func (d Disk) ReadFile(name string, limits limit.Limits) ([]byte, error) {
	if text, ok := d.overlaid(name, limits); ok {
		return text, nil
	}
	f, err := d.open(name)
	if err != nil {
		return nil, err
	}
	return d.contents(f, limits)
}

// overlaid returns the text of a file in the overlay, or one byte more than the limit of a text
// that is too large.
func (d Disk) overlaid(name string, limits limit.Limits) ([]byte, bool) {
	text, ok := d.Overlay[name]
	return text[:min(len(text), limits.Of(limit.FileBytes)+1)], ok
}

// ReadBelow is ReadFile for a file that must be below a directory, with links resolved.
func (d Disk) ReadBelow(root, name string, limits limit.Limits) ([]byte, error) {
	text, over := d.overlaid(name, limits)
	if _, err := os.Lstat(name); over && errors.Is(err, fs.ErrNotExist) {
		return text, nil
	}
	f, err := d.openBelow(root, name)
	if err != nil {
		return nil, err
	}
	if over {
		f.Close()
		return text, nil
	}
	return d.contents(f, limits)
}

var (
	ErrNotRegular = errors.New("it is not a regular file")
	errChanged    = errors.New("it changed while it was read")
	errGenerated  = errors.New("the system generates it as it is read")
)

// contents reads a regular file whole, and closes it. It fails if the file changes meanwhile: a
// part of a spec may be another spec.
func (d Disk) contents(f fs.File, limits limit.Limits) ([]byte, error) {
	defer f.Close()
	before, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !before.Mode().IsRegular():
		return nil, ErrNotRegular
	}
	bytes, written := before.Size(), before.ModTime() // copied, because a file in memory may change its FileInfo
	maximum := limits.Of(limit.FileBytes) + 1
	size := int(min(bytes, int64(maximum)))
	text := make([]byte, 0, size+1) // one byte more, so that the last read finds the end
	for len(text) < maximum {
		if len(text) == cap(text) {
			text = slices.Grow(text, len(text)+1)
		}
		n, err := f.Read(text[len(text):min(cap(text), maximum)])
		text = text[:len(text)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(text) == size && n > 0 && len(text) < cap(text) {
			break // the end
		}
	}
	after, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case after.Size() != bytes || !after.ModTime().Equal(written):
		return nil, errChanged
	case len(text) != size:
		return nil, errGenerated
	}
	return text, nil
}
