package shape

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Check checks a tenant. It returns the data with defaults filled in, or one diagnostic for
// each mistake, at the author's position. It does not change the tenant.
func (s *Shape) Check(tenant *data.Node) (*data.Node, diag.List) {
	return new(Checker).Check(s, tenant)
}

// Checker checks one tenant after another, and caches what it computes about a shape. The zero
// value is ready to use. It is not safe for concurrent use.
type Checker struct{ checker }

// Check checks a tenant against a shape: see [Shape.Check].
func (c *Checker) Check(s *Shape, tenant *data.Node) (*data.Node, diag.List) {
	filled, diags := c.Fill(s, tenant)
	if len(diags) > 0 {
		return nil, diags
	}
	return filled, nil
}

// Fill is like Check, but also returns the data of a tenant with mistakes, with defaults where
// there is no mistake.
func (c *Checker) Fill(s *Shape, tenant *data.Node) (*data.Node, diag.List) {
	c.diags, c.failed = nil, false
	if c.schema == nil || &c.schema[0] != &s.Tenant[0] {
		c.schema, c.paths = s.Tenant, nil
	}
	c.copies = copies{}
	filled := c.value(tenant, s.Tenant, nil)
	return filled, c.diags
}

// checker walks data and types in parallel. A silent one only finds out whether a value is
// admitted.
type checker struct {
	diags  diag.List
	silent bool
	failed bool
	copies

	schema Types
	paths  map[string][]diag.Path // of its fields, computed on demand

	// frames are reused for the path to the current value.
	frames []*frame
	depth  int

	joined Types // types of the values being walked, each after those of the enclosing one
}

// into pushes a frame for a value inside the current one, until [checker.out]. A silent checker
// needs no paths.
func (c *checker) into(f frame) *frame {
	if c.silent {
		return nil
	}
	if c.depth == len(c.frames) {
		c.frames = append(c.frames, new(frame))
	}
	at := c.frames[c.depth]
	c.depth++
	*at = f
	return at
}

// out pops the last frame.
func (c *checker) out() {
	if !c.silent {
		c.depth--
	}
}

// frame is an element of a path, which is only built for a diagnostic.
type frame struct {
	up    *frame
	key   string
	index int // of a list's element, if key is ""
	field *data.Field
}

func (f *frame) path() diag.Path {
	if f == nil {
		return nil
	}
	if f.key == "" && f.field == nil {
		return append(f.up.path(), diag.Index(f.index))
	}
	return append(f.up.path(), f.key)
}

// admits reports whether a value satisfies types.
func admits(n *data.Node, ts Types) bool {
	c := checker{silent: true}
	c.value(n, ts, nil)
	return !c.failed
}

// value checks a value against all its types, and returns it with defaults filled in.
func (c *checker) value(n *data.Node, ts Types, at *frame) *data.Node {
	for _, t := range ts {
		if !t.Kinds.Has(n.Kind) {
			c.wrongKind(n, ts, at)
			return n
		}
		if len(t.Enum) > 0 && !slices.ContainsFunc(t.Enum, func(e *data.Node) bool { return equal(n, e) }) {
			c.notListed(n, t, ts, at)
			return n
		}
		for i := range t.Bounds {
			if !t.Bounds[i].holds(n) {
				c.outOfBound(n, t, &t.Bounds[i], ts, at)
				return n
			}
		}
	}
	filled := n
	switch n.Kind {
	case data.Struct:
		filled = c.fields(n, ts, at)
	case data.List:
		filled = c.elems(n, ts, at)
	}
	for _, t := range ts {
		if t.Union != nil && !c.stopped() {
			filled = c.union(n, filled, t, ts, at)
		}
	}
	return filled
}

// stopped reports whether a silent checker has its answer.
func (c *checker) stopped() bool { return c.silent && c.failed }

// union finds the alternative that admits a value, and fills in its defaults.
func (c *checker) union(n, filled *data.Node, t *Type, ts Types, at *frame) *data.Node {
	for _, alt := range t.Union {
		if !mayAdmit(alt, n) {
			continue
		}
		if f, ok := c.try(n, alt); ok {
			return merged(filled, f, n)
		}
	}
	c.noAlternative(n, t, ts, at)
	return filled
}

// try is a silent value; ok is false if the value is not admitted.
func (c *checker) try(n *data.Node, ts Types) (filled *data.Node, ok bool) {
	silent, failed := c.silent, c.failed
	c.silent, c.failed = true, false
	filled = c.value(n, ts, nil)
	ok = !c.failed
	c.silent, c.failed = silent, failed
	return filled, ok
}

// mayAdmit is a quick test that excludes most alternatives.
func mayAdmit(alt Types, n *data.Node) bool {
	for _, t := range alt {
		if !t.Kinds.Has(n.Kind) {
			return false
		}
		if n.Kind != data.Struct || t.Struct == nil {
			continue
		}
		for _, f := range t.Struct.expected {
			if f.Presence == Required && n.Field(f.Name) == nil {
				return false
			}
		}
	}
	return true
}

// merged adds to a value what an alternative has filled in.
func merged(filled, by, n *data.Node) *data.Node {
	if filled == n || by.Kind != data.Struct {
		return by
	}
	for _, f := range by.Fields {
		if have := filled.Field(f.Name); have == nil {
			filled.Fields = append(filled.Fields, f)
		} else if n.Field(f.Name) != nil {
			have.Value = merged(have.Value, f.Value, n.Field(f.Name).Value)
		}
	}
	return filled
}

// elems checks a list.
func (c *checker) elems(n *data.Node, ts Types, at *frame) *data.Node {
	var few [2]*List
	lists := few[:0]
	for _, t := range ts {
		if t.List == nil {
			continue
		}
		lists = append(lists, t.List)
		if len(n.Elems) < len(t.List.First) || !t.List.Open && len(n.Elems) > len(t.List.First) {
			c.wrongLength(n, t.List, at)
			return n
		}
	}
	if len(lists) == 0 {
		return n
	}
	filled := n
	for i, e := range n.Elems {
		joined := len(c.joined)
		value := c.value(e, c.elementTypes(lists, i), c.into(frame{up: at, index: i}))
		c.out()
		c.joined = c.joined[:joined]
		if c.stopped() {
			return n
		}
		if value != e {
			if filled == n {
				filled = c.withElems(n)
			}
			filled.Elems[i] = value
		}
	}
	return filled
}

// and appends types to joined and returns all; the caller truncates joined afterwards.
func (c *checker) and(ts, more Types) Types {
	if len(ts) == 0 {
		return more
	}
	first := len(c.joined)
	c.joined = append(append(c.joined, ts...), more...)
	return slices.Clip(c.joined[first:])
}

// elementTypes returns the types of a list's element from all lists that constrain it.
func (c *checker) elementTypes(lists []*List, i int) (types Types) {
	for _, l := range lists {
		of := l.Rest
		if i < len(l.First) {
			of = l.First[i]
		}
		types = c.and(types, of)
	}
	return types
}

// fields checks a struct.
func (c *checker) fields(n *data.Node, ts Types, at *frame) *data.Node {
	var views [4]view
	vs := views[:0]
	for _, t := range ts {
		if t.Struct != nil {
			vs = append(vs, viewOf(t.Struct, n))
		}
	}
	if len(vs) == 0 {
		return n
	}
	filled := n
	more := missing(vs, n)
	if more > 0 {
		filled = c.withFields(n, more)
	}
	var unknown, meant, misplaced []string
	before := len(c.diags)
	for i := range n.Fields {
		f := &n.Fields[i]
		joined := len(c.joined)
		types, allowed := c.typesOf(vs, f.Name)
		if !allowed && !c.silent && isMisplaced(f, vs) {
			misplaced = append(misplaced, f.Name)
		} else if !allowed {
			unknown = append(unknown, f.Name)
			meant = append(meant, c.unknownField(f, n, vs, at))
		} else {
			before := len(c.diags)
			value := c.value(f.Value, types, c.into(frame{up: at, key: f.Name, field: f}))
			c.out()
			if len(c.diags) > before && isMisplaced(f, vs) {
				c.diags = c.diags[:before]
				misplaced = append(misplaced, f.Name)
			}
			if value != f.Value {
				if filled == n {
					filled = c.withFields(n, 0)
				}
				filled.Fields[i].Value = value
			}
		}
		c.joined = c.joined[:joined]
		if c.stopped() {
			return n
		}
	}
	if len(misplaced) > 0 {
		c.misplaced(misplaced, n, at, before)
	}
	unknown = append(unknown, meant...)
	for i := range vs {
		c.absent(&vs[i], n, filled, unknown, vs, at)
	}
	return filled
}

// absent fills in the defaults of missing fields, and reports missing required fields.
func (c *checker) absent(v *view, n, out *data.Node, unknown []string, vs []view, at *frame) {
	c.absentOf(v.expected, n, out, unknown, vs, at)
	for _, s := range v.ifs[:v.n] {
		c.absentOf(s.expected, n, out, unknown, vs, at)
	}
}

func (c *checker) absentOf(fields []*Field, n, out *data.Node, unknown []string, vs []view, at *frame) {
	for _, f := range fields {
		if n.Field(f.Name) != nil {
			continue
		}
		switch {
		case f.Presence == Defaulted && out.Field(f.Name) == nil:
			out.Fields = append(out.Fields, data.Field{Name: f.Name, Value: f.Types.Default()})
		case f.Presence == Required && !slices.ContainsFunc(unknown, func(u string) bool { return diag.Nearest(u, []string{f.Name}) != "" }):
			c.missingField(f, n, vs, at)
		}
	}
}
