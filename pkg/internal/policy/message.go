package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// name returns the name of a frame's path in a message.
func (f *frame) name() string {
	switch {
	case f == nil:
		return "the tenant"
	case f.elem:
		return fmt.Sprintf("%s[%d]", f.up.name(), f.index)
	}
	return f.key
}

// refusal reports a value; a struct or list is reported at its key.
func (w *walk) refusal(n *data.Node, f *frame, at data.Pos, format string, args ...any) {
	w.report(f, at, format, args...)
	if n != nil && (n.Kind == data.Struct || n.Kind == data.List) {
		w.problems[len(w.problems)-1].onKey = true
	}
}

// report records a problem, unless only the result's flags are needed.
func (w *walk) report(f *frame, at data.Pos, format string, args ...any) {
	w.failed = true
	if !w.silent {
		w.problems = append(w.problems, problem{path: w.path(f), message: fmt.Sprintf(format, args...), at: at})
	}
}

// refuse reports that a value does not satisfy a term. It returns false.
func (w *walk) refuse(c conjunct, n *data.Node, f *frame) bool {
	if w.silent {
		w.failed = true
		return false
	}
	switch c.op {
	case opError:
		w.refusal(n, f, c.at, "%s", w.message(c, f))
	case opMatchN:
		w.refusal(n, f, c.at, "%s satisfies another number of the policy's constraints than %s: %s", f.name(), c.parts[0].words(), c.text)
	case opMatch, opNotMatch:
		if n.Kind == data.String {
			w.report(f, c.at, "%s is %s, which %s", f.name(), w.show(n), c.matching())
			return false
		}
		fallthrough
	default:
		if n == unsetBool {
			w.lackOf(c.words(), f, c.at)
			return false
		}
		if c.kinds != 0 && !c.kinds.Has(n.Kind) || c.op == opStruct || c.op == opList && n.Kind != data.List {
			w.refusal(n, f, c.at, "%s is %s, not %s", f.name(), w.show(n), c.kindWords())
			return false
		}
		w.refusal(n, f, c.at, "%s is %s, and must be %s", f.name(), w.show(n), c.words())
	}
	return false
}

// refuseFor reports that a value does not satisfy a computed term.
func (w *walk) refuseFor(c conjunct, n, limit *data.Node, f *frame) bool {
	if w.silent {
		w.failed = true
		return false
	}
	words := shape.Show(limit)
	if c.op == opOrder {
		words = orderWords[c.order.String()] + " " + words
	}
	w.report(f, c.at, "%s is %s, and must be %s (%s)", f.name(), w.show(n), words, c.expr.text)
	return false
}

// refuseBy reports a value that the constraint chosen by matchIf refuses.
func (w *walk) refuseBy(c, chosen conjunct, n *data.Node, f *frame) bool {
	if w.silent {
		w.failed = true
		return false
	}
	before := len(w.problems)
	first := len(w.conjuncts)
	w.conjuncts = append(w.conjuncts, chosen)
	w.value(n, n, w.conjuncts[first:first+1:first+1], f, true)
	w.conjuncts = w.conjuncts[:first]
	if len(w.problems) == before {
		w.refusal(n, f, c.at, "%s does not satisfy %s", f.name(), c.text)
	}
	return false
}

// noAlternative reports that no alternative of a disjunction admits a value, or the problem
// with the only alternative of its kind.
func (w *walk) noAlternative(c conjunct, n *data.Node, f *frame) bool {
	if w.silent {
		w.failed = true
		return false
	}
	var alike []alternative
	for _, a := range c.alts {
		if a.op == opError {
			w.report(f, a.at, "%s", w.message(conjunct{a.term, c.in}, f))
			return false
		}
		if a.mayBe().Has(n.Kind) {
			alike = append(alike, a)
		}
	}
	if len(alike) == 1 && alike[0].op != opConst {
		before := len(w.problems)
		first := len(w.conjuncts)
		w.conjuncts = append(w.conjuncts, conjunct{alike[0].term, c.in})
		w.value(n, n, w.conjuncts[first:first+1:first+1], f, true)
		w.conjuncts = w.conjuncts[:first]
		if len(w.problems) > before {
			return false
		}
	}
	w.refusal(n, f, c.at, "%s is %s, and must be %s", f.name(), w.show(n), c.words())
	return false
}

// contradiction reports that no value satisfies all of the policy's constraints.
func (w *walk) contradiction(cs []conjunct, f *frame) {
	w.report(f, cs[0].at, "no %s can satisfy the policy: it must be %s", f.name(), wordsOf(cs))
}

// lack reports that a value which the policy demands is missing.
func (w *walk) lack(cs []conjunct, f *frame, at data.Pos) {
	w.lacking = true
	if w.silent {
		return
	}
	w.lackOf(wordsOf(cs), f, at)
}

// lackOf reports a missing value that has to be as the words say.
func (w *walk) lackOf(words string, f *frame, at data.Pos) {
	w.failed = true
	message := "has to be set"
	if words != "" {
		message = "must be " + words + ", and is not set"
	}
	w.problems = append(w.problems, problem{path: w.path(f), message: message, lacks: true, at: at})
}

// undecided reports that the policy depends on a field that is not set.
func (w *walk) undecided(e *expr, f *frame) {
	w.lacking = true
	if w.silent {
		return
	}
	unset := "a field"
	if w.unset != nil {
		unset = w.unset.text
	}
	w.report(f, e.at, "%s is not set, so the policy cannot be decided: it depends on %s", w.within(f, unset), e.text)
	w.problems[len(w.problems)-1].unset = true
}

// within returns a name with its path.
func (w *walk) within(f *frame, name string) string {
	if f == nil {
		return name
	}
	return w.path(f).String() + ": " + name
}

// message returns the message of an error term.
func (w *walk) message(c conjunct, f *frame) string {
	if c.expr != nil {
		if n, st := w.eval(c.expr, c.in); st == known {
			return n.Text
		}
		return c.expr.text
	}
	return f.name() + " must not be set"
}

// show formats a value, and marks it as a default that the author does not see.
func (w *walk) show(n *data.Node) string {
	if n.Kind == data.Struct {
		return "a struct"
	}
	if n.At.IsZero() && w.ofTenant {
		return shape.Show(n) + " by default"
	}
	return shape.Show(n)
}

// mayBe returns the kinds that a term may admit.
func (t *term) mayBe() shape.Kinds {
	switch t.op {
	case opConst:
		return shape.KindsOf(t.value.Kind)
	case opStruct:
		if !t.fields.bare {
			return shape.KindsOf(data.Struct)
		}
	case opList:
		return shape.KindsOf(data.List)
	case opAll, opLift:
		kinds := shape.AnyKind
		for _, p := range t.parts {
			kinds &= p.mayBe()
		}
		return kinds
	case opUnion:
		var kinds shape.Kinds
		for _, a := range t.alts {
			kinds |= a.mayBe()
		}
		return kinds
	case opError:
		return 0
	}
	if t.kinds != 0 {
		return t.kinds
	}
	return shape.AnyKind
}

func (t *term) kindWords() string {
	if t.op == opStruct {
		return "a struct"
	}
	if t.op == opList {
		return "a list"
	}
	return t.kinds.String()
}

var orderWords = map[string]string{">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}

// words describes what a term demands, to follow "must be".
func (t *term) words() string {
	switch t.op {
	case opKind:
		if t.kinds == shape.AnyKind {
			return ""
		}
		return t.kinds.String()
	case opConst:
		return shape.Show(t.value)
	case opBound:
		return boundWords(&t.bound)
	case opNotEqual:
		return "other than " + shape.Show(t.value)
	case opMatch, opNotMatch:
		verb := "matches "
		if t.op == opNotMatch {
			verb = "does not match "
		}
		return "a text that " + verb + t.pattern()
	case opOrder:
		return orderWords[t.order.String()] + " " + t.expr.text
	case opDynamic:
		return t.expr.text
	case opStruct:
		return "a struct"
	case opList:
		return t.list.words()
	case opUnion:
		return t.alternatives()
	case opAll:
		var words []string
		for _, p := range t.parts {
			if w := p.words(); w != "" && p.op != opKind {
				words = append(words, w)
			}
		}
		return strings.Join(words, " and ")
	case opLift:
		return t.parts[0].words()
	}
	return "what satisfies " + t.text
}

// matching describes what a regular expression demands of a text.
func (t *term) matching() string {
	if t.op == opNotMatch {
		return "must not match " + t.pattern()
	}
	return "does not match " + t.pattern()
}

func (t *term) pattern() string {
	if t.expr == nil {
		return strconv.Quote(t.text)
	}
	return t.text
}

// alternatives describes a disjunction. It omits the marked default if another alternative
// admits it.
func (t *term) alternatives() string {
	var words, constants []string
	for _, a := range t.alts {
		w := a.words()
		switch {
		case a.op == opError || w == "" || a.marked && len(t.alts) > 1 && t.alts[1].op != opConst:
		case a.op == opConst && slices.Contains(constants, w):
		case a.op == opConst:
			constants = append(constants, w)
		case !slices.Contains(words, w):
			words = append(words, w)
		}
	}
	if len(constants) > 1 {
		constants = []string{"one of " + strings.Join(constants, ", ")}
	}
	return strings.Join(append(constants, words...), " or ")
}

func wordsOf(cs []conjunct) string {
	var words []string
	for _, c := range cs {
		if w := c.words(); w != "" && !slices.Contains(words, w) && (c.op != opKind || len(cs) == 1) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " and ")
}

func (l *elements) words() string {
	switch {
	case l.rest != nil && len(l.first) == 0:
		return "a list of " + l.rest.words()
	case len(l.first) == 0:
		return "a list"
	case l.open:
		return fmt.Sprintf("a list of at least %d", len(l.first))
	}
	return fmt.Sprintf("a list of %d", len(l.first))
}

func boundWords(b *shape.Bound) string {
	switch b.Op {
	case shape.MinFields:
		return "of at least " + b.Limit + " fields"
	case shape.MaxFields:
		return "of at most " + b.Limit + " fields"
	case shape.MinItems:
		return "a list of at least " + b.Limit
	case shape.MaxItems:
		return "a list of at most " + b.Limit
	case shape.MinRunes:
		return "at least " + b.Limit + " characters long"
	case shape.MaxRunes:
		return "at most " + b.Limit + " characters long"
	}
	return orderWords[string(b.Op)] + " " + b.Limit
}
