package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// workspace writes a workspace of so many tenants: one half files of YAML, the other CUE packages
// that use one template.
func workspace(t testing.TB, tenants int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(folder, name)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"cue.mod/module.cue", "templates/web.cue"} {
		text, err := os.ReadFile(filepath.Join("testdata/workspace", name))
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(text))
	}
	for i := range tenants / 2 {
		write(fmt.Sprintf("data/d%d.yaml", i), dataTenant(i, 1))
		write(fmt.Sprintf("cue/c%d/c.cue", i), cueTenant(i, 1))
	}
	old := time.Now().Add(-time.Hour) // as most files are
	_ = filepath.WalkDir(folder, func(path string, _ os.DirEntry, _ error) error { return os.Chtimes(path, old, old) })
	return folder
}

func dataTenant(i, edit int) string {
	return fmt.Sprintf(`id: d%d
provider: kubernetes
labels: {team: t%d}
secrets: {db: {path: d-db, key: password}}
workloads:
  web:
    replicas: 3
    containers:
      app:
        image: ghcr.io/acme/web:1.%d
        ports: {http: 8080}
        env: {LOG_LEVEL: info, DB: {secret: db}}
        resources: {cpu: 250m, memory: 512Mi}
        ready: {http: {path: /healthz, port: http}}
    ingress: [{host: d%d.example.com, port: http}]
  api:
    containers:
      app: {image: "ghcr.io/acme/api:2.0.0", ports: {http: 9000}}
`, i, edit%7, edit, i)
}

func cueTenant(i, edit int) string {
	return fmt.Sprintf(`package c

import "example.com/workspace/templates"

templates.#Web & {
	id:     "c%d"
	#image: "ghcr.io/acme/web:1.%d"
	secrets: db: {path: "db", key: "password"}
	workloads: web: containers: app: env: DB: secret: "db"
}
`, i, edit)
}

// BenchmarkEdit has a tenant edited in a workspace of 1,000, and reports how long it takes from
// an edit to its diagnostics.
func BenchmarkEdit(b *testing.B) {
	c := connect(b, workspace(b, 1000), Options{})
	c.settled()
	for name, text := range map[string]func(i, edit int) string{"data/d7.yaml": dataTenant, "cue/c7/c.cue": cueTenant} {
		b.Run(strings.Trim(filepath.Ext(name), "."), func(b *testing.B) {
			c.open(name, text(7, 1))
			c.settled()
			var took []time.Duration
			for i := range b.N {
				begun := time.Now()
				c.change(name, text(7, i))
				c.reported(name)
				took = append(took, time.Since(begun))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			c.close(name)
		})
	}
}

// reported waits for the diagnostics of a document as it is now.
func (c *client) reported(name string) {
	c.t.Helper()
	path := c.path(name)
	c.wait("diagnostics", func() bool {
		p := c.published[uriOf(path)]
		return p.Version != nil && *p.Version == c.versions[path]
	})
}
