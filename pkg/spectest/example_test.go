package spectest_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/spectest"
	"github.com/cuecompute/cuecompute/providers"
)

const table = `tests:
  three copies run:
    spec: {id: acme, provider: kubernetes, workloads: {web: {replicas: 2, containers: {app: {image: "nginx:1.29"}}}}}
    want: {clean: true, plan: {workloads: {web: {replicas: 3}}}}
`

func Example() {
	dir, err := os.MkdirTemp("", "spectest-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "web_test.yaml"), []byte(table), 0o600); err != nil {
		log.Fatal(err)
	}
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		log.Fatal(err)
	}
	report, err := spectest.Run(context.Background(), reg, spectest.Options{Paths: []string{dir}, Root: dir})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Results {
		for _, f := range t.Failures {
			fmt.Printf("%s: %s: %s\n", t.Name, f.What, f.Text)
		}
	}
	// Output:
	// three copies run: plan: workloads.web.replicas:
	//   - 3
	//   + 2
}
