package provider

import (
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Extensions decodes extensions: T is the type of a tenant's extension, E that of a workload's.
// It is safe for concurrent use.
type Extensions[T, E any] struct {
	Tenant   plan.Extensions[T]
	Workload plan.Extensions[E]

	// Secrets returns the locations of secrets in the tenant's extension; nil if it has no such
	// field.
	Secrets func(*T) map[string]plan.Secret
}

// DecodedTenant is a plan with its extensions decoded, for rules and rendering. T is the type
// of the tenant's extension, W the provider's own type of a workload.
type DecodedTenant[T, W any] struct {
	Plan *plan.Plan

	// Ext is the tenant's extension with its defaults.
	Ext *T

	// Secrets are the tenant's, with the locations of its extension.
	Secrets map[string]plan.Secret

	Workloads []W // in the order of their names
	names     []string
	dangling  diag.List // secrets of the extension that the tenant does not declare
}

// DecodedWorkload is a workload of a plan, with its name, its path and its extension. Providers
// embed it in their own type.
type DecodedWorkload[E any] struct {
	plan.Workload
	Name string
	Path diag.Path // workloads.NAME

	// Ext is the workload's extension with its defaults.
	Ext *E

	provider string
}

// Decode decodes a plan's extensions, and makes the provider's type of each workload. An error
// means that an extension is not as the provider's CUE requires.
func Decode[T, E, W any](x *Extensions[T, E], p *plan.Plan, of func(DecodedWorkload[E]) W) (*DecodedTenant[T, W], error) {
	t := &DecodedTenant[T, W]{Plan: p, Secrets: p.Secrets}
	var err error
	if t.Ext, err = x.Tenant.Decode(p.Extension); err != nil {
		return nil, fmt.Errorf("extensions.%s of tenant %s: %w", p.Provider, p.ID, err)
	}
	if x.Secrets != nil {
		t.Secrets, t.dangling = secretPlaces(p, x.Secrets(t.Ext))
	}
	t.Workloads = make([]W, 0, len(p.Workloads))
	t.names = make([]string, 0, len(p.Workloads))
	for name, w := range plan.Sorted(p.Workloads) {
		ext, err := x.Workload.Decode(w.Extension)
		if err != nil {
			return nil, fmt.Errorf("extensions.%s of workload %s of tenant %s: %w", p.Provider, name, p.ID, err)
		}
		t.Workloads = append(t.Workloads, of(DecodedWorkload[E]{w, name, workloadPath(name), ext, p.Provider}))
		t.names = append(t.names, name)
	}
	return t, nil
}

// Find returns the workload of that name.
func (t *DecodedTenant[T, W]) Find(name string) (w W, ok bool) {
	i, ok := slices.BinarySearch(t.names, name)
	if ok {
		w = t.Workloads[i]
	}
	return w, ok
}

// DanglingSecrets returns diagnostics for secrets of the extension that the tenant does not
// declare; a provider's diagnostics begin with them.
func (t *DecodedTenant[T, W]) DanglingSecrets() diag.List { return slices.Clone(t.dangling) }

// AtExtension returns the path of a field of the tenant's extension.
func (t *DecodedTenant[T, W]) AtExtension(elems ...any) diag.Path {
	return diag.At("extensions", t.Plan.Provider).To(elems...)
}

// At returns the path of a field of the workload.
func (w *DecodedWorkload[E]) At(elems ...any) diag.Path { return w.Path.To(elems...) }

// AtContainer returns the path of a container, or of a field of it.
func (w *DecodedWorkload[E]) AtContainer(name string, elems ...any) diag.Path {
	return w.Path.To("containers", name).To(elems...)
}

// AtExtension returns the path of a field of the workload's extension.
func (w *DecodedWorkload[E]) AtExtension(elems ...any) diag.Path {
	return w.Path.To("extensions", w.provider).To(elems...)
}
