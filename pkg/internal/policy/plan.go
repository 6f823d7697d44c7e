package policy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Plan checks a compiled plan against the policies. Nothing is supplied to a plan: a missing
// value that a policy demands is a problem. Paths and positions are the author's; a missing
// value has the position of its parent.
func (j *Judge) Plan(p *plan.Plan, author *data.Node) (diag.List, error) {
	var diags diag.List
	var all *data.Node
	for i, pol := range j.set.policies {
		if !pol.plan.there {
			continue
		}
		locate := func(path diag.Path) diag.Place { return author.Locate(p.SpecPath(path)) }
		var found diag.List
		decided := false
		if pol.plan.term != nil {
			n, err := planNode(p, pol.plan.mentions())
			if err != nil {
				return nil, err
			}
			r := j.walked(pol.plan.term, j.set.applied[i], n, n, false)
			if decided = !r.unsure; decided {
				found = explained(r.problems, locate)
			}
		}
		if !decided {
			if all == nil {
				var err error
				if all, err = planNode(p, nil); err != nil {
					return nil, err
				}
			}
			panics := j.cue.guarded(pol, func() { found = j.cue.refusals(pol, "plan", all, locate) })
			found = append(found, panics...)
		}
		for i := range found {
			found[i].Path = p.SpecPath(found[i].Path)
		}
		diags = append(diags, found...)
	}
	return byPolicy(diags), nil
}

// planNode converts a plan to data: the mentioned fields, or all if mentioned is nil. An unset
// bool is false.
func planNode(p *plan.Plan, mentioned map[string]bool) (*data.Node, error) {
	c := planReader{mentioned: mentioned}
	n := c.value(reflect.ValueOf(p).Elem())
	return n, c.err
}

type planReader struct {
	mentioned map[string]bool
	err       error
	room      []data.Node // spare nodes for the next values
}

func (c *planReader) node(kind data.Kind) *data.Node {
	if len(c.room) == 0 {
		c.room = make([]data.Node, 16) // the size of a small plan
	}
	n := &c.room[0]
	c.room = c.room[1:]
	n.Kind = kind
	return n
}

// planField is a field of a struct of the plan.
type planField struct {
	index int
	name  string
	omit  bool // omitted if it is the zero value
}

var planFields sync.Map // of []planField, by reflect.Type

func fieldsOf(t reflect.Type) []planField {
	if known, ok := planFields.Load(t); ok {
		return known.([]planField)
	}
	var all []planField
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			all = append(all, planField{i, name, strings.Contains(options, "omit") && t.Field(i).Type.Kind() != reflect.Bool})
		}
	}
	planFields.Store(t, all)
	return all
}

var marshaler = reflect.TypeFor[json.Marshaler]()

func (c *planReader) value(v reflect.Value) *data.Node {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.Type().Implements(marshaler) {
			return c.value(v.Elem())
		}
	case reflect.Struct:
		if !v.Type().Implements(marshaler) {
			return c.fields(v)
		}
	case reflect.Map:
		return c.entries(v)
	case reflect.Slice:
		n := &data.Node{Kind: data.List}
		for i := range v.Len() {
			n.Elems = append(n.Elems, c.value(v.Index(i)))
		}
		return n
	case reflect.String:
		if !v.Type().Implements(marshaler) {
			n := c.node(data.String)
			n.Text = v.String()
			return n
		}
	case reflect.Bool:
		return truth(v.Bool())
	case reflect.Int, reflect.Int64, reflect.Int32:
		n := c.node(data.Int)
		n.Text = strconv.FormatInt(v.Int(), 10)
		return n
	}
	return c.other(v)
}

func (c *planReader) fields(v reflect.Value) *data.Node {
	n := c.node(data.Struct)
	for _, f := range fieldsOf(v.Type()) {
		if c.mentioned != nil && !c.mentioned[f.name] {
			continue
		}
		field := v.Field(f.index)
		if f.omit && empty(field) {
			continue
		}
		if n.Fields == nil {
			n.Fields = make([]data.Field, 0, 4)
		}
		value := c.value(field)
		if field.Kind() == reflect.Bool && !field.Bool() {
			value = unsetBool
		}
		n.Fields = append(n.Fields, data.Field{Name: f.name, Value: value})
	}
	return n
}

// unsetBool is the value of an unset bool in a plan.
var unsetBool = &data.Node{Kind: data.Bool, Text: "false"}

// empty reports whether a field is omitted from the plan's JSON.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	}
	return v.IsZero()
}

func (c *planReader) entries(v reflect.Value) *data.Node {
	n := c.node(data.Struct)
	n.Fields = make([]data.Field, 0, v.Len())
	entry := reflect.New(v.Type().Elem()).Elem() // reused, because values are large
	for it := v.MapRange(); it.Next(); {
		entry.SetIterValue(it)
		n.Fields = append(n.Fields, data.Field{Name: it.Key().String(), Value: c.value(entry)})
	}
	slices.SortFunc(n.Fields, func(a, b data.Field) int { return strings.Compare(a.Name, b.Name) })
	return n
}

// other converts a value through its JSON, such as an extension.
func (c *planReader) other(v reflect.Value) *data.Node {
	text, err := json.Marshal(v.Interface())
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var decoded any
		if err = d.Decode(&decoded); err == nil {
			return c.decoded(decoded)
		}
	}
	c.err = err
	return &data.Node{}
}

func (c *planReader) decoded(v any) *data.Node {
	switch v := v.(type) {
	case bool:
		return truth(v)
	case string:
		return &data.Node{Kind: data.String, Text: v}
	case json.Number:
		n, err := decimal.Parse(strings.TrimPrefix(v.String(), "-"))
		if err != nil {
			c.err = err
		}
		if strings.HasPrefix(v.String(), "-") {
			n = n.Negated()
		}
		return &n
	case []any:
		n := &data.Node{Kind: data.List}
		for _, e := range v {
			n.Elems = append(n.Elems, c.decoded(e))
		}
		return n
	case map[string]any:
		n := &data.Node{Kind: data.Struct}
		for name, e := range plan.Sorted(v) {
			n.Fields = append(n.Fields, data.Field{Name: name, Value: c.decoded(e)})
		}
		return n
	}
	return &data.Node{}
}

// mentions returns the names of the fields that the part constrains, nil if it may constrain
// any.
func (p *part) mentions() map[string]bool {
	if p.counts {
		return nil
	}
	return p.names
}
