package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// read returns a unit's one text, or nil where that cannot be had.
func (l *Loader) read(u Unit, out *Loaded) (*data.Source, error) {
	var text []byte
	var err error
	if u.Path == "-" {
		if text, err = io.ReadAll(io.LimitReader(l.stdin, int64(l.limits.Of(FileBytes))+1)); err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
	} else if text, err = l.given(u, u.Path); err != nil {
		out.Diagnostics.Errorf(diag.Unreadable, nil, "cannot be read: %s", reason(err)).File = u.Path
		return nil, nil
	}
	return out.source(u.Path, text), nil
}

var byteOrderMark = []byte("\uFEFF")

// source registers a text, or reports that it is none and returns nil.
func (out *Loaded) source(name string, text []byte) *data.Source {
	text = bytes.TrimPrefix(text, byteOrderMark)
	src := newSource(name, text)
	out.Sources[name] = src
	if !out.limits.text(&out.Diagnostics, src) {
		return nil
	}
	if utf8.Valid(text) && bytes.IndexByte(text, 0) < 0 {
		return src
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 || r == 0 {
			d := out.Diagnostics.Errorf(diag.Syntax, nil, "the file is not UTF-8 text: byte 0x%02x here", text[i])
			d.Range = src.Range(i, i)
			return nil
		}
		i += size
	}
	return src
}

// readFile reads a file, and no more of it than tells that it is too large.
func (d disk) readFile(name string, limits Limits) ([]byte, error) {
	f, err := d.open(name)
	if err != nil {
		return nil, err
	}
	return d.contents(name, f, limits)
}

// readBelow is readFile for a file that links must not take out of a directory.
func (d disk) readBelow(root, name string, limits Limits) ([]byte, error) {
	f, err := d.openBelow(root, name)
	if err != nil {
		return nil, err
	}
	return d.contents(name, f, limits)
}

var (
	errNotRegular = errors.New("it is not a regular file")
	errChanged    = errors.New("it changed while it was read")
	errGenerated  = errors.New("the system generates it as it is read")
)

// contents reads a regular file whole, and closes it. It fails if the file changes meanwhile:
// a part of a spec may be another spec.
func (d disk) contents(name string, f fs.File, limits Limits) ([]byte, error) {
	defer f.Close()
	if text, ok := d.overlay[name]; ok {
		return text, nil
	}
	before, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !before.Mode().IsRegular():
		return nil, errNotRegular
	}
	bytes, written := before.Size(), before.ModTime() // what a file in memory says may change
	most := limits.Of(FileBytes) + 1
	size := int(min(bytes, int64(most)))
	text := make([]byte, 0, size+1) // a read beyond the end finds the end
	for len(text) < most {
		if len(text) == cap(text) {
			text = slices.Grow(text, len(text)+1)
		}
		n, err := f.Read(text[len(text):min(cap(text), most)])
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
