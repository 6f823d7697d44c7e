package providertest

import (
	"strings"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/schema"
)

// coreShape is the spec's vocabulary, without what providers add.
var coreShape = sync.OnceValues(func() (*shape.Shape, error) {
	lib, err := library.New()
	if err != nil {
		return nil, err
	}
	return shape.Compile(lib, schema.ImportPath)
})

// vocabulary is what paths of a provider's diagnostics may say.
type vocabulary struct {
	tenant shape.Types
	whole  bool // the provider's extensions too
}

func vocabularyOf(info provider.Info) (vocabulary, error) {
	lib, err := library.New(info.Schema)
	if err != nil {
		return vocabulary{}, err
	}
	if own, err := shape.Compile(lib, info.Schema.ImportPath); err == nil {
		return vocabulary{own.Tenant, true}, nil
	}
	core, err := coreShape()
	if err != nil {
		return vocabulary{}, err
	}
	return vocabulary{core.Tenant, false}, nil
}

// has reports whether a path leads to something in a tenant spec. What a schema that
// cannot be compiled says of extensions is not known, and anything in them will do.
func (v vocabulary) has(path diag.Path) bool {
	types := v.tenant
	for i, elem := range path {
		if !v.whole && i > 0 && path[i-1] == "extensions" {
			return true
		}
		if types = step(types, elem); len(types) == 0 {
			return false
		}
		if anything(types) {
			return true
		}
	}
	return len(path) > 0
}

// hasConcept reports whether a workload may accept a concept: the schema's #Concept.
func (v vocabulary) hasConcept(c diag.Concept) bool {
	types := v.tenant
	for _, elem := range diag.At("workloads", "web", "accept", 0) {
		types = step(types, elem)
	}
	return types.Admits(textNode(string(c)))
}

// step returns the types of the field, entry or element of that name.
func step(types shape.Types, elem string) shape.Types {
	var named, entries shape.Types
	for _, t := range types {
		for _, alternative := range t.Union {
			named = append(named, step(alternative, elem)...)
		}
		if t.Struct != nil {
			n, e := within(t.Struct, elem)
			named, entries = append(named, n...), append(entries, e...)
		}
		if t.List != nil && strings.HasPrefix(elem, "[") {
			entries = append(entries, t.List.Rest...)
			for _, first := range t.List.First {
				entries = append(entries, first...)
			}
		}
	}
	if len(named) > 0 {
		return named
	}
	return entries
}

// within returns the types of a struct's field of that name, and of its entries.
func within(s *shape.Struct, name string) (named, entries shape.Types) {
	if f := s.Field(name); f != nil {
		named = append(named, f.Types...)
	}
	for _, p := range s.Patterns {
		if p.Key.Admits(textNode(name)) {
			entries = append(entries, p.Value...)
		}
	}
	for _, c := range s.Ifs {
		n, e := within(c.Then, name)
		named, entries = append(named, n...), append(entries, e...)
	}
	return named, entries
}

// anything reports whether the types say nothing of what is in them: {...}.
func anything(types shape.Types) bool {
	for _, t := range types {
		if s := t.Struct; s == nil || s.Closed || len(s.Fields)+len(s.Patterns)+len(s.Ifs) > 0 {
			return false
		}
	}
	return true
}

// written reports whether the names that a path gives to workloads, containers and the
// like are the tenant's. tree is the plan's JSON, whose maps by author's names are the
// spec's own.
func written(tree any, path diag.Path) bool {
	for i, elem := range path {
		m, ok := tree.(map[string]any)
		if !ok || elem == "extensions" {
			return true
		}
		next, ok := m[elem]
		if !ok {
			return provider.FieldOf(path[:i+1]) != provider.FieldOf(path[:i]) // a field, which may be left out
		}
		tree = next
	}
	return true
}

func textNode(text string) *data.Node { return &data.Node{Kind: data.String, Text: text} }
