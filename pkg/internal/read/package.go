package read

import (
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// PackageOf returns the name in a CUE file's package clause, or "". known is false if the first
// [gate.Small] bytes hold only comments and attributes.
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

// packageClause reads a package clause; "" if the text begins differently.
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
