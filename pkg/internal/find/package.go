package find

import (
	"bytes"
	"errors"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// OnlyHead limits the bytes read from a file to one more than the search for its package clause
// needs.
var OnlyHead = limit.Limits{limit.FileBytes: gate.Small}

// readPackage reads the beginning of a CUE file, at most one byte more than gate.Small, and
// returns the name in its package clause, or "". known is false where these bytes hold only
// comments and attributes.
func (d Disk) readPackage(path string) (text []byte, name string, known bool) {
	text, err := d.ReadFile(path, OnlyHead)
	if err != nil || !bytes.Contains(text, []byte("package")) && len(text) <= gate.Small {
		return text, "", true
	}
	name, known = read.PackageOf(path, text)
	return text, name, known
}

var errNoClause = errors.New("its first 64 KiB hold no more than comments and attributes")

// keptTexts is how many bytes of contents are kept between finding and checking, longestKept
// how long each may be.
const (
	keptTexts   = 4 << 20
	longestKept = 64 << 10
)

// keep returns the text if it may be kept, or nil.
func (f *finder) keep(text []byte) []byte {
	if len(text) > longestKept || f.room.Add(-int64(len(text))) < 0 {
		return nil
	}
	return text
}

// Bare returns the unit without its kept contents.
func (u Unit) Bare() Unit {
	u.texts = nil
	return u
}

// Text returns the contents of one of the unit's files, if they were kept.
func (u Unit) Text(name string) ([]byte, bool) {
	i, ok := slices.BinarySearch(u.Files, name)
	if !ok || i >= len(u.texts) || u.texts[i] == nil {
		return nil, false
	}
	return u.texts[i], true
}
