package gate

import (
	"bytes"
	"fmt"
	"strings"

	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// mayExceed is a quick test for whether a CUE file may exceed a limit. Few files do, and only
// those are read token by token.
func mayExceed(l limit.Limits, text []byte) bool {
	if len(text) > Small {
		return true
	}
	for _, mark := range []string{"=~", "!~", "regexp"} {
		if bytes.Contains(text, []byte(mark)) {
			return true
		}
	}
	count := func(chars string) (n int) {
		for i := range len(chars) {
			n += bytes.Count(text, []byte{chars[i]})
		}
		return n
	}
	return len(text) > l.Of(limit.DisjunctionArms) && count("|") >= l.Of(limit.DisjunctionArms) ||
		len(text) > l.Of(limit.Interpolations) && count("(") > l.Of(limit.Interpolations) ||
		len(text) > l.Of(limit.Operators) && count("+-*/&<>=!.@[(") > l.Of(limit.Operators)
}

// Costs reports CUE that would overload the parser or the evaluator, judging by its tokens.
func Costs(l limit.Limits, diags *diag.List, src *data.Source) {
	c := costs{limits: l, src: src, diags: diags, before: len(*diags)}
	c.Init(src, func(pos token.Pos, msg string, args []any) {
		c.refuse(diag.Syntax, pos, "not CUE: "+msg, args...)
	})
	c.open = []expression{{depth: 1}}
	for len(*diags) == c.before {
		pos, tok, lit := c.Scanner.Scan()
		if tok == token.EOF {
			return
		}
		c.token(pos, tok, lit)
	}
}

type costs struct {
	limits limit.Limits
	src    *data.Source
	diags  *diag.List
	before int // number of earlier diagnostics
	Tokens

	open  []expression // the enclosing expressions, the outermost first
	last  token.Token
	text  bool // the next parenthesis is an interpolation's
	regex pattern
}

// expression is the part between two brackets, since the last comma or label.
type expression struct {
	depth, labels, entries    int
	operators, arms, inserted int
	inParens, inText          bool
}

func (c *costs) token(pos token.Pos, tok token.Token, lit string) {
	at := &c.open[len(c.open)-1]
	switch tok {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		inner := expression{depth: at.depth + at.labels + 1, inParens: tok == token.LPAREN, inText: c.text}
		if tok == token.LBRACE && c.last == token.COLON {
			inner.depth-- // the label's
		}
		c.open, c.text = append(c.open, inner), false
		c.limit(limit.Depth, pos, inner.depth, "this is nested %d deep")
	case token.RPAREN, token.RBRACK, token.RBRACE:
		c.end(pos, tok)
	case token.COMMA:
		if !at.inParens {
			at.entries++
			c.limit(limit.Entries, pos, at.entries, "this is entry %d of a struct or list")
		}
		at.labels = 0
		at.next()
	case token.COLON:
		at.labels++
		c.limit(limit.Depth, pos, at.depth+at.labels, "this is nested %d deep")
		at.next()
	case token.INTERPOLATION:
		c.insertion(pos, at)
	case token.OR:
		at.arms++
		c.limit(limit.DisjunctionArms, pos, at.arms+1, "this is alternative %d of a disjunction")
	case token.INT, token.FLOAT: // CUE's time for a number grows with the square of its digits
		c.limit(limit.Digits, pos, len(lit)-strings.Count(lit, "_")-strings.Count(lit, "."), "this number has %d digits")
	case token.STRING:
		if c.regex.atPattern {
			c.expression(pos, lit)
		}
	}
	if counts(tok) || isWord(tok) && isWord(c.last) { // the parser continues after adjacent words, though they are an error
		at.operators++
		c.limit(limit.Operators, pos, at.operators, "this is operator %d of an expression")
	}
	c.regex.follow(tok, lit)
	c.last = tok
}

// counts reports whether a token makes an expression one step longer. Brackets count when they
// close.
func counts(tok token.Token) bool {
	switch tok {
	case token.LPAREN, token.LBRACK, token.LBRACE, token.RPAREN, token.RBRACK, token.RBRACE, token.COMMA, token.COLON, token.OR:
		return false
	}
	return tok.IsOperator() || tok == token.ATTRIBUTE
}

func isWord(tok token.Token) bool { return tok.IsLiteral() || tok.IsKeyword() }

// next begins another expression at the same depth; a call's arguments belong to one
// expression.
func (at *expression) next() {
	at.arms = 0
	if !at.inParens {
		at.operators, at.inserted = 0, 0
	}
}

// end handles a closing bracket: its content is part of the enclosing expression.
func (c *costs) end(pos token.Pos, tok token.Token) {
	if len(c.open) == 1 {
		return // the parser reports it
	}
	inner := c.open[len(c.open)-1]
	c.open = c.open[:len(c.open)-1]
	at := &c.open[len(c.open)-1]
	at.operators++
	if inner.inParens {
		at.operators += inner.operators
		at.inserted += inner.inserted
	}
	c.limit(limit.Operators, pos, at.operators, "this is operator %d of an expression")
	c.limit(limit.Interpolations, pos, at.inserted, "this is interpolation %d of an expression")
	if inner.inText && tok == token.RPAREN && strings.HasSuffix(c.Scanner.ResumeInterpolation(), "(") {
		c.insertion(pos, at)
	}
}

func (c *costs) insertion(pos token.Pos, at *expression) {
	at.inserted++
	c.limit(limit.Interpolations, pos, at.inserted, "this is interpolation %d of an expression")
	c.text = true
}

// limit reports a count over a limit; the message has the count as its argument.
func (c *costs) limit(name limit.Name, pos token.Pos, n int, format string) {
	if n > c.limits.Of(name) && len(*c.diags) == c.before {
		c.limits.Report(c.diags, name, c.src.Range(pos.Offset(), pos.Offset()+1), fmt.Sprintf(format, n))
	}
}

func (c *costs) refuse(code diag.Code, pos token.Pos, format string, args ...any) {
	if len(*c.diags) == c.before {
		c.diags.Errorf(code, nil, format, args...).Range = c.src.Range(pos.Offset(), pos.Offset()+1)
	}
}

// expression limits a regular expression, which compiles to as many parts as its repeats expand
// to.
func (c *costs) expression(pos token.Pos, lit string) {
	text, err := literal.Unquote(lit)
	if err != nil {
		return // the parser reports it
	}
	c.limit(limit.RegexBytes, pos, len(text), "this regular expression has %d bytes")
	c.limit(limit.RegexParts, pos, min(parts(text), c.limits.Of(limit.RegexParts)+1), "this regular expression has %d parts or more")
}
