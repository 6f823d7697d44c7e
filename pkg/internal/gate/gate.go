// Package gate keeps from CUE's scanner and parser, and from the evaluator, what they cannot
// bear: every text passes it before it is read.
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

// This package is the gate: no other one of the program hands a text to CUE's scanner or
// parser, which recurse, and take the square of the time on some broken texts. A stack that
// overflows ends the process, and cannot be recovered from. What passes the gate is either
// no longer than small bytes, or has been bounded by [limit.Limits.text] and [limit.Limits.cue]:
// bytes, brackets inside each other, operators, and no broken token.

// Small is how many bytes of CUE its parser reads without harm, whatever they are but
// operators.
const Small = 64 << 10

// Tokens reads the tokens of a CUE text.
type Tokens struct{ Scanner scanner.Scanner }

// init begins a text that [limit.Limits.text] has bounded and brackets has not found too deep, or
// whose beginning alone it is: see [Head].
func (t *Tokens) Init(src *data.Source, broken func(token.Pos, string, []any)) {
	t.Scanner.Init(token.NewFile(src.Name, -1, len(src.Text)), src.Text, broken, 0)
}

// Head is as much of a text as is read to find its package clause. cut reports whether that
// is not all.
func Head(text []byte) (head []byte, cut bool) {
	if len(text) <= Small {
		return text, false
	}
	return text[:Small], true
}

// SyntaxTree parses a text that has passed the gate.
func SyntaxTree(src *data.Source) (*ast.File, error) { return library.Parse(src.Name, src.Text) }

// ErrLong is in the error of an expression that does not pass the gate.
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
