package load

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// read returns the text of a unit with one file, or nil if it cannot be read.
func (l *Loader) read(u find.Unit, out *Loaded) (*data.Source, error) {
	var text []byte
	var err error
	if u.Path == "-" {
		if text, err = io.ReadAll(io.LimitReader(l.stdin, int64(l.limits.Of(limit.FileBytes))+1)); err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
	} else if text, err = l.given(u, u.Path); err != nil {
		out.Diagnostics.Errorf(diag.Unreadable, nil, "cannot be read: %s", find.Reason(err)).File = u.Path
		return nil, nil
	}
	return out.source(u.Path, text), nil
}

var byteOrderMark = []byte("\uFEFF")

// source registers a text. If it is not UTF-8, source reports that and returns nil.
func (out *Loaded) source(name string, text []byte) *data.Source {
	text = bytes.TrimPrefix(text, byteOrderMark)
	src := read.NewSource(name, text)
	out.Sources[name] = src
	if !gate.Text(out.limits, &out.Diagnostics, src) {
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

// given returns the contents of a unit's file, from finding the unit or from the disk.
func (l *Loader) given(u find.Unit, name string) ([]byte, error) {
	if _, over := l.Overlay[name]; !over {
		if text, ok := u.Text(name); ok {
			return text, nil
		}
	}
	return l.ReadFile(name, l.limits)
}

// passes reports whether a text passes the gate, and records diagnostics if not.
func (e *evaluation) passes(src *data.Source) bool {
	if e.passed[src] {
		return true
	}
	if !gate.CUE(e.limits, &e.out.Diagnostics, src) {
		return false
	}
	if e.passed == nil {
		e.passed = map[*data.Source]bool{}
	}
	e.passed[src] = true
	return true
}
