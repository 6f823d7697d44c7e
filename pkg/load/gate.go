package load

import (
	"errors"
	"fmt"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/scanner"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/library"
)

// This file is the gate: no other file of the program hands a text to CUE's scanner or
// parser, which recurse, and take the square of the time on some broken texts. A stack that
// overflows ends the process, and cannot be recovered from. What passes the gate is either
// no longer than small bytes, or has been bounded by [Limits.text] and [Limits.cue]:
// bytes, brackets inside each other, operators, and no broken token.

// small is how many bytes of CUE its parser reads without harm, whatever they are but
// operators.
const small = 64 << 10

// tokens reads the tokens of a CUE text.
type tokens struct{ scanner scanner.Scanner }

// init begins a text that [Limits.text] has bounded and brackets has not found too deep, or
// whose beginning alone it is: see [head].
func (t *tokens) init(src *data.Source, broken func(token.Pos, string, []any)) {
	t.scanner.Init(token.NewFile(src.Name, -1, len(src.Text)), src.Text, broken, 0)
}

// head is as much of a text as is read to find its package clause. cut reports whether that
// is not all.
func head(text []byte) (head []byte, cut bool) {
	if len(text) <= small {
		return text, false
	}
	return text[:small], true
}

// passes reports whether a text passes the gate; what keeps it out is reported.
func (e *evaluation) passes(src *data.Source) bool {
	if e.passed[src] {
		return true
	}
	if !e.limits.cue(&e.out.Diagnostics, src) {
		return false
	}
	if e.passed == nil {
		e.passed = map[*data.Source]bool{}
	}
	e.passed[src] = true
	return true
}

// syntaxTree parses a text that has passed the gate.
func syntaxTree(src *data.Source) (*ast.File, error) { return library.Parse(src.Name, src.Text) }

// errLong is in the error of an expression that does not pass the gate.
var errLong = errors.New("the expression is too long")

// expression parses an expression of an attribute or a flag.
func (l Limits) expression(name, text string) (ast.Expr, error) {
	var diags diag.List
	src := data.NewSource(name, []byte(text))
	if !l.text(&diags, src) || !l.cue(&diags, src) {
		return nil, fmt.Errorf("%w: %s", errLong, diags[0].Message)
	}
	return parser.ParseExpr(name, text)
}
