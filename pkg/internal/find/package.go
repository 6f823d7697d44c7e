package find

import (
	"bytes"
	"errors"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// OnlyHead limits what is read of a file to one byte more than is looked at for its package
// clause.
var OnlyHead = limit.Limits{limit.FileBytes: gate.Small}

// readPackage reads a CUE file of at most small bytes, or more than that of a longer one,
// and returns the package that it says it belongs to, or "". known is false where that is
// not in its first small bytes, and nothing else is.
func (d Disk) readPackage(path string) (text []byte, name string, known bool) {
	text, err := d.ReadFile(path, OnlyHead)
	if err != nil || !bytes.Contains(text, []byte("package")) && len(text) <= gate.Small {
		return text, "", true
	}
	name, known = read.PackageOf(path, text)
	return text, name, known
}

var errNoClause = errors.New("its first 64 KiB hold no more than comments and attributes")

// How many bytes of texts that were read to find units are kept for when those are judged,
// and how long such a text may be.
const (
	keptTexts   = 4 << 20
	longestKept = 64 << 10
)

// keep returns a text that is to be kept, or nil.
func (f *finder) keep(text []byte) []byte {
	if len(text) > longestKept || f.room.Add(-int64(len(text))) < 0 {
		return nil
	}
	return text
}

// Bare returns the unit without the texts that were read to find it: which files it is of.
func (u Unit) Bare() Unit {
	u.texts = nil
	return u
}

// Text returns the text of one of the unit's files, if it was kept from finding the unit.
func (u Unit) Text(name string) ([]byte, bool) {
	i, ok := slices.BinarySearch(u.Files, name)
	if !ok || i >= len(u.texts) || u.texts[i] == nil {
		return nil, false
	}
	return u.texts[i], true
}
