package policy

import (
	"regexp"
	"strconv"
	"strings"

	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// env holds the values of a scope's names: the tenant's values, with defaults.
type env struct {
	up   *env
	node *data.Node // nil: missing
	key  string     // the name that a pattern captured
}

func (e *env) out(levels int) *env {
	for range levels {
		e = e.up
	}
	return e
}

// status is the outcome of evaluating an expression.
type status uint8

const (
	known      status = iota
	incomplete        // it depends on a field that is not set
	unsure            // only CUE can decide
)

// lookUp resolves a reference, nil if it has no value.
func (w *walk) lookUp(e *expr, in *env) *data.Node {
	n := w.view
	if e.up != toRoot {
		n = in.out(e.up).node
	}
	return n.Get(e.names...)
}

// eval evaluates an expression.
func (w *walk) eval(e *expr, in *env) (*data.Node, status) {
	switch e.op {
	case exprConst:
		return e.value, known
	case exprRef:
		if n := w.lookUp(e, in); n != nil {
			return n, known
		}
		w.unset = e
		return nil, incomplete
	case exprKey:
		return &data.Node{Kind: data.String, Text: in.out(e.up).key}, known
	case exprExists, exprAbsent:
		return truth((w.lookUp(e.args[0], in) != nil) == (e.op == exprExists)), known
	case exprText:
		return w.text(e, in)
	case exprNot:
		n, st := w.eval(e.args[0], in)
		if st == known && n.Kind == data.Bool {
			return truth(n.Text != "true"), known
		}
		if st == known {
			st = unsure
		}
		return nil, st
	case exprBinary:
		return w.binary(e, in)
	}
	return w.call(e, in)
}

var yes, no = &data.Node{Kind: data.Bool, Text: "true"}, &data.Node{Kind: data.Bool, Text: "false"}

func truth(b bool) *data.Node {
	if b {
		return yes
	}
	return no
}

// text concatenates the parts of an interpolation.
func (w *walk) text(e *expr, in *env) (*data.Node, status) {
	var b strings.Builder
	for _, a := range e.args {
		n, st := w.eval(a, in)
		if st != known {
			return nil, st
		}
		switch n.Kind {
		case data.String, data.Int, data.Bool:
			b.WriteString(n.Text)
		default:
			return nil, unsure // CUE formats it in its own way, or not at all
		}
	}
	return &data.Node{Kind: data.String, Text: b.String(), At: e.at}, known
}

func (w *walk) binary(e *expr, in *env) (*data.Node, status) {
	x, st := w.eval(e.args[0], in)
	y, other := w.eval(e.args[1], in)
	if st != known || other != known {
		if st == known && (e.token == token.LAND || e.token == token.LOR) {
			return nil, unsure // whether the left operand alone decides depends on the language version
		}
		return nil, max(st, other)
	}
	switch e.token {
	case token.LAND, token.LOR:
		if x.Kind != data.Bool || y.Kind != data.Bool {
			return nil, unsure
		}
		a, b := x.Text == "true", y.Text == "true"
		return truth(a && b || e.token == token.LOR && (a || b)), known
	case token.MAT, token.NMAT:
		if x.Kind != data.String {
			return nil, unsure
		}
		return truth(e.match.MatchString(x.Text) == (e.token == token.MAT)), known
	}
	sign, ok := compare(x, y, e.token == token.EQL || e.token == token.NEQ)
	if !ok {
		return nil, unsure
	}
	return truth(fits(sign, e.token)), known
}

// fits reports whether a result of compare satisfies an operator.
func fits(sign int, op token.Token) bool {
	switch op {
	case token.EQL:
		return sign == 0
	case token.NEQ:
		return sign != 0
	case token.LSS:
		return sign < 0
	case token.LEQ:
		return sign <= 0
	case token.GTR:
		return sign > 0
	}
	return sign >= 0
}

// compare compares two values of kinds that CUE can compare.
func compare(x, y *data.Node, equality bool) (sign int, ok bool) {
	switch {
	case isNumber(x) && isNumber(y):
		return shape.Compare(x.Text, y.Text), true
	case x.Kind == data.String && y.Kind == data.String:
		return strings.Compare(x.Text, y.Text), true
	case equality && x.Kind == data.Bool && y.Kind == data.Bool:
		return strings.Compare(x.Text, y.Text), true
	case equality && (x.Kind == data.Null || y.Kind == data.Null):
		if x.Kind == y.Kind {
			return 0, true
		}
		return 1, true
	}
	return 0, false
}

func (w *walk) call(e *expr, in *env) (*data.Node, status) {
	var args [2]*data.Node
	for i, a := range e.args {
		n, st := w.eval(a, in)
		if st != known {
			return nil, st
		}
		args[i] = n
	}
	return called(e.call, args[0], args[1])
}

// called calls a function of the standard library.
func called(name string, x, y *data.Node) (*data.Node, status) {
	switch name {
	case "len":
		switch x.Kind {
		case data.String, data.Bytes:
			return count(len(x.Text)), known
		case data.List:
			return count(len(x.Elems)), known
		}
		return nil, unsure // the fields of a struct may depend on their number
	case "list.Contains":
		if x.Kind != data.List || y.Kind == data.List || y.Kind == data.Struct || isNumber(y) {
			return nil, unsure
		}
		for _, e := range x.Elems {
			if shape.Equal(e, y) {
				return yes, known
			}
		}
		return no, known
	case uniqueItems:
		return unique(x)
	}
	if x.Kind != data.String || y != nil && y.Kind != data.String {
		return nil, unsure
	}
	switch name {
	case "strings.HasPrefix":
		return truth(strings.HasPrefix(x.Text, y.Text)), known
	case "strings.HasSuffix":
		return truth(strings.HasSuffix(x.Text, y.Text)), known
	case "strings.Contains":
		return truth(strings.Contains(x.Text, y.Text)), known
	case "strings.ToLower":
		return &data.Node{Kind: data.String, Text: strings.ToLower(x.Text)}, known
	case "strings.ToUpper":
		return &data.Node{Kind: data.String, Text: strings.ToUpper(x.Text)}, known
	}
	return nil, unsure
}

func count(n int) *data.Node { return &data.Node{Kind: data.Int, Text: strconv.Itoa(n)} }

// unique reports whether the elements of a list of scalars are distinct.
func unique(x *data.Node) (*data.Node, status) {
	for i, e := range x.Elems {
		if e.Kind == data.List || e.Kind == data.Struct || isNumber(e) && e.Kind != x.Elems[0].Kind {
			return nil, unsure
		}
		for _, other := range x.Elems[:i] {
			if shape.Equal(e, other) {
				return no, known
			}
		}
	}
	return yes, known
}

// pattern returns an expression's value as a regular expression.
func (w *walk) pattern(c conjunct, f *frame) (*regexp.Regexp, bool) {
	text, st := w.eval(c.expr, c.in)
	switch {
	case st == incomplete:
		w.undecided(c.expr, f)
		return nil, false
	case st == unsure || text.Kind != data.String:
		w.unsure = true
		return nil, false
	}
	if known := w.patterns[text.Text]; known != nil {
		return known, true
	}
	match, err := regexp.Compile(text.Text)
	if err != nil {
		w.unsure = true
		return nil, false
	}
	if w.patterns == nil || len(w.patterns) >= maxPatterns {
		w.patterns = map[string]*regexp.Regexp{}
	}
	w.patterns[text.Text] = match
	return match, true
}

// maxPatterns is the number of computed patterns that are cached: tenants share few.
const maxPatterns = 64
