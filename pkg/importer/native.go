package importer

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// kept is a native document whose lost values a patch of the tenant is to keep.
type kept struct {
	patch diag.Path
	doc   *data.Node
	key   func(at diag.Path) string
}

// Keep has the values of a native document that are lost kept by a patch of the tenant, at a path
// of the platform's extension, in so far as the platform's provider takes them there. key names
// the member by which the elements of a list are merged, by the list's path in the document; ""
// is a list that is replaced, and kept only as a whole.
func (d *Draft) Keep(patch diag.Path, doc *data.Node, key func(at diag.Path) string) {
	if doc != nil && d.Patches() {
		d.keeps = append(d.keeps, kept{patch, doc, key})
	}
}

// keep writes the patches, without what the provider refused.
func (d *Draft) keep() {
	d.made = map[*data.Node]*data.Node{}
	for _, k := range d.keeps {
		d.Delete(k.patch)
	}
	for _, k := range d.keeps { // and what they leave empty
		for at := k.patch[:len(k.patch)-1]; len(at) > 0; at = at[:len(at)-1] {
			if n := d.Get(at); n != nil && len(n.Fields)+len(n.Elems) == 0 {
				d.Delete(at)
			}
		}
	}
	for _, e := range d.elements {
		for _, n := range e.from {
			d.claims[d.origin(n)] = claim{verdict: Native}
		}
	}
	for _, k := range d.keeps {
		if n := d.lost(k, k.doc, nil, k.patch, claim{verdict: Lost, why: notInVocabulary}); n != nil {
			d.put(k.patch, n, []*data.Node{k.doc})
		}
	}
	for _, e := range d.elements {
		list := d.Get(e.list)
		if list == nil {
			d.put(e.list, []string{}, e.from)
			list = d.Get(e.list)
		}
		c := claim{verdict: Native, becomes: e.list.To(len(list.Elems)).String(), why: "a patch keeps it"}
		list.Elems = append(list.Elems, e.node)
		for _, n := range e.from {
			d.claims[d.origin(n)] = c
		}
	}
}

// element is an element of a list of a patch that a format made.
type element struct {
	list diag.Path
	node *data.Node
	from []*data.Node
}

// Refuse has no patch keep a value.
func (d *Draft) Refuse(n *data.Node, why string) { d.refused[d.origin(n)] = why }

// Native adds an element to a list of a patch, in the platform's own words, which values of the
// input say in others.
func (d *Draft) Native(list diag.Path, node *data.Node, from ...*data.Node) {
	d.elements = append(d.elements, element{list, node, from})
}

// Patches reports whether patches are kept: the tenant is for the platform that it came from.
func (d *Draft) Patches() bool {
	return d.Options.Provider == "" || d.Options.Provider == d.format.Provider
}

// lost copies what is lost of a value, and claims it for the patch; nil where nothing is.
func (d *Draft) lost(k kept, n *data.Node, at, to diag.Path, above claim) *data.Node {
	if why, refused := d.refused[d.origin(n)]; refused {
		d.unkeep(n, why)
		return nil
	}
	leaf := len(n.Fields)+len(n.Elems) == 0
	if own, ok := d.claims[d.origin(n)]; ok && (own.whole || leaf) {
		above = own
	}
	made := &data.Node{Kind: n.Kind, Text: n.Text, At: n.At}
	switch {
	case leaf:
		if above.verdict != Lost || n.Kind == data.Null {
			return nil
		}
		d.native[d.origin(n)] = above
		d.claims[d.origin(n)] = claim{verdict: Native, becomes: to.String(), why: "a patch keeps it"}
	case n.Kind == data.Struct:
		for _, f := range n.Fields {
			if v := d.lost(k, f.Value, at.To(f.Name), to.To(f.Name), above); v != nil {
				made.Fields = append(made.Fields, data.Field{Name: f.Name, At: f.At, Value: v})
			}
		}
	default:
		d.lostElems(k, n, made, at, to, above)
	}
	if !leaf && len(made.Fields)+len(made.Elems) == 0 {
		return nil
	}
	d.made[made] = d.origin(n)
	return made
}

func (d *Draft) lostElems(k kept, n, made *data.Node, at, to diag.Path, above claim) {
	key := ""
	if k.key != nil {
		key = k.key(at)
	}
	if key == "" && !d.allLost(n, above) {
		return
	}
	for _, e := range n.Elems {
		if key != "" && e.Get(key) == nil {
			continue // a short form
		}
		here := to.To(len(made.Elems))
		v := d.lost(k, e, at, here, above)
		if v == nil {
			continue
		}
		if id := e.Get(key); key != "" && v.Field(key) == nil {
			same := &data.Node{Kind: id.Kind, Text: id.Text, At: id.At}
			v.Fields = append([]data.Field{{Name: key, At: id.At, Value: same}}, v.Fields...)
		}
		made.Elems = append(made.Elems, v)
	}
}

// allLost reports whether every value below one is lost, and none was refused.
func (d *Draft) allLost(n *data.Node, above claim) bool {
	if _, refused := d.refused[d.origin(n)]; refused {
		return false
	}
	leaf := len(n.Fields)+len(n.Elems) == 0
	if own, ok := d.claims[d.origin(n)]; ok && (own.whole || leaf) {
		above = own
	}
	if leaf {
		return above.verdict == Lost
	}
	for _, f := range n.Fields {
		if !d.allLost(f.Value, above) {
			return false
		}
	}
	for _, e := range n.Elems {
		if !d.allLost(e, above) {
			return false
		}
	}
	return true
}

// unkeep has a value and all below it lost, where no other field says it.
func (d *Draft) unkeep(n *data.Node, why string) {
	if c, ok := d.native[d.origin(n)]; ok {
		c.verdict, c.becomes = Lost, ""
		if c.why == notInVocabulary {
			c.why = why
		}
		d.claims[d.origin(n)] = c
	}
	for _, f := range n.Fields {
		d.unkeep(f.Value, why)
	}
	for _, e := range n.Elems {
		d.unkeep(e, why)
	}
}

// refuse takes out of the patches what the provider reports, and reports whether there was any.
func (d *Draft) refuse(found diag.List) bool {
	any := false
	for _, f := range found {
		if f.Severity != diag.Error || !slices.ContainsFunc(d.keeps, func(k kept) bool { return within(f.Path, k.patch) || within(k.patch, f.Path) }) {
			continue
		}
		at := d.root.Find(f.Path)
		if at == nil {
			continue
		}
		for _, n := range d.madeBelow(at) {
			if _, again := d.refused[n]; !again {
				why := notInVocabulary
				if f.Code != diag.UnknownField {
					why = "a patch cannot keep it: " + f.Message
				}
				d.refused[n] = why
				any = true
			}
		}
	}
	if !any {
		return false
	}
	for n, c := range d.native { // as they were before
		d.claims[n] = c
	}
	d.keep()
	d.withhold(d.root, nil)
	order(d.root, nil)
	return true
}

// madeBelow are the values of the input that a value of a patch is made of: itself, or those of
// which it is the struct around them.
func (d *Draft) madeBelow(n *data.Node) []*data.Node {
	if original, ok := d.made[n]; ok {
		return []*data.Node{original}
	}
	var all []*data.Node
	for _, f := range n.Fields {
		all = append(all, d.madeBelow(f.Value)...)
	}
	for _, e := range n.Elems {
		all = append(all, d.madeBelow(e)...)
	}
	return all
}

// within reports whether a path is below another, or the same.
func within(p, above diag.Path) bool {
	return len(p) >= len(above) && slices.Equal(p[:len(above)], above)
}

// mostRefusals is how often a provider is called about what patches keep.
const mostRefusals = 8

// settle vets the tenant until the provider takes all that its patches keep.
func (d *Draft) settle(unit compile.Unit, vet func() (compile.Unit, error)) (compile.Unit, error) {
	for range mostRefusals {
		if len(d.keeps) == 0 || !d.refuse(unit.Diagnostics) {
			return unit, nil
		}
		var err error
		if unit, err = vet(); err != nil {
			return unit, err
		}
	}
	d.keeps = nil
	return unit, nil
}
