package read

import (
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// PackageOf returns the package that a CUE file says it belongs to, or "". known is false where
// that is not in its first [gate.Small] bytes, and nothing else is.
func PackageOf(path string, text []byte) (name string, known bool) {
	text, cut := gate.Head(text)
	var r literalReader
	r.begin(data.NewSource(path, text))
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
