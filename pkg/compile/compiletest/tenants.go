// Package compiletest gives tests real tenants, and compiles what the tests derive from them.
package compiletest

import (
	"bytes"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
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

// Tenants returns the authors' data of the tenants of a path.
func Tenants(t testing.TB, reg *provider.Registry, path string) []*data.Node {
	t.Helper()
	var all []*data.Node
	err := compile.Each(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{Paths: []string{path}}, func(u compile.Unit) error {
		for _, tenant := range u.Tenants {
			all = append(all, tenant.For("").(*data.Node))
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d tenants: %v", len(all), err)
	}
	return all
}

// Judge compiles a tenant in JSON for one provider, and returns it with its plan and files, nil
// if it is refused.
func Judge(t testing.TB, c *compile.Compiler, provider string, text []byte) *compile.Tenant {
	t.Helper()
	in := compile.Input{Paths: []string{"-"}, Stdin: bytes.NewReader(text), Lang: "json", Providers: []string{provider}, Render: true}
	var passed *compile.Tenant
	err := c.Each(t.Context(), in, func(u compile.Unit) error {
		if !u.Diagnostics.HasErrors() {
			passed = &u.Tenants[0]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return passed
}
