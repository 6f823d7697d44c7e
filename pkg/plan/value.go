package plan

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// value is data on its way into a plan. One that does not exist reads as the zero of
// whatever is asked for.
type value struct {
	*builder
	n *data.Node
}

// to is the path of one of the value's fields: looked for only where there is a
// mistake to tell.
func (v value) to(name string) diag.Path { return append(pathTo(v.tenant, v.n), name) }

// pathTo returns the path from a tree's root to one of its nodes; nil where that is the
// root itself.
func pathTo(root, n *data.Node) diag.Path {
	var at diag.Path
	var walk func(*data.Node) bool
	walk = func(m *data.Node) bool {
		if m == n {
			return true
		}
		depth := len(at)
		for _, f := range m.Fields {
			if at = append(at[:depth], f.Name); walk(f.Value) {
				return true
			}
		}
		for i, e := range m.Elems {
			if at = append(at[:depth], diag.Index(i)); walk(e) {
				return true
			}
		}
		return false
	}
	walk(root)
	return at
}

func (v value) exists() bool { return v.n != nil }

func (v value) get(name string) value { return value{v.builder, v.n.Get(name)} }

func (v value) string() string { return v.n.Text }

// text returns a string field, or "".
func (v value) text(name string) string {
	if n := v.n.Get(name); n != nil && n.Kind == data.String {
		return n.Text
	}
	return ""
}

func (v value) bool(name string) bool {
	n := v.n.Get(name)
	return n != nil && n.Kind == data.Bool && n.Text == "true"
}

// int returns a whole number; one beyond 32 bits is out of every platform's bounds.
func (v value) int(name string) int {
	n := v.n.Get(name)
	if n == nil {
		return 0
	}
	i, err := strconv.ParseInt(n.Text, 10, 32)
	if err != nil {
		v.diags.Errorf(diag.OutOfBounds, v.to(name), "%s is %s, which is more than 2147483647", name, n.Text)
	}
	return int(i)
}

// seconds returns a duration's length; the schema has seen to its form.
func (v value) seconds(name string) int64 {
	d, _ := time.ParseDuration(v.text(name))
	return int64(d / time.Second)
}

// positiveSeconds is seconds of what the plan has 0 for where nothing is stated.
func (v value) positiveSeconds(name string) int64 {
	s := v.seconds(name)
	if s == 0 && v.get(name).exists() {
		v.diags.Errorf(diag.OutOfBounds, v.to(name), "%s is %s, and must be more than 0", name, v.text(name))
	}
	return s
}

// count returns a number of copies or a percentage, or nil.
func (v value) count(name string) *Count {
	n := v.n.Get(name)
	if n == nil {
		return nil
	}
	if percent, ok := strings.CutSuffix(n.Text, "%"); ok {
		i, _ := strconv.Atoi(percent)
		return &Count{N: i, Percent: true}
	}
	return &Count{N: v.int(name)}
}

// mebibytes returns an amount such as 512Mi, 2Gi or 1Ti; the schema has seen to its form.
func (v value) mebibytes(name string) int64 {
	text := v.text(name)
	if len(text) < 2 {
		return 0
	}
	digits, unit := text[:len(text)-2], text[len(text)-2:]
	n, _ := strconv.ParseInt(digits, 10, 64)
	switch unit {
	case "Gi":
		n <<= 10
	case "Ti":
		n <<= 20
	}
	return n
}

// millis returns an amount of processor, 250m, 0.5 or 2, in exact arithmetic.
func (v value) millis(name string) int64 {
	n := v.n.Get(name)
	if n == nil {
		return 0
	}
	digits, inMillis := strings.CutSuffix(n.Text, "m")
	if small, ok := smallMillis(digits, inMillis); ok {
		return small
	}
	amount, ok := new(big.Rat).SetString(digits)
	if !ok {
		v.diags.Errorf(diag.BadFormat, v.to(name), "%s is %s, not an amount of processor", name, n.Text)
		return 0
	}
	if !inMillis {
		amount.Mul(amount, big.NewRat(1000, 1))
	}
	switch {
	case amount.Sign() <= 0:
		d := v.diags.Errorf(diag.OutOfBounds, v.to(name), "%s is %s, and must be more than 0", name, n.Text)
		d.Help = "leave it out where nothing is to be set aside"
	case !amount.IsInt():
		d := v.diags.Errorf(diag.BadFormat, v.to(name), "%s is %s, which is finer than a thousandth of a processor", name, n.Text)
		d.Help = "write a whole number of millicores, such as 250m"
	}
	return new(big.Int).Quo(amount.Num(), amount.Denom()).Int64()
}

// smallMillis reads an amount that is small and has at most three decimals.
func smallMillis(digits string, inMillis bool) (millis int64, ok bool) {
	if !inMillis {
		whole, thousandths, _ := strings.Cut(digits, ".")
		if len(thousandths) > 3 {
			return 0, false
		}
		digits = whole + thousandths + "000"[len(thousandths):]
	}
	millis, err := strconv.ParseInt(digits, 10, 32)
	return millis, err == nil && millis > 0
}

// extension returns the provider's part of extensions.
func (v value) extension() Extension {
	n := v.n.Get("extensions", v.provider)
	if n == nil {
		return ""
	}
	return Extension(appendJSON(nil, n))
}

// endpoint takes "workload.port" apart.
func endpoint(to string) *Endpoint {
	workload, port, _ := strings.Cut(to, ".")
	return &Endpoint{Workload: workload, Port: port}
}

// entries reads a map; nil where there is none, or an empty one.
func entries[V any](v value, read func(value) V) map[string]V {
	if v.n == nil || len(v.n.Fields) == 0 {
		return nil
	}
	m := make(map[string]V, len(v.n.Fields))
	for _, f := range v.n.Fields {
		m[f.Name] = read(value{v.builder, f.Value})
	}
	return m
}

// elems reads a list; nil where there is none, or an empty one.
func elems[V any](v value, read func(value) V) []V {
	if v.n == nil || len(v.n.Elems) == 0 {
		return nil
	}
	list := make([]V, len(v.n.Elems))
	for i, e := range v.n.Elems {
		list[i] = read(value{v.builder, e})
	}
	return list
}
