package compile

import (
	"iter"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// For returns the author's positions of the tenant for a provider: with its overrides merged
// over it.
func (t *Tenant) For(provider string) diag.Locator { return overridden(t.data, provider) }

// Paths returns the path of each value that the author wrote or generated for a provider,
// parents first.
func (t *Tenant) Paths(provider string) iter.Seq[diag.Path] {
	return func(yield func(diag.Path) bool) { overridden(t.data, provider).Walk(nil, yield) }
}

// overridden returns a tenant with a provider's overrides merged over it; each value keeps its
// position. The field overrides itself stays: those of other providers are checked when the
// tenant is compiled for them.
func overridden(tenant *data.Node, provider string) *data.Node {
	patch := tenant.Get("overrides", provider)
	if patch == nil || patch.Kind != data.Struct {
		return tenant
	}
	return merged(tenant, patch)
}

// merged implements RFC 7396: structs are merged field by field, null removes a field, and any
// other value replaces the old one.
func merged(n, patch *data.Node) *data.Node {
	m := *patch
	m.Fields = nil
	if n != nil && n.Kind == data.Struct {
		m = *n
		m.Fields = slices.Clone(n.Fields)
	}
	for _, f := range patch.Fields {
		i := slices.IndexFunc(m.Fields, func(g data.Field) bool { return g.Name == f.Name })
		var was *data.Node
		if i >= 0 {
			was = m.Fields[i].Value
		}
		switch {
		case f.Value.Kind == data.Null:
			if i >= 0 {
				m.Fields = slices.Delete(m.Fields, i, i+1)
			}
			continue
		case f.Value.Kind == data.Struct:
			f.Value = merged(was, f.Value)
			if was != nil && was.Kind == data.Struct {
				f.At = m.Fields[i].At
			}
		}
		if i >= 0 {
			m.Fields[i] = f
		} else {
			m.Fields = append(m.Fields, f)
		}
	}
	return &m
}

// fixedFields are the fields of a tenant that are the same on every platform.
var fixedFields = []string{"id", "overrides", "provider"}

// overrideKeys reports overrides for unregistered providers, and overrides of fields that
// cannot differ.
func (w *worker) overrideKeys(diags *diag.List, overrides *data.Node) {
	w.providerKeys(diags, overrides, "overrides")
	if overrides == nil {
		return
	}
	for _, provider := range overrides.Fields {
		for _, name := range fixedFields {
			if f := provider.Value.Field(name); f != nil {
				d := diags.Errorf(diag.UnknownField, diag.At("overrides", provider.Name, name), "overrides cannot set %s", name)
				d.Range = f.At.Range()
				d.Help = "it is the same on every platform: write it in the tenant itself"
			}
		}
		w.extensionsOf(diags, provider.Value, "overrides", provider.Name)
	}
}
