package relations

import (
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// address is a public host with a path prefix.
type address struct{ host, path string }

func addressOf(in plan.Ingress) address { return address{in.Host, strings.TrimSuffix(in.Path, "/")} }

// uniqueAddresses: each public address leads to one port of one workload. Platforms accept a
// second entry, and the server selects one of the two (Kubernetes documentation, "Ingress";
// Traefik documentation, "Routers", Priority).
func uniqueAddresses(w *workload) {
	for i, in := range w.Ingress {
		here := w.at("ingress", i)
		first, taken := w.addresses[addressOf(in)]
		if !taken {
			if w.addresses == nil {
				w.addresses = map[address]diag.Path{}
			}
			w.addresses[addressOf(in)] = here
			continue
		}
		by := "this workload"
		if first[1] != w.name {
			by = fmt.Sprintf("workload %q", first[1])
		}
		d := w.diags.Errorf(diag.Duplicate, here, "%s already leads to %s", in.Host+in.Path, by)
		d.Help = "give one of them another host or path"
		w.relate(d, first, "taken here")
	}
}
