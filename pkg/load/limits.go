package load

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"cuelang.org/go/cue/scanner"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Limit is a bound on what one file may hold: far beyond what people write, and within
// what can be judged in seconds.
type Limit string

// The limits.
const (
	FileBytes Limit = "file-bytes"
	Values    Limit = "values"
	Depth     Limit = "depth"
	Entries   Limit = "entries"
	Documents Limit = "documents"
	KeyBytes  Limit = "key-bytes"
	Digits    Limit = "digits"
)

// LimitInfo is what is told of a limit.
type LimitInfo struct {
	Limit   Limit
	Default int
	Doc     string
}

// AllLimits lists the limits, in the order in which they are told of.
func AllLimits() []LimitInfo {
	return []LimitInfo{
		{FileBytes, 16 << 20, "bytes of a file"},
		{Values, 2_000_000, "values of a file, by the separators between them"},
		{Depth, 200, "structs and lists inside each other"},
		{Entries, 20_000, "fields of a struct, or elements of a list"},
		{Documents, 10_000, "documents of a YAML file"},
		{KeyBytes, 4 << 10, "bytes of a field's name"},
		{Digits, 400, "digits of a number"},
	}
}

// Limits are the limits that are set; the others have their defaults.
type Limits map[Limit]int

// Set reads NAME=NUMBER.
func (l Limits) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	n, err := strconv.Atoi(value)
	for _, known := range AllLimits() {
		if known.Limit == Limit(name) && err == nil && n > 0 {
			l[known.Limit] = n
			return nil
		}
	}
	var names []string
	for _, known := range AllLimits() {
		names = append(names, string(known.Limit))
	}
	return fmt.Errorf("%q is not NAME=NUMBER, of at least 1: names are %s", text, strings.Join(names, ", "))
}

func (l Limits) of(limit Limit) int {
	if n, ok := l[limit]; ok {
		return n
	}
	return defaults[limit]
}

var defaults = func() Limits {
	l := Limits{}
	for _, known := range AllLimits() {
		l[known.Limit] = known.Default
	}
	return l
}()

// report says that a limit is passed.
func (l Limits) report(diags *diag.List, limit Limit, at diag.Range, msg string) {
	d := diags.Errorf(diag.Limit, nil, "%s", msg)
	d.Range = at
	d.Help = fmt.Sprintf("the limit %s is %d; --limit %s=NUMBER allows more", limit, l.of(limit), limit)
}

// text reports whether a file may be parsed: what a parser makes of it is many times
// larger, and nesting is what its own stack has to bear.
func (l Limits) text(diags *diag.List, src *data.Source) bool {
	before := len(*diags)
	whole := diag.Range{File: src.Name}
	if len(src.Text) > l.of(FileBytes) {
		l.report(diags, FileBytes, whole, fmt.Sprintf("the file has more than %d bytes", l.of(FileBytes)))
	} else if n := separators(src.Text); n > l.of(Values) {
		l.report(diags, Values, whole, fmt.Sprintf("the file may hold %d values", n))
	} else if lang := language(src.Name); lang == "cue" || lang == "" {
		l.chains(diags, src)
	}
	return len(*diags) == before
}

func separators(text []byte) int {
	n := 0
	for _, c := range []byte(",:\n[{") {
		n += bytes.Count(text, []byte{c})
	}
	return n
}

// small is how long a chain of labels may be in bytes before its depth is looked for: CUE's
// parser goes a step deeper for each.
const small = 64 << 10

// chains refuses labels in a row (a: a: a: …) that are too many for the parser, which has
// a bound of its own for all else that nests.
func (l Limits) chains(diags *diag.List, src *data.Source) {
	if len(src.Text) < small {
		return
	}
	var s scanner.Scanner
	s.Init(token.NewFile(src.Name, -1, len(src.Text)), src.Text, func(token.Pos, string, []any) {}, 0)
	row := 0
	for {
		pos, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return
		case token.COLON:
			if row++; row > small/2 {
				at := src.Range(pos.Offset(), pos.Offset()+1)
				l.report(diags, Depth, at, fmt.Sprintf("more than %d labels in a row", row-1))
				return
			}
		case token.COMMA, token.LBRACE, token.RBRACE:
			row = 0
		}
	}
}

// tree checks what was read.
func (l Limits) tree(diags *diag.List, root *data.Node) bool {
	c := treeCheck{limits: l, depth: l.of(Depth), entries: l.of(Entries), key: l.of(KeyBytes), digits: l.of(Digits)}
	c.node(root, 1)
	*diags = append(*diags, c.diags...)
	return len(c.diags) == 0
}

type treeCheck struct {
	limits                      Limits
	depth, entries, key, digits int
	diags                       diag.List
}

// node stops at the first that is too much.
func (c *treeCheck) node(n *data.Node, depth int) {
	if len(c.diags) > 0 {
		return
	}
	refuse := func(limit Limit, at data.Pos, format string, args ...any) {
		c.limits.report(&c.diags, limit, at.Range(), fmt.Sprintf(format, args...))
	}
	switch {
	case depth > c.depth:
		refuse(Depth, n.At, "this is %d structs and lists deep", depth)
		return
	case len(n.Fields)+len(n.Elems) > c.entries:
		refuse(Entries, n.At, "this has %d entries", len(n.Fields)+len(n.Elems))
		return
	case (n.Kind == data.Int || n.Kind == data.Float) && len(n.Text) > c.digits:
		refuse(Digits, n.At, "this number has %d digits", len(n.Text))
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		if len(f.Name) > c.key {
			refuse(KeyBytes, f.At, "this name has %d bytes", len(f.Name))
			return
		}
		c.node(f.Value, depth+1)
	}
	for _, e := range n.Elems {
		c.node(e, depth+1)
	}
}
