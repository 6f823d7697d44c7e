package fleet_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers/kubernetes"
)

// Two shards write the facts of their tenants, and what they claim is compared afterwards.
func Example() {
	reg, err := provider.NewRegistry(kubernetes.New())
	if err != nil {
		log.Fatal(err)
	}
	c, err := compile.New(reg, compile.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	var readers []*fleet.Reader
	for i, id := range []string{"acme", "globex"} {
		spec := `{"id": "` + id + `", "provider": "kubernetes", "labels": {"team": "web"}, "workloads": {"web": {
			"containers": {"app": {"image": "nginx:1.29", "ports": {"http": 80}, "resources": {"memory": "512Mi"}}},
			"ingress": [{"host": "shop.example.com", "port": "http"}]}}}`
		var facts fleet.Collector
		in := compile.Input{Paths: []string{"-"}, Stdin: bytes.NewReader([]byte(spec)), Facts: true}
		err := c.Each(context.Background(), in, func(u compile.Unit) error {
			return facts.Add(u.Tenants[0].Facts[0])
		})
		if err != nil {
			log.Fatal(err)
		}
		var file bytes.Buffer
		if err := facts.Write(&file, i+1, 2); err != nil {
			log.Fatal(err)
		}
		r, err := fleet.NewReader(id+".jsonl", &file)
		if err != nil {
			log.Fatal(err)
		}
		readers = append(readers, r)
	}
	v, err := fleet.Judge(context.Background(), fleet.Options{By: []string{"labels.team"}}, readers...)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range v.Diagnostics {
		fmt.Printf("tenant %s: %s [%s]\n", d.Tenant, d.Message, d.Code)
	}
	fmt.Println("memory of team web:", v.Shares.By["team"]["web"].MemoryMiB, "MiB")
	// Output:
	// tenant globex: host "shop.example.com" is already one of tenant "acme" [host-taken]
	// memory of team web: 1024 MiB
}
