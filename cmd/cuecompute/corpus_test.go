//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"go.yaml.in/yaml/v4"
)

// corpus is a set of tenants, with the arguments for each program.
type corpus struct {
	dir      string   // of our files
	ours     []string // arguments
	stock    []string // arguments of cue
	stockDir string
}

var (
	ownID   = regexp.MustCompile(`(?m)^id: .*$`)
	ownHost = regexp.MustCompile(`(host: "?)(\*\.)?([a-z])`)
)

// tenant returns the i-th tenant in YAML, a copy of one of the real ones for Kubernetes.
func tenant(b *testing.B, i int) []byte {
	b.Helper()
	real, err := filepath.Glob("../../testdata/tenants/kubernetes/*.yaml")
	if err != nil || len(real) == 0 {
		b.Fatal("no tenants", err)
	}
	text, err := os.ReadFile(real[i%len(real)])
	if err != nil {
		b.Fatal(err)
	}
	text = ownHost.ReplaceAll(text, fmt.Appendf(nil, "${1}${2}t%d.${3}", i)) // a host belongs to one tenant
	return ownID.ReplaceAll(text, fmt.Appendf(nil, "id: t%d", i))
}

// files writes one file for each tenant.
func files(lang string) func(b *testing.B, n int) corpus {
	return func(b *testing.B, n int) corpus {
		b.Helper()
		c := corpus{dir: b.TempDir(), stockDir: "../..", stock: []string{"vet", "-c", "-d", "#Tenant", "./providers/kubernetes"}}
		for i := range n {
			text := tenant(b, i)
			if lang == "json" {
				text = asJSON(b, text)
			}
			name := filepath.Join(c.dir, fmt.Sprintf("t%d.%s", i, lang))
			save(b, name, text)
			c.ours, c.stock = append(c.ours, name), append(c.stock, name)
		}
		return c
	}
}

// packages writes one CUE package for each tenant: for us as it is, for cue unified with
// #Tenant, in a module that vendors the schema.
func packages(body func(tenant map[string]any) string) func(b *testing.B, n int) corpus {
	return func(b *testing.B, n int) corpus {
		b.Helper()
		c := corpus{dir: b.TempDir(), stockDir: b.TempDir(), stock: []string{"vet", "-c", "./..."}}
		c.ours = []string{c.dir + "/..."}
		const module = "module: \"example.com/tenants\"\nlanguage: version: \"v0.17.0\"\n"
		for _, dir := range []string{c.dir, c.stockDir} {
			save(b, filepath.Join(dir, "cue.mod", "module.cue"), []byte(module))
		}
		for _, pkg := range []string{"schema", "providers/kubernetes"} {
			sources, err := filepath.Glob("../../" + pkg + "/*.cue")
			if err != nil {
				b.Fatal(err)
			}
			for _, src := range sources {
				text, err := os.ReadFile(src)
				if err != nil {
					b.Fatal(err)
				}
				save(b, filepath.Join(c.stockDir, "cue.mod", "pkg", "github.com", "cuecompute", "cuecompute", pkg, filepath.Base(src)), text)
			}
		}
		for i := range n {
			var v map[string]any
			if err := yaml.Unmarshal(tenant(b, i), &v); err != nil {
				b.Fatal(err)
			}
			text, name := body(v), fmt.Sprintf("t%d", i)
			save(b, filepath.Join(c.dir, name, "tenant.cue"), fmt.Appendf(nil, "package %s\n\ntenants: %s: {%s}\n", name, name, text))
			save(b, filepath.Join(c.stockDir, name, "tenant.cue"), fmt.Appendf(nil,
				"package %s\n\nimport \"github.com/cuecompute/cuecompute/providers/kubernetes\"\n\ntenants: %s: kubernetes.#Tenant & {%s}\n", name, name, text))
		}
		return c
	}
}

// literal returns a tenant as plain data.
func literal(tenant map[string]any) string { return lines(tenant) }

// features returns a tenant with a comprehension for its workloads and an interpolation in a
// label.
func features(tenant map[string]any) string {
	workloads := tenant["workloads"]
	delete(tenant, "workloads")
	text := lines(tenant)
	return text + "\nlet home = \"ghcr.io\"\n_of: " + indented(workloads) +
		"\nworkloads: {for name, w in _of {(name): w}}\nlabels: registry: \"\\(home)\"\n"
}

// lines writes a struct's fields on separate lines.
func lines(v map[string]any) string {
	text := indented(v)
	return text[1 : len(text)-1]
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		panic(err) // values from YAML are JSON
	}
	return string(text)
}

// templated writes n packages of one tenant each, made by an imported template, for stock CUE
// to evaluate without a schema.
func templated(b *testing.B, n int) corpus {
	b.Helper()
	c := corpus{dir: b.TempDir(), stock: []string{"vet", "-c", "./..."}}
	c.stockDir, c.ours = c.dir, []string{c.dir + "/..."}
	save(b, filepath.Join(c.dir, "cue.mod", "module.cue"), []byte("module: \"example.com/tenants\"\nlanguage: version: \"v0.17.0\"\n"))
	save(b, filepath.Join(c.dir, "tpl", "tpl.cue"), []byte(serviceTemplate))
	for i := range n {
		name := fmt.Sprintf("t%d", i)
		save(b, filepath.Join(c.dir, name, "tenant.cue"), fmt.Appendf(nil,
			"package %s\n\nimport \"example.com/tenants/tpl\"\n\ntpl.#Service & {#name: %q, #image: \"ghcr.io/acme/web:1.%d\", #replicas: %d}\n", name, name, i, i%5+1))
	}
	return c
}

const serviceTemplate = `package tpl

#Service: {
	#name:     string
	#image:    string
	#replicas: int | *1
	#size:     *"small" | "large"
	_sizes: {
		small: {cpu: "100m", memory: "128Mi"}
		large: {cpu: "1", memory: "1Gi"}
	}
	id:       #name
	provider: "kubernetes"
	labels: {
		team: "platform"
		app:  "\(#name)-web"
	}
	workloads: web: {
		replicas: #replicas
		containers: {
			app: {
				image: #image
				ports: http: 8080
				for name, value in {LOG_LEVEL: "info", REGION: "eu"} {env: (name): value}
				resources: _sizes[#size]
				ready: http: {path: "/healthz", port: "http"}
			}
			if #replicas > 3 {
				proxy: {image: "ghcr.io/acme/proxy:2", role: "sidecar", resources: memory: "64Mi"}
			}
		}
	}
}
`

func asJSON(b *testing.B, text []byte) []byte {
	b.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		b.Fatal(err)
	}
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func save(b *testing.B, name string, text []byte) {
	b.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		b.Fatal(err)
	}
}
