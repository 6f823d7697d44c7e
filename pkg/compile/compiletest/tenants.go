// Package compiletest gives tests the real tenants that they begin with.
package compiletest

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Registry registers providers.
func Registry(t testing.TB, providers ...provider.Provider) *provider.Registry {
	t.Helper()
	reg, err := provider.NewRegistry(providers...)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// Tenants returns what the authors of the tenants of a path wrote.
func Tenants(t testing.TB, reg *provider.Registry, path string) []*data.Node {
	t.Helper()
	var all []*data.Node
	err := compile.Each(t.Context(), reg, compile.Input{Paths: []string{path}}, func(u compile.Unit) error {
		for _, tenant := range u.Tenants {
			all = append(all, tenant.Data)
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d tenants: %v", len(all), err)
	}
	return all
}
