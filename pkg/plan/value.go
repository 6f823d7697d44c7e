package plan

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// value is data that is read into a plan, with its position.
type value struct {
	*builder
	n      *data.Node // nil: it does not exist
	in     *data.Node // the struct or list that contains it
	author *data.Node // as the author wrote it, without defaults; only where needed
	name   string     // name of its field
}

// path is computed only to report a mistake.
func (v value) path() diag.Path { return append(pathTo(v.tenant, v.in), v.name) }

// pathTo returns the path from a tree's root to one of its nodes, nil for the root itself.
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

// get returns a field of the value, whether it exists or not.
func (v value) get(name string) value {
	child := value{builder: v.builder, in: v.n, name: name}
	if f := v.n.Field(name); f != nil {
		child.n = f.Value
	}
	return child
}

// text returns a string, or "".
func (v value) text() string {
	if v.n != nil && v.n.Kind == data.String {
		return v.n.Text
	}
	return ""
}

func (v value) bool() bool { return v.n.Kind == data.Bool && v.n.Text == "true" }

// int returns an integer; one above 32 bits exceeds every platform's limits.
func (v value) int() int {
	i, err := strconv.ParseInt(v.n.Text, 10, 32)
	if err != nil {
		v.diags.Errorf(diag.OutOfBounds, v.path(), "%s is %s, which is more than 2147483647", v.name, v.n.Text)
	}
	return int(i)
}

// count returns a number of copies or a percentage.
func (v value) count() Count {
	if percent, ok := strings.CutSuffix(v.n.Text, "%"); ok {
		i, _ := strconv.Atoi(percent)
		return Count{N: i, Percent: true}
	}
	return Count{N: v.int()}
}

// texts reads a map of strings; nil if it is empty.
func (v value) texts() map[string]string {
	if len(v.n.Fields) == 0 {
		return nil
	}
	m := make(map[string]string, len(v.n.Fields))
	for _, f := range v.n.Fields {
		m[f.Name] = f.Value.Text
	}
	return m
}

// list reads a list of strings; nil if it is empty.
func (v value) list() []string {
	if len(v.n.Elems) == 0 {
		return nil
	}
	all := make([]string, len(v.n.Elems))
	for i, e := range v.n.Elems {
		all[i] = e.Text
	}
	return all
}

// extension returns data as JSON that the core does not read.
func (v value) extension() Extension {
	if v.n == nil {
		return ""
	}
	return Extension(appendJSON(nil, v.n))
}
