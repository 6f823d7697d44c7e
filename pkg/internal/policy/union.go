package policy

import (
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// try checks a value against one conjunct, and keeps only the flags of the result.
func (w *walk) try(c conjunct, n *data.Node, f *frame) result {
	saved, unset := w.result, w.unset
	w.result = result{silent: true}
	first := len(w.conjuncts)
	w.conjuncts = append(w.conjuncts, c)
	w.value(n, n, w.conjuncts[first:first+1:first+1], f, true)
	w.conjuncts = w.conjuncts[:first]
	r := w.result
	w.result, w.unset = saved, unset
	return r
}

// union checks a value against a disjunction: one alternative has to admit it. Which one
// matters only if it would supply a value; CUE decides that.
func (w *walk) union(c conjunct, n *data.Node, f *frame) bool {
	if c.plain {
		for _, a := range c.alts {
			if a.admits(n) {
				return true
			}
		}
		return w.noAlternative(c, n, f)
	}
	admitted, supplying := false, false
	for _, a := range c.alts {
		if a.op == opError {
			continue
		}
		r := w.try(conjunct{a.term, c.in}, n, f)
		switch {
		case r.unsure:
			w.unsure = true
			return false
		case r.failed:
		case r.adds || r.lacking:
			supplying = true
		default:
			admitted = true
		}
	}
	if supplying {
		w.unsure = true
		return false
	}
	return admitted || w.noAlternative(c, n, f)
}

// matchN checks how many constraints a value satisfies.
func (w *walk) matchN(c conjunct, n *data.Node, f *frame) bool {
	matches := 0
	for _, p := range c.parts[1:] {
		ok, sure := w.matches(conjunct{p, c.in}, n, f)
		if !sure {
			w.unsure = true
			return false
		}
		if ok {
			matches++
		}
	}
	count := &data.Node{Kind: data.Int, Text: strconv.Itoa(matches)}
	if w.admitted(count, []conjunct{{c.parts[0], nil}}) {
		return true
	}
	return w.refuse(c, n, f)
}

// matchIf checks a value against the constraint that a condition selects.
func (w *walk) matchIf(c conjunct, n *data.Node, f *frame) bool {
	ok, sure := w.matches(conjunct{c.parts[0], c.in}, n, f)
	if !sure {
		w.unsure = true
		return false
	}
	chosen := conjunct{c.parts[2], c.in}
	if ok {
		chosen.term = c.parts[1]
	}
	if ok, sure = w.matches(chosen, n, f); !sure {
		w.unsure = true
		return false
	}
	return ok || w.refuseBy(c, chosen, n, f)
}

// matches reports whether a value satisfies a constraint. Fields of the constraint may be
// missing, except required ones.
func (w *walk) matches(c conjunct, n *data.Node, f *frame) (ok, sure bool) {
	r := w.try(c, n, f)
	switch {
	case r.unsure:
		return false, false
	case r.failed:
		return false, true
	case r.missing:
		return false, true
	case r.lacking:
		return false, false
	}
	return true, true
}
