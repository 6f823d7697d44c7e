package load

import (
	"bytes"
	"slices"
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/data"
)

// readPackage reads a CUE file, and returns the package that it says it belongs to, or "".
func (d disk) readPackage(path string) (text []byte, name string) {
	text, err := d.readFile(path, nil)
	if err != nil || !bytes.Contains(text, []byte("package")) {
		return text, ""
	}
	return text, packageOf(data.NewSource(path, text))
}

func packageOf(src *data.Source) string {
	var r literalReader
	r.init(src)
	for r.tok == token.ATTRIBUTE || r.tok == token.COMMA {
		r.next()
	}
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
