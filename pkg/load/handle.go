package load

import (
	"io"
	"io/fs"
)

// handle is an open file, which is read once.
type handle interface {
	io.ReadCloser
	state() (state, error)
}

// state tells what a file is, and whether it was written meanwhile.
type state struct {
	regular bool
	size    int64
	written int64 // when it was, in nanoseconds
}

// ofPackage is a file as packages fs and os have it.
type ofPackage struct{ fs.File }

func opened(f fs.File, err error) (handle, error) {
	if err != nil {
		return nil, err
	}
	return ofPackage{f}, nil
}

func (f ofPackage) state() (state, error) {
	info, err := f.Stat()
	if err != nil {
		return state{}, err
	}
	return state{info.Mode().IsRegular(), info.Size(), info.ModTime().UnixNano()}, nil
}
