package shape

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// longestMend is how many bytes a text may have for which a mend is looked for: what
// people mistype is short.
const longestMend = 4 << 10

// mended is what an author may have meant: help that says so, and the value, where it is
// certain that no other was meant. The zero value is none.
type mended struct {
	help string
	now  *data.Node
}

// of puts what is known of a mend into the diagnostic of a value.
func (m mended) of(n *data.Node, d *diag.Diagnostic) {
	d.Help = m.help
	if m.now != nil {
		d.Fix = n.Rewrite(m.now)
	}
}

// mend looks for a value that the types admit and the author may have meant: a candidate
// is only offered once it was judged.
func mend(n *data.Node, ts Types) mended {
	if len(n.Text) > longestMend {
		return mended{}
	}
	for _, candidate := range candidates(n, ts) {
		if !admits(candidate, ts) {
			continue
		}
		m := mended{help: "write " + show(candidate)}
		if n.Kind != data.String && candidate.Kind == data.String && candidate.Text == n.Text {
			m.help = "quote it: " + show(candidate)
		}
		if means(n, candidate) {
			m.now = candidate
		}
		return m
	}
	return mended{}
}

// mendKey is mend for a map's key.
func mendKey(f *data.Field, ts Types, d *diag.Diagnostic) {
	m := mend(&data.Node{Kind: data.String, Text: f.Name}, ts)
	d.Help = m.help
	if m.now != nil {
		d.Fix = f.Rename(m.now.Text)
	}
}

// means reports whether a value is another, only written otherwise: with or without
// quotes, in another case, with spaces, or with another unit for the same amount.
func means(n, other *data.Node) bool {
	switch {
	case n.Kind == data.List || n.Kind == data.Struct || other.Kind == data.List || other.Kind == data.Struct:
		return false
	case n.Kind == data.String && other.Kind != data.String:
		return true // what the text spells
	case strings.EqualFold(spaces.Replace(n.Text), other.Text):
		return true
	}
	have, unit := quantity(n.Text)
	want, wantUnit := quantity(other.Text)
	return unit != "" && unit == wantUnit && have == want
}

var spaces = strings.NewReplacer(" ", "", "\t", "")

// candidates are what a value could have been meant as, the likeliest first.
func candidates(n *data.Node, ts Types) []*data.Node {
	var out []*data.Node
	text := func(s string) { out = append(out, &data.Node{Kind: data.String, Text: s}) }
	switch n.Kind {
	case data.Bool:
		text(n.Text)
	case data.Int, data.Float:
		if n.Text == "0" || n.Text == "1" {
			out = append(out, &data.Node{Kind: data.Bool, Text: strconv.FormatBool(n.Text == "1")})
		}
		text(n.Text)
		for _, s := range amounts(n.Text) {
			text(s)
		}
	case data.String:
		out = append(out, plainOf(n.Text)...)
		for _, s := range spellings(n.Text) {
			text(s)
		}
		if fields := strings.Fields(n.Text); len(fields) > 0 {
			out = append(out, textList(fields), textList([]string{n.Text}))
		}
	case data.List:
		out = append(out, mapOf(n))
		if len(n.Elems) == 1 && n.Elems[0].Kind != data.Struct {
			out = append(out, n.Elems[0])
		}
	case data.Struct:
		out = append(out, &data.Node{Kind: data.List, Elems: []*data.Node{n}})
	}
	if n.Kind != data.Struct && n.Kind != data.List && n.Kind != data.Null {
		out = append(out, wrapped(n, ts)...)
	}
	return out
}

// plainOf are the number or bool that a text spells.
func plainOf(s string) []*data.Node {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "enabled":
		return []*data.Node{{Kind: data.Bool, Text: "true"}}
	case "false", "no", "off", "disabled":
		return []*data.Node{{Kind: data.Bool, Text: "false"}}
	}
	if n, err := data.Number(s); err == nil {
		return []*data.Node{n}
	}
	return nil
}

func textList(texts []string) *data.Node {
	l := &data.Node{Kind: data.List}
	for _, s := range texts {
		l.Elems = append(l.Elems, &data.Node{Kind: data.String, Text: s})
	}
	return l
}

// mapOf turns a list into the map that it would be: of structs with names, which may be
// pairs of name and value, or of texts such as NAME=VALUE.
func mapOf(n *data.Node) *data.Node {
	m := &data.Node{Kind: data.Struct}
	for _, e := range n.Elems {
		name, value, isPair := strings.Cut(e.Text, "=")
		if e.Kind == data.String && isPair {
			m.Set(name, e.At, &data.Node{Kind: data.String, Text: value})
			continue
		}
		key := e.Get("name")
		if key == nil || key.Kind != data.String {
			return n
		}
		rest := &data.Node{Kind: data.Struct}
		for _, f := range e.Fields {
			if f.Name != "name" {
				rest.Fields = append(rest.Fields, f)
			}
		}
		if len(rest.Fields) == 1 && rest.Fields[0].Name == "value" {
			rest = rest.Fields[0].Value
		}
		m.Set(key.Text, key.At, rest)
	}
	return m
}

// wrapped puts a scalar into the struct that takes it as its one required field.
func wrapped(n *data.Node, ts Types) []*data.Node {
	var out []*data.Node
	for _, t := range ts {
		for _, alt := range append([]Types{{t}}, t.Union...) {
			for _, name := range selectorNames(alt) {
				out = append(out, &data.Node{Kind: data.Struct, Fields: []data.Field{{Name: name, Value: n}}})
			}
		}
	}
	return out
}

var (
	amount   = lazyregexp.New(`^\s*([0-9]+(?:[.,][0-9]+)?)\s*([A-Za-z%]*)\s*$`)
	amountIn = lazyregexp.New(`([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)`)
	humps    = lazyregexp.New(`([a-z0-9])([A-Z])`)
	notName  = lazyregexp.New(`[^a-z0-9]+`)
	notEnv   = lazyregexp.New(`[^A-Za-z0-9_]+`)
	hostOf   = lazyregexp.New(`^(?:[a-z]+://([^/:]+).*|([^/:]+):[0-9]+(?:/.*)?)$`)
)

// units are what other tools call an amount, and how much of the smallest unit here it
// is: MiB, seconds, thousandths of a processor.
var units = map[string]struct {
	factor float64
	unit   string
}{
	"b": {1. / (1 << 20), "Mi"}, "k": {1. / 1024, "Mi"}, "kb": {1. / 1024, "Mi"}, "ki": {1. / 1024, "Mi"}, "kib": {1. / 1024, "Mi"},
	"mb": {1, "Mi"}, "mi": {1, "Mi"}, "mib": {1, "Mi"},
	"g": {1024, "Mi"}, "gb": {1024, "Mi"}, "gi": {1024, "Mi"}, "gib": {1024, "Mi"},
	"t": {1 << 20, "Mi"}, "tb": {1 << 20, "Mi"}, "ti": {1 << 20, "Mi"}, "tib": {1 << 20, "Mi"},
	"ms": {0.001, "s"}, "s": {1, "s"}, "sec": {1, "s"}, "secs": {1, "s"}, "second": {1, "s"}, "seconds": {1, "s"},
	"min": {60, "s"}, "mins": {60, "s"}, "minute": {60, "s"}, "minutes": {60, "s"},
	"h": {3600, "s"}, "hour": {3600, "s"}, "hours": {3600, "s"}, "hr": {3600, "s"},
	"d": {86400, "s"}, "day": {86400, "s"}, "days": {86400, "s"},
	"cpu": {1000, "m"}, "cpus": {1000, "m"}, "core": {1000, "m"}, "cores": {1000, "m"}, "vcpu": {1000, "m"}, "vcpus": {1000, "m"},
	"millicores": {1, "m"},
}

// spellings are other ways to write a text, the likeliest first.
func spellings(s string) []string {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return nil
	}
	all := []string{
		trimmed, strings.ToLower(trimmed), strings.ToUpper(trimmed),
		fileOf(trimmed), notEnv.ReplaceAllString(trimmed, "_"), notEnv.ReplaceAllString(strings.ToUpper(trimmed), "_"),
		strings.ReplaceAll(trimmed, " ", ""), strings.TrimRight(trimmed, "/"), strings.ReplaceAll(trimmed, ",", "."),
	}
	all = append(all, amounts(trimmed)...)
	for _, prefix := range []string{"https://", "http://", "./", "CAP_", "cap_"} {
		if rest, ok := strings.CutPrefix(trimmed, prefix); ok {
			all = append(all, rest, strings.ToUpper(rest), "/"+rest)
		}
	}
	if host := hostOf.FindStringSubmatch(trimmed); host != nil {
		all = append(all, host[1]+host[2])
	}
	kebab := strings.Trim(notName.ReplaceAllString(strings.ToLower(humps.ReplaceAllString(trimmed, "$1-$2")), "-"), "-")
	all = append(all, kebab, strings.TrimLeft(kebab, "0123456789-"))
	if len(kebab) > 15 {
		all = append(all, cut(kebab, 63), cut(kebab, 30), cut(kebab, 15))
	}
	return append(all, "/"+trimmed, "SIG"+strings.ToUpper(trimmed))
}

// fileOf is the last part of a relative path, or "" of what is none.
func fileOf(s string) string {
	if strings.Contains(s, ":") || strings.HasPrefix(s, "/") || !strings.Contains(s, "/") {
		return ""
	}
	return path.Base(s)
}

func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.Trim(s, "-")
}

// amounts are ways to write an amount with the units of the spec.
func amounts(s string) []string {
	m := amount.FindStringSubmatch(s)
	if m == nil {
		return durations(s)
	}
	digits, unit := strings.ReplaceAll(m[1], ",", "."), strings.ToLower(m[2])
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return nil
	}
	switch unit {
	case "":
		if bytes := int64(number); bytes >= 1<<20 && bytes%(1<<20) == 0 {
			return []string{mebibytes(bytes >> 20)}
		}
		return []string{digits + "Mi", digits + "s", digits + "%"}
	case "m":
		return []string{digits + "m", digits + "Mi"}
	}
	u, ok := units[unit]
	if !ok {
		return nil
	}
	whole := int64(math.Ceil(number * u.factor))
	switch u.unit {
	case "Mi":
		return []string{mebibytes(whole)}
	case "s":
		return []string{duration(whole)}
	}
	return []string{strconv.FormatInt(whole, 10) + u.unit}
}

// quantity reads an amount down to its smallest unit, which is "" where it is none.
func quantity(s string) (n float64, unit string) {
	if m := amount.FindStringSubmatch(s); m != nil {
		number, err := strconv.ParseFloat(m[1], 64)
		if u, ok := units[strings.ToLower(m[2])]; ok && err == nil {
			return number * u.factor, u.unit
		}
	}
	if seconds, ok := secondsOf(s); ok {
		return seconds, "s"
	}
	return 0, ""
}

// durations reads words such as 1 minute 30 seconds, or 1.5h.
func durations(s string) []string {
	seconds, ok := secondsOf(s)
	if !ok {
		return nil
	}
	return []string{duration(int64(math.Ceil(seconds)))}
}

// secondsOf is how long that is.
func secondsOf(s string) (seconds float64, ok bool) {
	rest := amountIn.ReplaceAllStringFunc(s, func(part string) string {
		m := amountIn.FindStringSubmatch(part)
		n, err := strconv.ParseFloat(m[1], 64)
		name := strings.ToLower(m[2])
		if name == "m" {
			name = "min"
		}
		u, ok := units[name]
		if err != nil || !ok || u.unit != "s" {
			return part
		}
		seconds += n * u.factor
		return ""
	})
	return seconds, seconds != 0 && strings.Trim(rest, " ,and") == ""
}

// duration writes seconds in the largest units that they fill.
func duration(seconds int64) string {
	var b strings.Builder
	for _, u := range []struct {
		size int64
		name string
	}{{3600, "h"}, {60, "m"}, {1, "s"}} {
		if n := seconds / u.size; n > 0 || u.size == 1 && b.Len() == 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
		}
		seconds %= u.size
	}
	return b.String()
}

func mebibytes(n int64) string {
	if n%1024 == 0 && n > 0 {
		return strconv.FormatInt(n/1024, 10) + "Gi"
	}
	return strconv.FormatInt(n, 10) + "Mi"
}
