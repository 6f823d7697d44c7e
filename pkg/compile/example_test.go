package compile_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// A control plane compiles its customers' specs, shows them the mistakes, and passes the plans
// to their providers.
func Example() {
	dir, err := os.MkdirTemp("", "tenants")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, spec := range map[string]string{
		"acme.yaml":   `{id: acme, provider: kubernetes, workloads: {web: {containers: {app: {image: "nginx:1.29"}}}}}`,
		"globex.yaml": `{id: globex, provider: nomad, workloads: {web: {containers: {app: {imge: "nginx:1.29"}}}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(spec), 0o600); err != nil {
			log.Fatal(err)
		}
	}

	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	plans, diags, err := compile.Compile(ctx, registry, compile.Options{}, compile.Input{Paths: []string{dir}})
	if err != nil {
		log.Fatal(err) // the tool or the machine failed; mistakes in specs are diagnostics
	}
	for _, d := range diags {
		fmt.Printf("%s:%d:%d: %s: %s (%s)\n", filepath.Base(d.File), d.Line, d.Column, d.Severity, d.Message, d.Help)
	}
	for _, p := range plans {
		target, err := registry.Get(p.Provider)
		if err != nil {
			log.Fatal(err)
		}
		result, err := target.Provision(ctx, p)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Tenant, result.Operation, result.Outcome, result.Changes[0].Path, result.Changes[0].Effect)

		status, err := target.GetStatus(ctx, p.ID)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(status.Tenant, status.State, status.Revision, status.Workloads)

		if _, err := target.Destroy(ctx, p.ID); err != nil {
			log.Fatal(err)
		}
		_, err = target.GetStatus(ctx, p.ID)
		fmt.Println(err)
	}

	// Output:
	// globex.yaml:1:68: error: unknown field "imge" (did you mean "image"?)
	// acme provision recorded workloads.web create
	// acme recorded 1 [web]
	// acme: tenant not found
}

// A server checks the body of a request: standard input is any reader. Each passes on each
// verdict as soon as it is known, and keeps nothing.
func ExampleEach() {
	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		log.Fatal(err)
	}
	body := strings.NewReader(`{"id": "acme", "provider": "kubernetes",
		"workloads": {"report": {"kind": "cron", "schedule": "0 3 * * *", "concurrency": "replace",
			"containers": {"app": {"image": "ghcr.io/acme/report:7"}}}}}`)
	in := compile.Input{Paths: []string{"-"}, Stdin: body, Lang: "json", Providers: []string{"kubernetes", "nomad"}}
	err = compile.Each(context.Background(), registry, compile.Options{}, in, func(u compile.Unit) error {
		for _, t := range u.Tenants {
			for _, p := range t.Plans {
				fmt.Println("plan:", p.ID, "on", p.Provider)
			}
		}
		for _, d := range u.Diagnostics {
			if d.Severity == diag.Error {
				fmt.Printf("%s: %s\n", d.Path, d.Message)
			}
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}

	// Output:
	// plan: acme on kubernetes
	// workloads.report.concurrency: nomad does not stop a run for the next one
}

// Specs need not be files: a file system in memory contains them and their imports.
func ExampleCompile_memory() {
	specs := fstest.MapFS{
		"cue.mod/module.cue": {Data: []byte(`module: "example.com/specs", language: version: "v0.17.0"`)},
		"images/images.cue":  {Data: []byte("package images\nweb: \"nginx:1.29\"\n")},
		"tenants/acme.cue": {Data: []byte(`
			import "example.com/specs/images"
			id:       "acme"
			provider: "kubernetes"
			workloads: web: containers: app: image: images.web`)},
		"tenants/globex.yaml": {Data: []byte("{id: globex, provider: nomad, workloads: {web: {replicas: two}}}")},
	}
	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		log.Fatal(err)
	}
	plans, diags, err := compile.Compile(context.Background(), registry, compile.Options{
		Evaluation: compile.Evaluation{Unbounded: true}, // trusted specs: a child process cannot read them
	}, compile.Input{FS: specs, Paths: []string{"tenants/..."}})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range plans {
		fmt.Println(p.ID, p.Workloads["web"].Containers["app"].Image)
	}
	for _, d := range diags {
		fmt.Printf("%s:%d: %s\n", d.File, d.Line, d.Message)
	}
	// Output:
	// acme nginx:1.29
	// tenants/globex.yaml:1: field "containers" is required
	// tenants/globex.yaml:1: replicas is a string, not an int of at least 0
}

// A compiler serves any number of requests. Render adds native resources.
func ExampleCompiler() {
	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		log.Fatal(err)
	}
	compiler, err := compile.New(registry, compile.Options{})
	if err != nil {
		log.Fatal(err)
	}
	body := []byte(`{"id": "acme", "provider": "kubernetes", "workloads": {"web": {"containers": {"app": {"image": "nginx:1.29"}}}}}`)
	in := compile.Input{Paths: []string{"-"}, Stdin: bytes.NewReader(body), Lang: "json", Render: true}
	err = compiler.Each(context.Background(), in, func(u compile.Unit) error {
		for _, t := range u.Tenants {
			for _, f := range t.Files[0] {
				fmt.Println(f.Name)
			}
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// acme-web.deployment.yaml
}
