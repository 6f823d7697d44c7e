package cuedata

import (
	"fmt"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
)

// Node converts an evaluated value to data: it leaves out definitions and hidden and optional
// fields, and takes defaults. Positions come from places, and otherwise from the value itself
// if its sources are known. What is not concrete is left out. The error for a value that is not
// data is a *[NoDataError].
func Node(v cue.Value, sources Sources, places *Places) (*data.Node, error) {
	return converter{sources: sources}.node(v, places, data.Pos{})
}

// NodeOf is [Node] for a value of an author's package. Each value has the position of the
// author's text that it comes from, through references, parameters and loops, and the
// template's field through which it reaches the tenant.
func NodeOf(v cue.Value, sources Sources, places *Places, pkg Package) (*data.Node, error) {
	return converter{sources, newTracer(sources, pkg)}.node(v, places, data.Pos{})
}

type converter struct {
	sources Sources
	tracer  *tracer // nil: values have the positions of their own fields
}

func (c converter) node(v cue.Value, places *Places, parent data.Pos) (*data.Node, error) {
	if n := c.fromLiteral(v, places); n != nil {
		return n, nil
	}
	if d, ok := v.Default(); ok {
		v = d
	}
	kind := v.Kind()
	n := &data.Node{At: c.place(v, places, parent)}
	if c.tracer != nil && kind != cue.StructKind && kind != cue.ListKind {
		n.At, n.Via = c.traced(v, places, n.At)
	}
	switch kind {
	case cue.NullKind:
	case cue.BoolKind:
		b, err := v.Bool()
		if err != nil {
			return nil, err
		}
		n.Kind, n.Text = data.Bool, fmt.Sprint(b)
	case cue.IntKind, cue.FloatKind, cue.NumberKind:
		return c.number(v, n)
	case cue.StringKind:
		s, err := v.String()
		if err != nil {
			return nil, err
		}
		n.Kind, n.Text = data.String, s
	case cue.BytesKind:
		b, err := v.Bytes()
		if err != nil {
			return nil, err
		}
		n.Kind, n.Text = data.Bytes, string(b)
	case cue.ListKind:
		return n, c.list(n, v, places)
	case cue.StructKind:
		return n, c.fields(n, v, places)
	case cue.BottomKind:
		return nil, nil
	default:
		return nil, &NoDataError{n.At, diag.NotConcrete, "a function is no data", "call it with its arguments, or quote a text"}
	}
	return n, nil
}

// NoDataError reports a value that cannot be data: a function, or a number too long to
// write out.
type NoDataError struct {
	At        data.Pos
	Code      diag.Code
	Msg, Help string
}

func (e *NoDataError) Error() string { return e.Msg }

// Diagnostic reports the value at its position, or at otherwise if that is unknown.
func (e *NoDataError) Diagnostic(otherwise diag.Range) diag.Diagnostic {
	var diags diag.List
	d := diags.Errorf(e.Code, nil, "%s", e.Msg)
	d.Help, d.Range = e.Help, otherwise
	if !e.At.IsZero() {
		d.Range = e.At.Range()
	}
	return *d
}

func (c converter) number(v cue.Value, from *data.Node) (*data.Node, error) {
	b, err := v.MarshalJSON()
	if err != nil {
		return nil, err
	}
	text, negative := string(b), len(b) > 0 && b[0] == '-'
	if negative {
		text = text[1:]
	}
	n, err := decimal.Parse(text)
	if err != nil {
		return nil, &NoDataError{from.At, diag.BadFormat, err.Error(), ""}
	}
	if negative {
		n = n.Negated()
	}
	if v.Kind() == cue.FloatKind {
		n.Kind = data.Float
	}
	n.At, n.Via = from.At, from.Via
	return &n, nil
}

func (c converter) list(n *data.Node, v cue.Value, places *Places) error {
	n.Kind = data.List
	it, err := v.List()
	if err != nil {
		return err
	}
	for i := 0; it.Next(); i++ {
		e, err := c.node(it.Value(), places.Elem(i), n.At)
		if err != nil {
			return err
		}
		if e != nil {
			n.Elems = append(n.Elems, e)
		}
	}
	return nil
}

func (c converter) fields(n *data.Node, v cue.Value, places *Places) error {
	n.Kind = data.Struct
	fields, err := Fields(v)
	if err != nil {
		return err
	}
	for _, field := range fields {
		at := places.Field(field.Name)
		f, err := c.node(field.Value, at, n.At)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		n.Fields = append(n.Fields, data.Field{Name: field.Name, At: c.key(field, at, f.At), Value: f})
	}
	return nil
}

// key returns the position of a field's name: the author's at its path, else that of the field
// that its value comes from, such as a template's.
func (c converter) key(f Field, places *Places, otherwise data.Pos) data.Pos {
	if field, ok := f.Value.Source().(*ast.Field); ok && places == nil && c.sources != nil {
		if c.tracer != nil {
			if at := c.tracer.keyOf(field.Label, f.Name); !at.IsZero() {
				return at
			}
		}
		if at := c.sources.Node(field.Label); !at.IsZero() {
			return at
		}
	}
	return places.Key(otherwise)
}

// place returns where a value comes from: what the author wrote at its path, else the author's
// expression that computes it, else a position in the library (a default), else the enclosing
// value's.
func (c converter) place(v cue.Value, places *Places, parent data.Pos) data.Pos {
	if places != nil && !places.value.IsZero() {
		return places.value
	}
	if c.sources == nil {
		return parent
	}
	src := v.Source()
	if field, ok := src.(*ast.Field); ok {
		src = field.Value
	}
	if src != nil {
		if at := c.sources.Node(src); !at.IsZero() {
			return at
		}
	}
	_, args := v.Expr()
	for _, a := range args {
		if at := c.sources.Pos(a.Pos(), a.Pos()); !at.IsZero() {
			return at
		}
	}
	if r, ok := Ours(v.Pos()); ok {
		return data.PosOf(r)
	}
	return parent
}
