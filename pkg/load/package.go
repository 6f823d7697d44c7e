package load

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/data"
)

// onlyHead limits what is read of a file to one byte more than is looked at for its package
// clause.
var onlyHead = Limits{FileBytes: small}

// readPackage reads a CUE file of at most small bytes, or more than that of a longer one,
// and returns the package that it says it belongs to, or "". known is false where that is
// not in its first small bytes, and nothing else is.
func (d disk) readPackage(path string) (text []byte, name string, known bool) {
	text, err := d.readFile(path, onlyHead)
	if err != nil || !bytes.Contains(text, []byte("package")) && len(text) <= small {
		return text, "", true
	}
	name, known = packageOf(path, text)
	return text, name, known
}

var errNoClause = errors.New("its first 64 KiB hold no more than comments and attributes")

func packageOf(path string, text []byte) (name string, known bool) {
	text, cut := head(text)
	var r literalReader
	r.init(data.NewSource(path, text))
	for r.tok == token.ATTRIBUTE || r.tok == token.COMMA {
		r.next()
	}
	if cut && (r.tok == token.EOF || r.tok == token.ILLEGAL) {
		return "", false
	}
	return r.packageClause(), true
}

// packageClause reads what names a package; "" where that is anything else.
func (r *literalReader) packageClause() string {
	if r.tok != token.IDENT || r.lit != "package" {
		return ""
	}
	r.next()
	name := r.lit
	if r.tok != token.IDENT || name == "_" || strings.Contains(name, "#") {
		return ""
	}
	r.next()
	if !r.comma(token.EOF) {
		return ""
	}
	return name
}

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

// given reads a file of a unit, if that was not done to find the unit.
func (l *Loader) given(u Unit, name string) ([]byte, error) {
	i, ok := slices.BinarySearch(u.Files, name)
	if _, over := l.overlay[name]; ok && !over && i < len(u.texts) && u.texts[i] != nil {
		return u.texts[i], nil
	}
	return l.readFile(name, l.limits)
}
