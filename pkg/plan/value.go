package plan

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// value is data on its way into a plan, and its path. One that does not exist reads
// as the zero of whatever is asked for.
type value struct {
	*builder
	n  *data.Node
	at *step
}

// step is a path on its way, made into one only for a diagnostic.
type step struct {
	up   *step
	elem string
}

func (s *step) path() diag.Path {
	if s == nil {
		return nil
	}
	return append(s.up.path(), s.elem)
}

// to is the path of one of the value's fields.
func (v value) to(name string) diag.Path { return append(v.at.path(), name) }

func (v value) exists() bool { return v.n != nil }

func (v value) get(name string) value {
	n := v.n.Get(name)
	if n == nil {
		return value{builder: v.builder}
	}
	return value{v.builder, n, &step{v.at, name}}
}

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
	for unit, size := range map[string]int64{"Mi": 1, "Gi": 1 << 10, "Ti": 1 << 20} {
		if digits, ok := strings.CutSuffix(text, unit); ok {
			n, _ := strconv.ParseInt(digits, 10, 64)
			return n * size
		}
	}
	return 0
}

// millis returns an amount of processor, 250m, 0.5 or 2, in exact arithmetic.
func (v value) millis(name string) int64 {
	n := v.n.Get(name)
	if n == nil {
		return 0
	}
	digits, inMillis := strings.CutSuffix(n.Text, "m")
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

// extension returns the provider's part of extensions as JSON.
func (v value) extension() Extension {
	n := v.n.Get("extensions", v.provider)
	if n == nil {
		return ""
	}
	b, err := json.Marshal(plainJSON(n))
	var e Extension
	if err != nil || e.UnmarshalJSON(b) != nil {
		return "" // cannot be: plainJSON makes only what JSON has
	}
	return e
}

func plainJSON(n *data.Node) any {
	switch n.Kind {
	case data.Bool:
		return n.Text == "true"
	case data.Int, data.Float:
		return json.Number(n.Text)
	case data.String:
		return n.Text
	case data.Bytes:
		return []byte(n.Text)
	case data.List:
		list := make([]any, len(n.Elems))
		for i, e := range n.Elems {
			list[i] = plainJSON(e)
		}
		return list
	case data.Struct:
		m := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			m[f.Name] = plainJSON(f.Value)
		}
		return m
	}
	return nil
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
		m[f.Name] = read(value{v.builder, f.Value, &step{v.at, f.Name}})
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
		list[i] = read(value{v.builder, e, &step{v.at, diag.Index(i)}})
	}
	return list
}
