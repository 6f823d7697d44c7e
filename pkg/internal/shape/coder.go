package shape

import (
	"encoding/binary"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// coder encodes or decodes a tree. One walk does both, so that they cannot differ. Shared parts
// of the tree are encoded once.
type coder struct {
	reading bool
	in      string // the rest of the input
	out     strings.Builder

	strings     map[string]uint64 // encoded strings, with their numbers
	readStrings []string          // decoded strings, by number
	types       seen[Type]
	structs     seen[Struct]
	fields      seen[Field]
	constants   seen[data.Node]
}

// seen are the encoded values with their numbers, or the decoded values by number.
type seen[T any] struct {
	written map[*T]uint64
	read    []*T
}

func (c *coder) number(n *uint64) {
	if !c.reading {
		c.out.Write(binary.AppendUvarint(nil, *n))
		return
	}
	*n = 0
	for shift := 0; ; shift += 7 {
		b := c.in[0]
		c.in = c.in[1:]
		*n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return
		}
	}
}

// numeric codes a numeric type.
func numeric[T ~uint8 | ~uint16 | ~int](c *coder, n *T) {
	wide := uint64(*n)
	c.number(&wide)
	*n = T(wide)
}

func (c *coder) flag(b *bool) {
	var n uint64
	if *b {
		n = 1
	}
	c.number(&n)
	*b = n == 1
}

// text codes a string: 0 and the string the first time, its number afterwards.
func (c *coder) text(s *string) {
	if c.reading {
		var n uint64
		if c.number(&n); n > 0 {
			*s = c.readStrings[n-1]
			return
		}
		c.number(&n)
		*s, c.in = c.in[:n], c.in[n:]
		c.readStrings = append(c.readStrings, *s)
		return
	}
	n, known := c.strings[*s]
	c.number(&n)
	if !known {
		c.strings[*s] = uint64(len(c.strings)) + 1
		size := uint64(len(*s))
		c.number(&size)
		c.out.WriteString(*s)
	}
}

// list codes a slice. An empty slice is decoded as nil.
func list[T any](c *coder, all *[]T, each func(*T)) {
	n := uint64(len(*all))
	if c.number(&n); n == 0 {
		return
	}
	if c.reading {
		*all = make([]T, n)
	}
	for i := range *all {
		each(&(*all)[i])
	}
}

// shared codes a pointer: 0 for nil, 1 and the value the first time, its number plus 1
// afterwards.
func shared[T any](c *coder, p **T, s *seen[T], each func(*T)) {
	var n uint64
	if !c.reading && *p != nil {
		if n = s.written[*p]; n == 0 {
			if s.written == nil {
				s.written = map[*T]uint64{}
			}
			s.written[*p] = uint64(len(s.written)) + 2
			n = 1
		}
	}
	switch c.number(&n); {
	case n == 0:
		return
	case n > 1 && c.reading:
		*p = s.read[n-2]
	case n == 1:
		if c.reading {
			*p = new(T)
			s.read = append(s.read, *p)
		}
		each(*p)
	}
}

func (c *coder) all(ts *[]*Type) {
	list(c, ts, func(t **Type) { shared(c, t, &c.types, c.ofType) })
}

func (c *coder) each(ts *Types) { c.all((*[]*Type)(ts)) }

func (c *coder) ofType(t *Type) {
	numeric(c, &t.Kinds)
	list(c, &t.Enum, c.constant)
	list(c, &t.Bounds, c.bound)
	list(c, &t.Union, c.each)
	shared(c, &t.Struct, &c.structs, c.ofStruct)
	there := t.List != nil
	if c.flag(&there); there {
		if c.reading {
			t.List = &List{}
		}
		list(c, &t.List.First, c.each)
		c.each(&t.List.Rest)
		c.flag(&t.List.Open)
	}
	c.constant(&t.Default)
	c.text(&t.Name)
	c.text(&t.Words)
	c.text(&t.Example)
	c.at(&t.At)
}

// constant codes a scalar of the schema, without its position.
func (c *coder) constant(n **data.Node) {
	shared(c, n, &c.constants, func(n *data.Node) {
		numeric(c, &n.Kind)
		c.text(&n.Text)
	})
}

func (c *coder) bound(b *Bound) {
	c.text((*string)(&b.Op))
	c.text(&b.Limit)
	if c.reading {
		*b = b.prepared()
	}
}

func (c *coder) ofStruct(s *Struct) {
	list(c, &s.Fields, func(f **Field) { shared(c, f, &c.fields, c.field) })
	if c.reading {
		s.prepared()
	}
	list(c, &s.Patterns, func(p *Pattern) {
		c.each(&p.Key)
		c.each(&p.Value)
		c.text(&p.Doc)
	})
	list(c, &s.Ifs, func(cond *If) {
		c.text(&cond.Field)
		c.flag(&cond.Equal)
		c.constant(&cond.Value)
		shared(c, &cond.Then, &c.structs, c.ofStruct)
	})
	c.flag(&s.Closed)
}

func (c *coder) field(f *Field) {
	c.text(&f.Name)
	numeric(c, &f.Presence)
	c.each(&f.Types)
	c.text(&f.Doc)
	c.at(&f.At)
}

// at codes a position of the schema: a file, a line and a column.
func (c *coder) at(r *diag.Range) {
	c.text(&r.File)
	numeric(c, &r.Line)
	numeric(c, &r.Column)
}
