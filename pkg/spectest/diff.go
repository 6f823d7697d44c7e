package spectest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// planDiff says where a plan is not as expected.
func planDiff(want any, t *compile.Tenant) (string, error) {
	text, err := json.Marshal(t.Plans[0])
	if err != nil {
		return "", err
	}
	got, err := decoded(text)
	return strings.Join(differences(nil, want, got), "\n"), err
}

// decoded is a text of JSON, with numbers as they are written.
func decoded(text []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// renderedDiff says where a rendered document is not as expected.
func renderedDiff(want any, name string, t *compile.Tenant) string {
	var names []string
	for _, f := range t.Files[0] {
		names = append(names, f.Name)
		if f.Name != name {
			continue
		}
		got, err := documentOf(f.Name, f.Data)
		if err != nil {
			return fmt.Sprintf("%s: %v", name, err)
		}
		lines := differences(nil, want, got)
		if len(lines) == 0 {
			return ""
		}
		return name + ":\n" + strings.Join(lines, "\n")
	}
	text := fmt.Sprintf("there is no %s: rendered are %s", name, strings.Join(names, ", "))
	if near := diag.Nearest(name, names); near != "" {
		text = fmt.Sprintf("there is no %s: did you mean %s?", name, near)
	}
	return text
}

// documentOf reads a rendered document.
func documentOf(name string, text []byte) (any, error) {
	if path.Ext(name) == ".yaml" {
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			return nil, err
		}
		var err error
		if text, err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	return decoded(text)
}

// differences says, by paths, what is expected and not there: of a struct its fields, of a
// list all elements. Null is what is not there.
func differences(at diag.Path, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{differ(at, want, got)}
		}
		var all []string
		for _, name := range slices.Sorted(maps.Keys(w)) {
			value, there := g[name]
			switch {
			case w[name] == nil && (!there || value == nil):
			case !there:
				all = append(all, fmt.Sprintf("%s:\n  - %s\n  + not there%s", at.To(name), show(w[name]), nearest(name, g)))
			default:
				all = append(all, differences(at.To(name), w[name], value)...)
			}
		}
		return all
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{differ(at, want, got)}
		}
		var all []string
		for i := range w {
			all = append(all, differences(at.To(i), w[i], g[i])...)
		}
		return all
	}
	if same(want, got) {
		return nil
	}
	return []string{differ(at, want, got)}
}

// same compares two scalars: 1 and 1.0 are one number.
func same(want, got any) bool {
	a, okA := want.(json.Number)
	b, okB := got.(json.Number)
	if okA && okB && a != b {
		x, errX := a.Float64()
		y, errY := b.Float64()
		return errX == nil && errY == nil && x == y
	}
	switch got.(type) {
	case map[string]any, []any:
		return false
	}
	return want == got
}

func differ(at diag.Path, want, got any) string {
	return fmt.Sprintf("%s:\n  - %s\n  + %s", at, show(want), show(got))
}

// nearest names a field that may be meant, in brackets; "" where there is none.
func nearest(name string, in map[string]any) string {
	if near := diag.Nearest(name, slices.Sorted(maps.Keys(in))); near != "" {
		return fmt.Sprintf(" (did you mean %s?)", near)
	}
	return ""
}

// longest is how many characters of a value are shown.
const longest = 300

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if r := []rune(string(b)); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return string(b)
}

// linesDiff shows lines that differ, with two around them that do not: those that both begin
// and end with are left out.
func linesDiff(want, got []string) string {
	first := 0
	for first < len(want) && first < len(got) && want[first] == got[first] {
		first++
	}
	last := 0
	for last < len(want)-first && last < len(got)-first && want[len(want)-1-last] == got[len(got)-1-last] {
		last++
	}
	var lines []string
	add := func(mark string, from []string) {
		for _, l := range from {
			lines = append(lines, mark+l)
		}
	}
	add("  ", want[max(0, first-2):first])
	add("- ", want[first:len(want)-last])
	add("+ ", got[first:len(got)-last])
	add("  ", want[len(want)-last:min(len(want), len(want)-last+2)])
	return strings.Join(lines, "\n")
}
