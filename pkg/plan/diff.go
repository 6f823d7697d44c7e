package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// ChangeKind is how a value differs between two plans.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference of two plans, at the highest path that covers it: a new workload is
// one change. Path is a path of the plan's JSON; Old and New are JSON values, absent if there
// is none. Apparent secrets are masked in them.
type Change struct {
	Path diag.Path  `json:"path"`
	Kind ChangeKind `json:"kind"`
	Old  any        `json:"old,omitempty"`
	New  any        `json:"new,omitempty"`
}

// UnmarshalJSON decodes a change as Diff made it: integers in Old and New are int64.
func (c *Change) UnmarshalJSON(text []byte) error {
	type fields Change
	var read fields
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&read); err != nil {
		return err
	}
	read.Old, read.New = plain(read.Old), plain(read.New)
	*c = Change(read)
	return nil
}

// Diff returns the differences from one plan to another, ordered by path.
func Diff(from, to *Plan) ([]Change, error) {
	if reflect.DeepEqual(from, to) {
		return nil, nil // the usual case
	}
	a, err := tree(from)
	if err != nil {
		return nil, err
	}
	b, err := tree(to)
	if err != nil {
		return nil, err
	}
	var changes []Change
	walk(diag.Path{}, a, b, &changes)
	var secrets mask.Secrets
	lookForSecrets(&secrets, nil, a)
	lookForSecrets(&secrets, nil, b)
	for i := range changes {
		c := &changes[i]
		c.Old, c.New = hidden(&secrets, c.Path, c.Old), hidden(&secrets, c.Path, c.New)
	}
	return changes, nil
}

// Leaves splits a change into changes of single values and lists. An empty struct has none.
func (c Change) Leaves() []Change {
	value := c.New
	if c.Kind == Removed {
		value = c.Old
	}
	fields, ok := value.(map[string]any)
	if !ok || c.Kind == Changed {
		return []Change{c}
	}
	var all []Change
	for name, v := range Sorted(fields) {
		leaf := Change{Path: c.Path.To(name), Kind: c.Kind, Old: v}
		if c.Kind == Added {
			leaf.Old, leaf.New = nil, v
		}
		all = append(all, leaf.Leaves()...)
	}
	return all
}

// tree is the plan's JSON form.
func tree(p *Plan) (any, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("plan of %s: %w", p.ID, err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	err = d.Decode(&v)
	withoutDerived(v)
	return v, err
}

func walk(at diag.Path, a, b any, out *[]Change) {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			walkMap(at, a, b, out)
			return
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			for i := range a {
				walk(at.To(i), a[i], b[i], out)
			}
			return
		}
	}
	if !reflect.DeepEqual(a, b) {
		*out = append(*out, Change{Path: at, Kind: Changed, Old: plain(a), New: plain(b)})
	}
}

func walkMap(at diag.Path, a, b map[string]any, out *[]Change) {
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		old, inA := a[k]
		now, inB := b[k]
		switch {
		case inA && inB:
			walk(at.To(k), old, now, out)
		case inA:
			*out = append(*out, Change{Path: at.To(k), Kind: Removed, Old: plain(old)})
		default:
			*out = append(*out, Change{Path: at.To(k), Kind: Added, New: plain(now)})
		}
	}
}

// plain returns a value with integers as int64, so that callers need not parse them.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return i
		}
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = plain(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = plain(e)
		}
		return l
	}
	return v
}
