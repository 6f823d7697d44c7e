// Package gate protects CUE's scanner, parser and evaluator from texts that overload them:
// every text passes it before it is parsed.
//
//	if gate.Text(limits, &diags, src) && gate.CUE(limits, &diags, src) {
//		file, err := gate.SyntaxTree(src)
//	}
package gate

import (
	"errors"
	"fmt"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/scanner"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// This package is the gate: no other package of the program passes a text to CUE's scanner or
// parser. They recurse, and take quadratic time on some broken texts; a stack overflow ends the
// process and cannot be recovered. A text that has passed the gate is either at most small
// bytes long, or within the limits of [Text] and [CUE]: bytes, nesting, operators, and no
// broken token.

// Small is the number of bytes of CUE that the parser can read safely, except for operators.
const Small = 64 << 10

// Tokens reads the tokens of a CUE text.
type Tokens struct{ Scanner scanner.Scanner }

// Init begins a text that has passed [Text] and brackets, or only its [Head].
func (t *Tokens) Init(src *data.Source, broken func(token.Pos, string, []any)) {
	t.Scanner.Init(token.NewFile(src.Name, -1, len(src.Text)), src.Text, broken, 0)
}

// Head returns the part of a text that is searched for a package clause. cut reports whether
// the text continues after it.
func Head(text []byte) (head []byte, cut bool) {
	if len(text) <= Small {
		return text, false
	}
	return text[:Small], true
}

// SyntaxTree parses a text that has passed the gate.
func SyntaxTree(src *data.Source) (*ast.File, error) { return library.Parse(src.Name, src.Text) }

// ErrLong is wrapped by the error of an expression that does not pass the gate.
var ErrLong = errors.New("the expression is too long")

// Expression parses an expression of an attribute or a flag.
func Expression(l limit.Limits, name, text string) (ast.Expr, error) {
	var diags diag.List
	src := data.NewSource(name, []byte(text))
	if !Text(l, &diags, src) || !CUE(l, &diags, src) {
		return nil, fmt.Errorf("%w: %s", ErrLong, diags[0].Message)
	}
	return parser.ParseExpr(name, text)
}
