package plan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/mask"
)

// specField is the author's form of a field that has another in the plan.
type specField struct {
	name  string
	write func(n int64) string
}

var specFields = map[string]specField{
	"cpuMillis":              {"cpu", processors},
	"cpuMaxMillis":           {"cpuMax", processors},
	"memoryMiB":              {"memory", Size},
	"memoryMaxMiB":           {"memoryMax", Size},
	"sizeMiB":                {"size", Size},
	"cpuPercent":             {"cpu", nil},
	"stopGraceSeconds":       {"stopGrace", duration},
	"healthyDeadlineSeconds": {"healthyDeadline", duration},
	"intervalSeconds":        {"interval", duration},
	"timeoutSeconds":         {"timeout", duration},
	"startDelaySeconds":      {"startDelay", duration},
}

func processors(millis int64) string {
	if millis%1000 == 0 {
		return fmt.Sprint(millis / 1000)
	}
	return fmt.Sprintf("%dm", millis)
}

// Size writes an amount of memory or storage as a spec does.
func Size(mebibytes int64) string {
	if mebibytes%1024 == 0 && mebibytes > 0 {
		return fmt.Sprintf("%dGi", mebibytes/1024)
	}
	return fmt.Sprintf("%dMi", mebibytes)
}

// duration writes no part that is zero: 1m30s, 2m, 0s.
func duration(seconds int64) string {
	text := (time.Duration(seconds) * time.Second).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}

// own reports whether the field after a path is the plan's own, and no name that an
// author gave: those may look like one in configurations, labels and variables.
func own(at diag.Path) bool {
	return len(at) > 1 && at[0] == "workloads" && last(at) != "env"
}

// SpecPath turns a path of the plan's JSON into the author's in the tenant spec.
func (p *Plan) SpecPath(path diag.Path) diag.Path {
	spec := make(diag.Path, 0, len(path)+1)
	for i, e := range path {
		f, renamed := specFields[e]
		switch env := i > 5 && path[4] == "env"; {
		case !own(path[:i]) && i > 0:
			spec = append(spec, e)
		case e == "extension" && (i == 0 || i == 2):
			return append(append(spec, "extensions", p.Provider), path[i+1:]...)
		case env && (e == "value" || i > 6 && path[6] == "endpoint"):
			return spec // the variable itself; workload and port are one text
		case e == "tlsSecret":
			spec = append(spec, "tls")
		case e == "addCapabilities":
			spec = append(spec, "capabilities", "add")
		case e == "dropCapabilities":
			spec = append(spec, "capabilities", "drop")
		case renamed:
			spec = append(spec, f.name)
		default:
			spec = append(spec, e)
		}
	}
	return spec
}

// Spec tells the changes of two plans of a tenant in the author's words.
type Spec struct {
	from, to any
	plan     *Plan
}

// NewSpec reads two plans for one provider.
func NewSpec(from, to *Plan) (*Spec, error) {
	s := &Spec{plan: to}
	var secrets mask.Secrets
	for _, side := range []struct {
		plan *Plan
		into *any
	}{{from, &s.from}, {to, &s.to}} {
		t, err := tree(side.plan)
		if err != nil {
			return nil, err
		}
		lookForSecrets(&secrets, nil, t)
		*side.into = t
	}
	for _, side := range []*any{&s.from, &s.to} {
		*side = s.spec(nil, hidden(&secrets, nil, *side))
	}
	return s, nil
}

// Change returns a change with its path in the spec, and its values as an author would
// write them. Where a value took another form, it is a change of the whole value: several
// changes of the plan may be one of the spec.
func (s *Spec) Change(c Change) Change {
	path := s.plan.SpecPath(c.Path)
	at := path
	for i := range path {
		old, isOld := find(s.from, path[:i])
		now, isNow := find(s.to, path[:i])
		if isOld && isNow && kindOf(old) != kindOf(now) {
			at = path[:i]
			break
		}
	}
	old, isOld := find(s.from, at)
	now, isNow := find(s.to, at)
	spec := Change{Path: at, Kind: Changed, Old: plain(old), New: plain(now)}
	switch {
	case !isOld && isNow:
		spec.Kind = Added
	case isOld && !isNow:
		spec.Kind = Removed
	case !isOld:
		spec.Kind = c.Kind // of nothing that an author writes
	}
	return spec
}

func kindOf(v any) reflect.Kind { return reflect.ValueOf(v).Kind() }

// find returns the value at a path of the spec.
func find(v any, at diag.Path) (any, bool) {
	for _, e := range at {
		switch t := v.(type) {
		case map[string]any:
			next, ok := t[e]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i := indexOf(t, e)
			if i < 0 {
				return nil, false
			}
			v = t[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func indexOf(list []any, e string) int {
	for i := range list {
		if diag.Index(i) == e {
			return i
		}
	}
	return -1
}

// spec turns a value at a path of the plan's JSON into the author's form.
func (s *Spec) spec(at diag.Path, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return s.fields(at, v)
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = s.spec(at.To(i), e)
		}
		return l
	case json.Number:
		if f := specFields[last(at)]; f.write != nil && own(at[:len(at)-1]) {
			if n, err := v.Int64(); err == nil {
				return f.write(n)
			}
		}
		return plain(v)
	}
	return v
}

func last(at diag.Path) string {
	if len(at) == 0 {
		return ""
	}
	return at[len(at)-1]
}

// fields turns a struct: its fields have the author's names and nesting.
func (s *Spec) fields(at diag.Path, v map[string]any) any {
	if value, ok := v["value"]; ok && len(at) == 6 && at[4] == "env" {
		return value
	}
	if last(at) == "endpoint" && len(at) == 7 && at[4] == "env" {
		return fmt.Sprintf("%v.%v", v["workload"], v["port"])
	}
	m := map[string]any{}
	put := func(value any, path ...string) {
		in := m
		for _, e := range path[:len(path)-1] {
			next, ok := in[e].(map[string]any)
			if !ok {
				next = map[string]any{}
				in[e] = next
			}
			in = next
		}
		in[path[len(path)-1]] = value
	}
	for name, value := range Sorted(v) {
		path := at.To(name)
		switch f, renamed := specFields[name]; {
		case !own(at) && len(at) > 0:
			put(s.spec(path, value), name)
		case name == "extension" && (len(at) == 0 || len(at) == 2):
			put(numbers(value), "extensions", s.plan.Provider)
		case name == "tlsSecret":
			put(value, "tls", "secret")
		case name == "addCapabilities":
			put(value, "capabilities", "add")
		case name == "dropCapabilities":
			put(value, "capabilities", "drop")
		case renamed:
			put(s.spec(path, value), f.name)
		default:
			put(s.spec(path, value), name)
		}
	}
	return m
}

// numbers turns the numbers of an extension into Go's own.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = numbers(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = numbers(e)
		}
		return l
	case json.Number:
		if f, err := v.Float64(); err == nil && plain(v) == any(v) {
			return f
		}
	}
	return plain(v)
}
