package importer_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/importer/formats"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

func Example() {
	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		log.Fatal(err)
	}
	result, err := importer.Import(context.Background(), importer.Options{
		Formats: formats.All(), Registry: registry, ID: "acme", Paths: []string{"-"},
		Stdin: strings.NewReader("services: {web: {image: nginx, restart: always, stop_grace_period: 30s, init: true}}"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(result.Spec))
	for _, e := range result.Account.Entries {
		fmt.Println(e.Path, "is", e.Verdict)
	}
	// Output:
	// id:       "acme"
	// provider: "compose"
	// workloads: web: {
	// 	containers: app: image: "nginx:latest"
	// 	extensions: compose: patch: containers: app: init: true
	// }
	// services.web.image is exact
	// services.web.restart is default
	// services.web.stop_grace_period is default
	// services.web.init is native
}
