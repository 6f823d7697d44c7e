package policy

import (
	"reflect"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Spec is what policies are checked against: the compiled schemas of the registered providers,
// by name; nil for a schema that is not compiled, in which everything is allowed.
type Spec map[string]*shape.Shape

// place is a position in the spec or the plan, with what it admits.
type place interface {
	field(name string) place // nil: no such field
	names() []string         // of its fields, sorted; empty for a map
	entry() place            // of a map's entries; nil if not a map
	elem() place             // of a list's elements; nil if not a list
	kinds() shape.Kinds
	admits(n *data.Node) bool // whether it admits a constant
	words() string            // description of what it admits
	constants() []string      // the texts that it admits, if there are no others
}

// specPlace is a position in the spec, with the types of each provider.
type specPlace struct {
	of   []specTypes
	path diag.Path
}

type specTypes struct {
	provider string
	types    shape.Types
}

// tenantPlace returns the tenant itself, nil if no schema is compiled.
func (s Spec) tenantPlace() place {
	p := &specPlace{}
	for name, of := range s {
		if of == nil {
			return nil
		}
		p.of = append(p.of, specTypes{name, of.Tenant})
	}
	if len(p.of) == 0 {
		return nil
	}
	slices.SortFunc(p.of, func(a, b specTypes) int { return strings.Compare(a.provider, b.provider) })
	return p
}

// extensions reports whether this is the map of a tenant's or workload's extensions.
func (p *specPlace) extensions() bool {
	n := len(p.path)
	return (n == 1 || n == 3 && p.path[0] == "workloads") && p.path[n-1] == "extensions"
}

func (p *specPlace) to(name string, of func(shape.Types) []shape.Types) place {
	next := &specPlace{path: p.path.To(name)}
	for _, t := range p.of {
		if p.extensions() && name != "*" && t.provider != name {
			continue
		}
		for _, types := range of(t.types) {
			next.of = append(next.of, specTypes{t.provider, types})
		}
	}
	if len(next.of) == 0 {
		return nil
	}
	return next
}

func (p *specPlace) field(name string) place {
	return p.to(name, func(ts shape.Types) []shape.Types { return ts.At(name) })
}

func (p *specPlace) names() []string {
	if p.extensions() {
		var all []string
		for _, t := range p.of {
			all = append(all, t.provider)
		}
		return all
	}
	var all []string
	for _, t := range p.of {
		all = append(all, t.types.Names()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (p *specPlace) entry() place {
	return p.to("*", shape.Types.Entries)
}

func (p *specPlace) elem() place {
	return p.to("*", shape.Types.Elements)
}

func (p *specPlace) kinds() shape.Kinds {
	var all shape.Kinds
	for _, t := range p.of {
		all |= t.types.Kinds()
	}
	return all
}

func (p *specPlace) admits(n *data.Node) bool {
	return slices.ContainsFunc(p.of, func(t specTypes) bool { return t.types.Admits(n) })
}

func (p *specPlace) words() string { return p.of[0].types.Words() }

func (p *specPlace) constants() []string {
	var all []string
	for _, t := range p.of {
		for _, conjunct := range t.types {
			for _, e := range conjunct.Enum {
				all = append(all, e.Text)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// planPlace is a position in the plan: a Go type with its JSON form. An extension is that of
// its provider's spec.
type planPlace struct {
	typ  reflect.Type
	spec Spec
}

func (s Spec) planPlace() place { return &planPlace{typ: reflect.TypeFor[plan.Plan](), spec: s} }

// fleetPlace returns what all tenants ask for together.
func (s Spec) fleetPlace() place { return &planPlace{typ: reflect.TypeFor[fleet.Shares](), spec: s} }

func (p *planPlace) plain() reflect.Type {
	t := p.typ
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func (p *planPlace) field(name string) place {
	t := p.plain()
	if t.Kind() != reflect.Struct || t.Implements(marshaler) {
		return nil
	}
	for _, f := range fieldsOf(t) {
		if f.name == name {
			next := t.Field(f.index).Type
			if next == reflect.TypeFor[plan.Extension]() {
				return p.spec.extensionOf(t)
			}
			return &planPlace{typ: next, spec: p.spec}
		}
	}
	return nil
}

// extensionOf returns the extensions of all providers for a tenant or a workload.
func (s Spec) extensionOf(t reflect.Type) place {
	tenant := s.tenantPlace()
	if tenant == nil {
		return anything{}
	}
	if t == reflect.TypeFor[plan.Workload]() {
		tenant = tenant.field("workloads").entry()
	}
	all := &specPlace{}
	extensions := tenant.field("extensions").(*specPlace)
	for _, t := range extensions.of {
		for _, types := range t.types.At(t.provider) {
			all.of = append(all.of, specTypes{t.provider, types})
		}
	}
	if len(all.of) == 0 {
		return anything{}
	}
	return all
}

func (p *planPlace) names() []string {
	t := p.plain()
	if t.Kind() != reflect.Struct || t.Implements(marshaler) {
		return nil
	}
	var all []string
	for _, f := range fieldsOf(t) {
		all = append(all, f.name)
	}
	slices.Sort(all)
	return all
}

func (p *planPlace) entry() place {
	if t := p.plain(); t.Kind() == reflect.Map {
		return &planPlace{typ: t.Elem(), spec: p.spec}
	}
	return nil
}

func (p *planPlace) elem() place {
	if t := p.plain(); t.Kind() == reflect.Slice {
		return &planPlace{typ: t.Elem(), spec: p.spec}
	}
	return nil
}

func (p *planPlace) kinds() shape.Kinds {
	t := p.plain()
	if t.Implements(marshaler) { // a count or a port: a number or a text
		return shape.KindsOf(data.Int, data.String)
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return shape.KindsOf(data.Struct)
	case reflect.Slice:
		return shape.KindsOf(data.List)
	case reflect.String:
		return shape.KindsOf(data.String)
	case reflect.Bool:
		return shape.KindsOf(data.Bool)
	case reflect.Int, reflect.Int64, reflect.Int32:
		return shape.KindsOf(data.Int)
	}
	return shape.AnyKind
}

func (p *planPlace) admits(*data.Node) bool { return true }
func (p *planPlace) words() string          { return p.kinds().String() }
func (p *planPlace) constants() []string    { return nil }

// anything is a position without known constraints.
type anything struct{}

func (anything) field(string) place     { return anything{} }
func (anything) names() []string        { return nil }
func (anything) entry() place           { return anything{} }
func (anything) elem() place            { return anything{} }
func (anything) kinds() shape.Kinds     { return shape.AnyKind }
func (anything) admits(*data.Node) bool { return true }
func (anything) words() string          { return "anything" }
func (anything) constants() []string    { return nil }
