package relations

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// dependencyCycles: containers that wait for each other never start. Each cycle is
// reported once, whole, at the dependency that closes it.
func dependencyCycles(w *workload) {
	done := map[string]bool{}
	for name, c := range plan.Sorted(w.Containers) {
		if len(c.DependsOn) > 0 {
			w.follow(name, nil, done)
		}
	}
}

// follow goes from a container to what it waits for; trail is how it came there.
func (w *workload) follow(name string, trail []string, done map[string]bool) {
	if i := slices.Index(trail, name); i >= 0 {
		cycle := append(slices.Clone(trail[i:]), name)
		at := w.at("containers", trail[len(trail)-1], "dependsOn", name)
		d := w.diags.Errorf(diag.DependencyCycle, at, "containers wait for each other: %s", strings.Join(shortened(cycle), " → "))
		d.Help = "remove one of these dependencies"
		w.seeWaits(d, trail[i:])
		return
	}
	if done[name] {
		return
	}
	trail = append(trail, name)
	for on := range plan.Sorted(w.Containers[name].DependsOn) {
		if _, ok := w.Containers[on]; ok {
			w.follow(on, trail, done)
		}
	}
	done[name] = true
}

// mostSteps is how many steps of a chain, and how many of a list of names, a message shows.
const mostSteps = 20

// shortened leaves out the middle of a long chain.
func shortened(chain []string) []string {
	if len(chain) <= mostSteps {
		return chain
	}
	return slices.Concat(chain[:mostSteps/2], []string{"…"}, chain[len(chain)-mostSteps/2:])
}

// seeWaits points at where each container of a chain waits for the next.
func (w *workload) seeWaits(d *diag.Diagnostic, chain []string) {
	for i, on := range chain[1:min(len(chain), mostSteps)] {
		w.relate(d, w.at("containers", chain[i], "dependsOn", on), chain[i]+" waits for "+on)
	}
}
