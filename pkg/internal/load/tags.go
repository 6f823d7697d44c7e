package load

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// Tags are values injected into fields marked @tag, as `cue -t` does: key=value, or a shorthand
// that a field lists. It records which were used, for all loaders together, and is safe for
// concurrent use.
type Tags struct {
	settings []string
	values   map[string]string
	flags    []string

	mu   sync.Mutex
	used map[string]bool
}

// ErrTag is wrapped by errors about tags in the options.
var ErrTag = errors.New("bad tag")

// NewTags parses key=value pairs and shorthands.
func NewTags(settings []string) (*Tags, error) {
	t := &Tags{settings: settings, values: map[string]string{}, used: map[string]bool{}}
	for _, s := range settings {
		key, value, ok := strings.Cut(s, "=")
		switch {
		case !ast.IsValidIdent(key):
			return nil, fmt.Errorf("%w: %q does not begin with a name", ErrTag, s)
		case !ok:
			t.flags = append(t.flags, key)
		case t.values[key] != "" && t.values[key] != value:
			return nil, fmt.Errorf("%w: %s is given twice", ErrTag, key)
		default:
			t.values[key] = value
		}
	}
	return t, nil
}

// Unused returns an error that lists the settings which no file uses, or nil. Optional settings
// may be unused.
func (t *Tags) Unused(optional []string) error {
	var unused []string
	for key, value := range t.values {
		if !t.used[key] && !slices.Contains(optional, key+"="+value) {
			unused = append(unused, key)
		}
	}
	for _, flag := range t.flags {
		if !t.used[flag] {
			unused = append(unused, flag)
		}
	}
	if len(unused) == 0 {
		return nil
	}
	slices.Sort(unused)
	return fmt.Errorf("%w: no file asks for %s", ErrTag, strings.Join(unused, ", "))
}

func (t *Tags) use(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.used[key] = true
}

// usedSettings returns the settings that were used, sorted.
func (t *Tags) usedSettings() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.used))
}

// inject calls set for each attribute of a file's fields. The parser has already resolved
// references to the old values; inject redirects them to the new ones.
func inject(f *ast.File, set func(*ast.Field, *ast.Attribute) cueerrors.Error) cueerrors.Error {
	var errs cueerrors.Error
	moved := map[ast.Node]ast.Node{}
	ast.Walk(f, func(n ast.Node) bool {
		field, ok := n.(*ast.Field)
		if !ok {
			return true
		}
		old := field.Value
		for _, a := range field.Attrs {
			errs = cueerrors.Append(errs, set(field, a))
		}
		if field.Value != old {
			moved[old] = field.Value
		}
		return true
	}, nil)
	ast.Walk(f, func(n ast.Node) bool {
		if x, ok := n.(*ast.Ident); ok && moved[x.Node] != nil {
			x.Node = moved[x.Node]
		}
		return true
	}, nil)
	return errs
}

// set unifies a field that has a tag with the tag's setting.
func (t *Tags) set(field *ast.Field, a *ast.Attribute) cueerrors.Error {
	name, body := a.Split()
	if name != "tag" {
		return nil
	}
	key, rest, _ := strings.Cut(body, ",")
	value, ok := t.values[key]
	kind := "string"
	for opt := range strings.SplitSeq(rest, ",") {
		name, arg, _ := strings.Cut(strings.TrimSpace(opt), "=")
		switch name {
		case "type":
			kind = arg
		case "short":
			for short := range strings.SplitSeq(arg, "|") {
				if slices.Contains(t.flags, short) {
					t.use(short)
					value, ok = short, true
				}
			}
		}
	}
	if _, given := t.values[key]; given {
		t.use(key)
	}
	if !ok {
		return nil
	}
	var x ast.Expr = ast.NewString(value)
	if kind != "string" {
		var err error
		if x, err = gate.Expression(nil, "-t "+key, value); err != nil || !isLiteral(x, kind) {
			return cueerrors.Newf(a.Pos(), "tag %s wants a value of type %s, not %q", key, kind, value)
		}
	}
	field.Value = ast.NewBinExpr(token.AND, field.Value, x)
	return nil
}

// isLiteral reports whether an expression is a literal of a tag's type.
func isLiteral(x ast.Expr, kind string) bool {
	if u, ok := x.(*ast.UnaryExpr); ok && u.Op == token.SUB {
		x = u.X
	}
	lit, ok := x.(*ast.BasicLit)
	if !ok {
		return false
	}
	switch kind {
	case "int":
		return lit.Kind == token.INT
	case "number":
		return lit.Kind == token.INT || lit.Kind == token.FLOAT
	case "bool":
		return lit.Kind == token.TRUE || lit.Kind == token.FALSE
	}
	return false
}

// selects reports whether a file belongs to the build: its @if is true, and it has no @ignore.
func (t *Tags) selects(f *ast.File) (bool, cueerrors.Error) {
	for _, d := range f.Decls {
		a, ok := d.(*ast.Attribute)
		if !ok {
			if _, pkg := d.(*ast.Package); pkg {
				break
			}
			continue
		}
		key, body := a.Split()
		switch key {
		case "ignore":
			return false, nil
		case "if":
			x, err := gate.Expression(nil, f.Filename, body)
			if errors.Is(err, gate.ErrLong) {
				return false, cueerrors.Newf(a.Pos(), "@if: %v", err)
			}
			if err != nil {
				return false, cueerrors.Newf(a.Pos(), "@if(%s) is not an expression of tags", body)
			}
			return t.evaluate(x), nil
		}
	}
	return true, nil
}

func (t *Tags) evaluate(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		if slices.Contains(t.flags, x.Name) {
			t.use(x.Name)
			return true
		}
	case *ast.ParenExpr:
		return t.evaluate(x.X)
	case *ast.UnaryExpr:
		return x.Op == token.NOT && !t.evaluate(x.X)
	case *ast.BinaryExpr:
		l, r := t.evaluate(x.X), t.evaluate(x.Y)
		return x.Op == token.LAND && l && r || x.Op == token.LOR && (l || r)
	}
	return false
}
