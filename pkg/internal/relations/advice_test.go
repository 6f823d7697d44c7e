package relations_test

import (
	"fmt"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/relations"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestAdviceIsBounded: with thousands of mistakes and names, every mistake is found, but
// suggestions are searched only for the first few.
func TestAdviceIsBounded(t *testing.T) {
	for n, advised := range map[int]int{100: 100, 5000: 5} {
		app := plan.Container{Role: plan.Main, Ports: map[string]plan.Port{}, Env: map[string]plan.EnvValue{}}
		for i := range n {
			app.Ports[fmt.Sprint("p", i)] = plan.Port{Number: i + 1}
			app.Env[fmt.Sprint("E", i)] = plan.EnvValue{Endpoint: &plan.Endpoint{Workload: "w", Port: fmt.Sprint("q", i)}}
		}
		w := plan.Workload{Containers: map[string]plan.Container{"app": app}}
		found, helped := 0, 0
		for _, d := range relations.Check(&plan.Plan{Workloads: map[string]plan.Workload{"w": w}}, &data.Node{}) {
			if found++; d.Help != "" {
				helped++
			}
		}
		if found != n || helped != advised {
			t.Errorf("%d mistakes of %d are found, and %d have help, not %d", found, n, helped, advised)
		}
	}
}
