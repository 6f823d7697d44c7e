package policy

import (
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// absent checks a missing value for which the policy has a constraint.
func (w *walk) absent(cs []conjunct, f *frame) {
	if !hasStruct(cs) {
		if !w.supplyMissing(cs, f) && !w.unsure {
			w.lack(cs, f, cs[0].at)
		}
		return
	}
	w.supply(f, nothing, cs[0].at, false)
	for _, c := range cs {
		if !w.satisfies(c, nothing, f) {
			return
		}
	}
	w.fields(nil, nothing, cs, f)
}

// supplyMissing supplies the value that conjuncts determine for a missing one. It returns false
// if they determine none.
func (w *walk) supplyMissing(cs []conjunct, f *frame) bool {
	if len(cs) == 1 && cs[0].usual != nil {
		w.supply(f, cs[0].usual.value, cs[0].usual.at, true)
		return true
	}
	var unions []conjunct
	limits := 0
	for _, c := range cs {
		value := c.value
		switch c.op {
		case opConst:
		case opDynamic:
			computed, st := w.eval(c.expr, c.in)
			if st == incomplete {
				w.undecided(c.expr, f)
				return true
			}
			if st == unsure || computed.Kind == data.Struct || computed.Kind == data.List {
				w.unsure = true
				return true
			}
			plain := *computed
			plain.At = c.at
			value = &plain
		case opList:
			if len(c.list.first) > 0 || len(cs) > 1 {
				w.unsure = true
				return true
			}
			value = &data.Node{Kind: data.List, At: c.at}
		case opUnion:
			unions = append(unions, c)
			continue
		case opBound, opOrder:
			limits++
			continue
		case opError:
			w.refuse(c, nil, f)
			return true
		default:
			continue
		}
		if len(cs) == 1 || w.agree(value, cs, f) {
			w.supply(f, value, c.at, false)
		}
		return true
	}
	if len(unions) > 0 {
		return w.chosen(unions, cs, f)
	}
	if limits > 1 {
		w.unsure = true // >=2 & <=2 is 2
	}
	return false
}

// agree reports whether all conjuncts admit a value, and refuses it otherwise.
func (w *walk) agree(value *data.Node, cs []conjunct, f *frame) bool {
	for _, c := range cs {
		if !w.satisfies(c, value, f) {
			return false
		}
	}
	return true
}

// admitted is agree without the refusal.
func (w *walk) admitted(value *data.Node, cs []conjunct) bool {
	saved := w.result
	w.result = result{silent: true}
	ok := w.agree(value, cs, nil)
	unsure := w.unsure || w.lacking
	w.result = saved
	w.unsure = w.unsure || unsure
	return ok
}

// chosen supplies the value of disjunctions: the default, or the only remaining alternative.
func (w *walk) chosen(unions, cs []conjunct, f *frame) bool {
	lacked := w.lacking // of earlier checks
	w.lacking = false
	defer func() { w.lacking = w.lacking || lacked }()
	var marked, all []conjunct // constants
	open := 0
	for _, u := range unions {
		for _, a := range u.alts {
			value, ok := w.constant(conjunct{a.term, u.in}, f)
			if w.unsure || w.lacking {
				return true
			}
			constant := conjunct{a.term, u.in}
			if ok && a.op != opConst {
				constant.term = &term{op: opConst, value: value, at: a.at}
			}
			switch {
			case a.op == opError:
			case !ok:
				open++
			case a.marked:
				marked = append(marked, constant)
				fallthrough
			default:
				all = append(all, constant)
			}
		}
	}
	var chosen []conjunct
	for _, m := range marked {
		if w.markedBy(m.value, unions, f) && w.admitted(m.value, cs) && !contains(chosen, m.value) {
			chosen = append(chosen, m)
		}
	}
	switch {
	case w.unsure:
		return true
	case len(chosen) == 1:
		w.supply(f, chosen[0].value, chosen[0].at, true)
		return true
	case len(chosen) > 1:
		w.unsure = true
		return true
	}
	if open > 0 {
		// CUE may drop alternatives that are not constants, or some may be equal.
		w.unsure = len(cs) > 1 || open > 1
		return w.unsure
	}
	for _, a := range all {
		if w.admitted(a.value, cs) && !contains(chosen, a.value) {
			chosen = append(chosen, a)
		}
	}
	switch {
	case w.unsure:
		return true
	case len(chosen) == 1:
		w.supply(f, chosen[0].value, chosen[0].at, false)
		return true
	case len(chosen) == 0:
		w.contradiction(cs, f)
		return true
	}
	return false
}

// constant returns the value of a constant alternative.
func (w *walk) constant(c conjunct, f *frame) (*data.Node, bool) {
	switch c.op {
	case opConst:
		return c.value, true
	case opList:
		w.unsure = w.unsure || len(c.list.first) > 0
		return nil, false
	case opDynamic:
		n, st := w.eval(c.expr, c.in)
		switch {
		case st == incomplete:
			w.undecided(c.expr, f)
			return nil, false
		case st == unsure || n.Kind == data.Struct || n.Kind == data.List:
			w.unsure = true
			return nil, false
		}
		plain := *n
		plain.At = c.at
		return &plain, true
	case opLift, opAll, opMatchN, opMatchIf:
		w.unsure = true
	}
	return nil, false
}

// markedBy reports whether this is the default of each disjunction that has one.
func (w *walk) markedBy(value *data.Node, unions []conjunct, f *frame) bool {
	for _, u := range unions {
		if !u.marks() {
			continue
		}
		ok := false
		for _, a := range u.alts {
			if a.marked {
				v, isConstant := w.constant(conjunct{a.term, u.in}, f)
				ok = ok || isConstant && same(v, value)
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

func contains(cs []conjunct, value *data.Node) bool {
	for _, c := range cs {
		if same(c.value, value) {
			return true
		}
	}
	return false
}

// supply records a value for a missing one. Nothing is supplied to a plan, whose values must be
// set.
func (w *walk) supply(f *frame, value *data.Node, at data.Pos, byDefault bool) {
	if !w.ofTenant {
		if !w.silent && !unsetIsFine(value) {
			w.lackOf(show(value), f, at)
		}
		w.adds = w.adds || !unsetIsFine(value)
		return
	}
	w.adds = true
	if w.silent {
		return
	}
	if value.At.IsZero() && value != nothing {
		placed := *value
		placed.At = at
		value = &placed
	}
	if w.supplied == nil {
		w.supplied = make([]supply, 0, 32) // more are rare
	}
	w.supplied = append(w.supplied, supply{w.path(f), value, byDefault, at})
}

// unsetIsFine reports whether an unset field of a plan has the value: an unset bool is false,
// and the fields of a struct are checked separately.
func unsetIsFine(value *data.Node) bool {
	return value.Kind == data.Struct || value.Kind == data.Bool && value.Text == "false"
}

// isPort reports whether the path is that of a container's port.
func isPort(f *frame) bool {
	depth, parent := 0, ""
	for g := f; g != nil; g = g.up {
		if depth++; depth == 2 {
			parent = g.key
		}
	}
	return depth == 6 && parent == "ports"
}

// longPort converts a port in its short form, a number, to schema.#Port with its defaults.
func longPort(n *data.Node) *data.Node {
	field := func(name, text string) data.Field {
		return data.Field{Name: name, At: n.At, Value: &data.Node{Kind: data.String, Text: text, At: n.At}}
	}
	number := data.Field{Name: "port", At: n.At, Value: n}
	return &data.Node{Kind: data.Struct, At: n.At, Fields: []data.Field{number, field("protocol", "tcp"), field("expose", "internal")}}
}
