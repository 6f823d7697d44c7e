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

// mayCost tells quickly whether a CUE file may hold more of something than it should: few
// files do, and only theirs are read a token at a time.
func mayCost(l limit.Limits, text []byte) bool {
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

// Costs refuses CUE that would be too much for the parser or the evaluator, from its
// tokens alone.
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
	before int // diagnostics that were there already
	Tokens

	open  []expression // each inside the one before
	last  token.Token
	text  bool // the next parenthesis is an interpolation's
	regex pattern
}

// expression is what stands between two brackets, since the last comma or label.
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
		c.within(limit.Depth, pos, inner.depth, "this is nested %d deep")
	case token.RPAREN, token.RBRACK, token.RBRACE:
		c.end(pos, tok)
	case token.COMMA:
		if !at.inParens {
			at.entries++
			c.within(limit.Entries, pos, at.entries, "this is entry %d of a struct or list")
		}
		at.labels = 0
		at.next()
	case token.COLON:
		at.labels++
		c.within(limit.Depth, pos, at.depth+at.labels, "this is nested %d deep")
		at.next()
	case token.INTERPOLATION:
		c.insertion(pos, at)
	case token.OR:
		at.arms++
		c.within(limit.DisjunctionArms, pos, at.arms+1, "this is alternative %d of a disjunction")
	case token.INT, token.FLOAT: // CUE takes time by the square of them
		c.within(limit.Digits, pos, len(lit)-strings.Count(lit, "_")-strings.Count(lit, "."), "this number has %d digits")
	case token.STRING:
		if c.regex.next {
			c.expression(pos, lit)
		}
	}
	if counts(tok) || isWord(tok) && isWord(c.last) { // words side by side are wrong, and the parser reads on
		at.operators++
		c.within(limit.Operators, pos, at.operators, "this is operator %d of an expression")
	}
	c.regex.follow(tok, lit)
	c.last = tok
}

// counts tells which tokens make an expression longer, each by a step: brackets do as
// they end.
func counts(tok token.Token) bool {
	switch tok {
	case token.LPAREN, token.LBRACK, token.LBRACE, token.RPAREN, token.RBRACK, token.RBRACE, token.COMMA, token.COLON, token.OR:
		return false
	}
	return tok.IsOperator() || tok == token.ATTRIBUTE
}

func isWord(tok token.Token) bool { return tok.IsLiteral() || tok.IsKeyword() }

// next begins another expression at the same place; a call's arguments are parts of one.
func (at *expression) next() {
	at.arms = 0
	if !at.inParens {
		at.operators, at.inserted = 0, 0
	}
}

// end takes a bracket's closing: what it holds is part of the expression around it.
func (c *costs) end(pos token.Pos, tok token.Token) {
	if len(c.open) == 1 {
		return // the parser will tell
	}
	inner := c.open[len(c.open)-1]
	c.open = c.open[:len(c.open)-1]
	at := &c.open[len(c.open)-1]
	at.operators++
	if inner.inParens {
		at.operators += inner.operators
		at.inserted += inner.inserted
	}
	c.within(limit.Operators, pos, at.operators, "this is operator %d of an expression")
	c.within(limit.Interpolations, pos, at.inserted, "this is interpolation %d of an expression")
	if inner.inText && tok == token.RPAREN && strings.HasSuffix(c.Scanner.ResumeInterpolation(), "(") {
		c.insertion(pos, at)
	}
}

func (c *costs) insertion(pos token.Pos, at *expression) {
	at.inserted++
	c.within(limit.Interpolations, pos, at.inserted, "this is interpolation %d of an expression")
	c.text = true
}

// within reports a count that is over a limit; the message has it as its argument.
func (c *costs) within(name limit.Name, pos token.Pos, n int, format string) {
	if n > c.limits.Of(name) && len(*c.diags) == c.before {
		c.limits.Report(c.diags, name, c.src.Range(pos.Offset(), pos.Offset()+1), fmt.Sprintf(format, n))
	}
}

func (c *costs) refuse(code diag.Code, pos token.Pos, format string, args ...any) {
	if len(*c.diags) == c.before {
		c.diags.Errorf(code, nil, format, args...).Range = c.src.Range(pos.Offset(), pos.Offset()+1)
	}
}

// expression bounds a regular expression, which is compiled to as many parts as its
// repeats expand to.
func (c *costs) expression(pos token.Pos, lit string) {
	text, err := literal.Unquote(lit)
	if err != nil {
		return // the parser will tell
	}
	c.within(limit.RegexBytes, pos, len(text), "this regular expression has %d bytes")
	c.within(limit.RegexParts, pos, min(parts(text), c.limits.Of(limit.RegexParts)+1), "this regular expression has %d parts or more")
}
