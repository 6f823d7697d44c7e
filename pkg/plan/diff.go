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
)

// ChangeKind says how a value differs between two plans.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference of two plans, at the highest place that tells it all: a
// workload that is new is one change. Path is of the plan's own JSON; Old and New are
// its JSON values, absent where there was or is none.
type Change struct {
	Path diag.Path  `json:"path"`
	Kind ChangeKind `json:"kind"`
	Old  any        `json:"old,omitempty"`
	New  any        `json:"new,omitempty"`
}

// Diff returns what differs from one plan to another, ordered by path.
func Diff(from, to *Plan) ([]Change, error) {
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
	return changes, nil
}

func tree(p *Plan) (any, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("plan of %s: %w", p.ID, err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	return v, d.Decode(&v)
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

// plain turns whole numbers into int64, which callers compare without parsing.
func plain(v any) any {
	if n, ok := v.(json.Number); ok {
		if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
			return i
		}
	}
	return v
}

// specNames are the author's names of fields that have another in the plan.
var specNames = map[string]string{
	"cpuMillis": "cpu", "cpuMaxMillis": "cpuMax", "memoryMiB": "memory", "memoryMaxMiB": "memoryMax",
	"sizeMiB": "size", "cpuPercent": "cpu", "stopGraceSeconds": "stopGrace", "healthyDeadlineSeconds": "healthyDeadline",
	"intervalSeconds": "interval", "timeoutSeconds": "timeout", "startDelaySeconds": "startDelay",
}

// SpecPath turns a path of the plan's JSON into the author's in the tenant spec.
func (p *Plan) SpecPath(path diag.Path) diag.Path {
	spec := make(diag.Path, 0, len(path)+1)
	for i, e := range path {
		switch name, renamed := specNames[e]; {
		case e == "extension" && (i == 0 || i == 2):
			spec = append(spec, "extensions", p.Provider)
		case renamed:
			spec = append(spec, name)
		default:
			spec = append(spec, e)
		}
	}
	return spec
}
